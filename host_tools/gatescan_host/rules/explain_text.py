"""An explanation as text for people, in Danish or English."""

from collections.abc import Iterator
from typing import Any

from gatescan_host.rules import wording

_WORDS = {
    "en": {
        "why": "Why", "because": "because", "no_rule": "No provision speaks of this; a person "
        "looks.", "exceptions": "What would have lifted it", "lifts": "lifts",
        "granted_by": "by permission", "where": "for example where", "then": "then",
        "unknown": "Not known",
        "item": "To do for the item", "session": "To do once for the handing-over", "not": "not",
        "wins": "gives the verdict", "joins": "adds to it", "spare": "not needed",
        "outranked": "outranked", "guess": "does not count: it would only permit",
        "first": "gives verdict and citation", "cited": "gives the citation",
        "doubt": "in doubt", "duties": "Duties that the verdict raises",
    },
    "da": {
        "why": "Hvorfor", "because": "fordi", "no_rule": "Ingen bestemmelse taler om dette; en "
        "person ser på det.", "exceptions": "Hvad der kunne have ophævet det", "lifts": "ophæver",
        "granted_by": "ved tilladelse", "where": "for eksempel hvor", "then": "derefter",
        "unknown": "Ikke kendt", "item": "Skal gøres med genstanden",
        "session": "Skal gøres én gang ved modtagelsen", "not": "ikke",
        "wins": "giver afgørelsen", "joins": "føjer til", "spare": "ikke nødvendig",
        "outranked": "viger", "guess": "tæller ikke: ville kun tillade",
        "first": "giver afgørelse og henvisning", "cited": "giver henvisningen",
        "doubt": "i tvivl", "duties": "Pligter som afgørelsen udløser",
    },
}


def text_of(told: dict[str, Any], lang: str) -> str:
    """The explanation `told` (Explainer.explain) as lines in `lang` (da or en)."""
    return "\n".join(_lines(told, lang, _WORDS[lang]))


def _lines(told: dict[str, Any], lang: str, words: dict[str, str]) -> Iterator[str]:
    yield told["text"] + (f" ({told['authority_text']})" if told["authority_text"] else "")
    yield ", ".join(told["cit"])
    yield ""
    yield f"{words['why']} ({told['order']})"
    if told["silent"]:
        yield f"  {words['no_rule']}"
    for rule in told["rules"]:
        if rule["verdict"]:
            yield from _rule(rule, lang, words)
    if told["unknown"]:
        yield from ("", f"{words['unknown']}: {', '.join(told['unknown'])}")
    if told["exceptions"]:
        yield from ("", words["exceptions"])
    for exception in told["exceptions"]:
        yield from _exception(exception, told["rules"], lang, words)
    for level in ("item", "session"):
        duties = [duty for duty in told["duties"] if duty["level"] == level]
        if duties:
            yield from ("", words[level])
        for duty in duties:
            yield f"  {duty['text']}: {', '.join(duty['cit'])} [{duty['code']}]"
    raising = [rule for rule in told["rules"] if not rule["verdict"]]
    if raising:
        yield from ("", words["duties"])
    for rule in raising:
        yield f"  {rule['citation']}: {rule['gloss']}"
        yield f"    {words['because']} {_because(rule['because'], lang, words)}"


def _rule(rule: dict[str, Any], lang: str, words: dict[str, str]) -> Iterator[str]:
    effect = words[rule["effect"]]
    if rule["first"]:
        effect = words["first" if rule["effect"] == "wins" else "cited"]
    doubt = f", {words['doubt']}: {', '.join(rule['unknown'])}" if rule["doubtful"] else ""
    yield f"  {rule['citation']}: {rule['gloss']}"
    yield f"    {rule['text']} - {effect}{doubt}"
    if rule["because"]:
        yield f"    {words['because']} {_because(rule['because'], lang, words)}"


def _because(listed: list[dict[str, Any]], lang: str, words: dict[str, str]) -> str:
    parts = []
    for one in listed:
        facts = wording.line(one.get("facts", {}), lang)
        if "term" in one:
            name = one["term"] if one["holds"] else f"{words['not']} {one['term']}"
            facts = f"{name} ({facts})" if facts else name
        for asked in ("verdict", "mark"):
            if asked in one:
                sign = "=" if one["holds"] else f"= {words['not']}"
                facts = f"{asked} {sign} {'/'.join(one[asked])}"
        parts.append(facts)
    return ", ".join(parts)


def _exception(exception: dict[str, Any], rules: list[dict[str, Any]], lang: str,
               words: dict[str, str]) -> Iterator[str]:
    yield f"  {exception['citation']}: {exception['gloss']}"
    if exception["granted_by_text"]:
        yield f"    {words['granted_by']}: {exception['granted_by_text']}"
    yield f"    {words['where']} {wording.line(exception['facts'], lang)}"
    lifted = dict.fromkeys(rule["citation"] for rule in rules
                           if rule["rule"] in exception["lifts"])
    yield f"    {words['lifts']} {'; '.join(lifted)}; {words['then']}: {exception['then_text']}"
