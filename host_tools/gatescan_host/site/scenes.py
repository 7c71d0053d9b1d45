"""Facts in which one fact could matter: what its rules read, changed one at a time."""

from collections.abc import Iterator

from gatescan.core.law import fact_names, facts
from gatescan_host.site.law import SiteLaw, Value

_PLACES = (facts.F_INSTITUTION, facts.F_CHANNEL, facts.F_CATEGORY)


def scenes(law: SiteLaw, fact: int, value: Value, category: int | None = None) -> Iterator[list]:
    """Vectors for every rule that reads `fact` at this institution, or on one category only.

    `value`: the value of `fact` in question; numbers are tried just below, at and above it.
    """
    for rule in law.readers(fact):
        if law.institution not in rule.fits[0]:
            continue
        wanted = rule.fits[2] if category is None else rule.fits[2] & {category}
        read = sorted(law.reads(rule.tests))
        for channel in sorted(rule.fits[1]):
            for number in sorted(wanted):
                base = law.vector(number, channel)
                yield base
                for other in read:
                    for changed in _values(other, value):
                        scene = list(base)
                        scene[other] = changed
                        yield scene


def _values(fact: int, value: Value) -> list:
    kind, table = fact_names.FACTS[fact][1:]
    if fact in _PLACES or fact >= facts.F_POLICY:
        return []
    if kind == fact_names.BOOL:
        return [False, True]
    if kind == fact_names.CODE:
        return list(range(len(table or ())))
    edge = value if type(value) is int else 0
    return [max(edge - 1, 0), edge, edge + 1] if kind == fact_names.INT else []
