"""Facts, codes and rules in words, for explanations and comparisons."""

import json
from typing import Any, cast

from gatescan.core.law import fact_names as fn
from gatescan.core.law import facts_json, names, strict_json
from gatescan.core.law.facts import F_POLICY, NULLABLE, defaults
from gatescan.core.law.policy import Policy
from gatescan_host.rules import codes, days

UNKNOWN = "unknown"
DEFAULT = "default"
_PLAIN: dict[str, dict[bool | None, str]] = {
    "en": {None: "none", True: "yes", False: "no"},
    "da": {None: "ingen", True: "ja", False: "nej"},
}


def display(kind: str, code: str, lang: str) -> str:
    """The display text of a code on one line; raises KeyError.

    A display line with a capital begins a new sentence, any other goes on with the one before.
    """
    first, *rest = codes.display(kind, code, lang)
    text = first + "".join(("; " if line[0].isupper() else " ") + line for line in rest)
    return text.rstrip(":")


def vector_of(given: dict[str, Any], policy: Policy | None = None) -> list:
    """The facts vector of facts as JSON has them; raises FactError.

    Those that `policy` does not read are refused; without one, none are.
    """
    parsed = strict_json.loads(json.dumps(given))
    assert isinstance(parsed, strict_json.JsonObject)
    return facts_json.read(parsed, policy or cast(Policy, _Everything()))


def vector_of_case(case: dict[str, Any], policy: Policy | None = None) -> list:
    """The facts vector of a case: `facts`, and None for those listed as `unknown`."""
    vector = vector_of(case["facts"], policy)
    for name in case.get("unknown", ()):
        vector[fn.index_of(name)] = None
    return vector


class _Everything:
    """Stands where a policy says which facts it reads: all of them."""

    def covers_channel(self, channel: int) -> bool:
        return True

    def uses_fact(self, fact: int) -> bool:
        return True


def value(fact: int, given: object) -> Any:
    """The value of a fact as JSON has it; "unknown" and "default" where None means that."""
    _, kind, table = fn.FACTS[fact]
    if given is None:
        if fact in NULLABLE:
            return None
        return DEFAULT if fact >= F_POLICY else UNKNOWN
    if kind == fn.CODE and isinstance(given, int):
        return (table or ())[given]
    if kind == fn.CATEGORY_LIST and isinstance(given, bytes):
        return [code for number, code in enumerate(names.CATEGORIES)
                if given[number >> 3] >> (number & 7) & 1]
    if kind == fn.DATE and isinstance(given, int):
        return days.text(given)
    return given


def facts(listed: dict[int, object]) -> dict[str, Any]:
    """The names of facts and their values as JSON has them."""
    return {fn.FACTS[fact][0]: value(fact, given) for fact, given in listed.items()}


def different(vector: list) -> dict[int, object]:
    """The facts that do not have their defaults, by number."""
    return {fact: given for fact, (given, plain) in enumerate(
        zip(vector, defaults(), strict=True)) if given != plain}


def line(listed: dict[str, Any], lang: str = "en") -> str:
    """Facts on one line for people: `qty = 2, ground = none`."""
    return ", ".join(f"{name} = {_short(given, lang)}" for name, given in listed.items())


def any_of(listed: dict[str, list], lang: str = "en") -> str:
    """Facts with several values on one line: `qty = 2 or 3`."""
    return ", ".join(f"{name} = " + " or ".join(_short(one, lang) for one in given)
                     for name, given in listed.items())


def _short(given: object, lang: str) -> str:
    if given is None or isinstance(given, bool):
        return _PLAIN[lang][given]
    if isinstance(given, list):
        return "[" + ", ".join(given) + "]"
    return str(given)
