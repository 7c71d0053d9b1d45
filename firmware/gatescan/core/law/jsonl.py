"""One line of `rules eval`: JSON text in, JSON text out, byte for byte alike on both engines."""

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.law import citation, facts_json, names, strict_json

if TYPE_CHECKING:
    from gatescan.core.law.policy import Outcome, Policy

MAX_LINE = const(65536)  # characters


def evaluate_line(policy: "Policy", line: str) -> "tuple[str, bool]":
    """Answer one line `{"id": ..., "facts": {...}}`; other keys are left alone.

    Returns the output line without its end, and whether the facts could be evaluated. Whatever
    the line is, the answer is one line; one that cannot be evaluated says manual inspection.
    """
    name = "null"
    try:
        if len(line) > MAX_LINE:
            raise facts_json.FactError("The line is longer than %d characters." % MAX_LINE)
        try:
            request = strict_json.loads(line)
        except strict_json.JsonError as wrong:
            raise facts_json.FactError("The line is not JSON: %s." % wrong)
        if not isinstance(request, strict_json.JsonObject):
            raise facts_json.FactError('The line must be an object {"id": ..., "facts": {...}}.')
        name = _name(request.get("id"))
        given = request.get("facts")
        if not isinstance(given, strict_json.JsonObject):
            raise facts_json.FactError("The line has no facts; give them as an object.")
        vector = facts_json.read(given, policy)
    except facts_json.FactError as wrong:
        return _unanswered(policy, name, str(wrong)), False
    return _answered(name, policy.evaluate(vector)), True


def _name(given: object) -> str:
    """The id as JSON; raises FactError unless it is a text, a whole number or null."""
    if given is None:
        return "null"
    if isinstance(given, str):
        return strict_json.quote(given)
    if isinstance(given, int) and not isinstance(given, bool):
        return str(given)
    raise facts_json.FactError("The id must be a text or a whole number of up to 18 digits.")


def _texts(texts: "list[str]") -> str:
    return "[" + ", ".join([strict_json.quote(text) for text in texts]) + "]"


def _answered(name: str, outcome: "Outcome") -> str:
    authority = outcome.authority
    return '{"id": %s, "verdict": %s, "authority": %s, "obligations": %s, "cit": %s, ' \
        '"session": %s}' % (
            name,
            strict_json.quote(names.VERDICTS[outcome.verdict]),
            strict_json.quote(names.AUTHORITIES[authority]) if authority >= 0 else "null",
            _texts([names.OBLIGATIONS[code] for code in outcome.obligations]),
            _texts([citation.format(packed) for packed in outcome.citations]),
            _texts([names.OBLIGATIONS[code] for code in outcome.session]),
        )


def _unanswered(policy: "Policy", name: str, sentence: str) -> str:
    return '{"id": %s, "verdict": "manual_inspection", "authority": null, "obligations": [], ' \
        '"cit": %s, "session": [], "error": %s}' % (
            name, _texts([citation.format(packed) for packed in policy.unsure.citations]),
            strict_json.quote(sentence))
