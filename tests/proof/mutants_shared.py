"""Ways to break what rules share, as it is written: terms, named sets, switches and doubts."""

from collections.abc import Iterator
from typing import Any

from gatescan.core.law import fact_names as fn
from gatescan_host.rules.orders import Order

Written = tuple[str, str, str, Order]  # kind, what was changed, how, the order with the change
Way = dict[str, Any]
FLIPPED = {" > ": " >= ", " >= ": " > ", " < ": " <= ", " <= ": " < "}


def written(order: Order) -> Iterator[Written]:
    """Every order with one change in what its rules share; some cannot be built."""
    for term, ways in order.terms.items():
        for kind, change, changed in _ways(ways):
            yield kind, f"term {term}", change, _with(order, "terms", {
                **order.terms, term: changed})
    for fact, sets in order.sets.items():
        for name, codes in sets.items():
            for kind, change, listed in _listed(fact, codes, order):
                yield kind, f"set {name}", change, _with(order, "sets", {
                    **order.sets, fact: {**sets, name: listed}})
    yield from _switches(order)
    yield from _doubts(order)


def _with(order: Order, field: str, value: object) -> Order:
    return order.model_copy(update={field: value})


def _ways(ways: list[Way]) -> Iterator[tuple[str, str, list[Way]]]:
    for number, way in enumerate(ways):
        before, after = ways[:number], ways[number + 1:]
        if before or after:
            yield "way dropped", f"way {number + 1}", [*before, *after]
        for key, value in way.items():
            rest = {other: given for other, given in way.items() if other != key}
            where = f"{key} of way {number + 1}"
            yield "test dropped", where, [*before, rest, *after]
            if key == "compare":
                for text in value:
                    sign = next(one for one in FLIPPED if one in text)
                    yield "comparison", f"{text} of way {number + 1}", [
                        *before, {**rest, key: [text.replace(sign, FLIPPED[sign])]}, *after]
                continue
            yield "test negated", where, [*before, {**rest, key: _negated(value)}, *after]


def _negated(value: object) -> object:
    if isinstance(value, bool):
        return not value
    if isinstance(value, dict):
        return value["not"]
    return {"not": value}


def _listed(fact: str, codes: list[str], order: Order) -> Iterator[tuple[str, str, list[str]]]:
    """The set with each of its entries left out, and with the first code that it has not."""
    inside: set[str] = set()
    names = [*codes]
    while names:
        name = names.pop()
        names += order.sets[fact].get(name, [])
        inside.add(name)
    for code in codes:
        yield "code removed", code, [other for other in codes if other != code]
    rest = [code for code in fn.FACTS[fn.index_of(fact)][2] or () if code not in inside]
    if rest:
        yield "code added", rest[0], [*codes, rest[0]]


def _switches(order: Order) -> Iterator[Written]:
    for name, value in order.switches.items():
        yield "switch", f"switch {name}", "flipped", _with(order, "switches", {
            **order.switches, name: _flipped(value)})
    for house, given in order.switch_overrides.items():
        for name in given:
            left = {other: value for other, value in given.items() if other != name}
            yield "switch", f"switch {name} of {house}", "dropped", _with(
                order, "switch_overrides", {**order.switch_overrides, house: left})


def _flipped(value: object) -> object:
    """Another default: the other answer, an empty list or everything, a limit of nothing."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, list):
        return [] if value else list(fn.FACTS[fn.index_of("category")][2] or ())
    return 0


def _doubts(order: Order) -> Iterator[Written]:
    for number, doubt in enumerate(order.doubts):
        others = order.doubts[:number], order.doubts[number + 1:]
        what = f"doubt {number + 1}"
        if number and doubt.verdict != order.doubts[0].verdict:
            weak = doubt.model_copy(update={"verdict": "manual_inspection", "authority": None})
            yield "doubt", what, "manual_inspection", _with(
                order, "doubts", [*others[0], weak, *others[1]])
        if doubt.citation is not None:
            moved = doubt.model_copy(update={
                "citation": "§ 23, stk. 1" if not number else order.doubts[0].citation})
            yield "doubt", what, "cites another provision", _with(
                order, "doubts", [*others[0], moved, *others[1]])
        for fact in doubt.facts:
            less = doubt.model_copy(update={"facts": [one for one in doubt.facts if one != fact]})
            yield "doubt", what, f"{fact} moved to doubt 1", _with(
                order, "doubts", [*others[0], less, *others[1]])
