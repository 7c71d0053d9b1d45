"""Policy switches of a site against its order: nothing loosened, nothing said in vain."""

from collections.abc import Iterator
from functools import cache

from gatescan.core.law import fact_names, facts, names
from gatescan.core.law.policy import Outcome
from gatescan_host.site.law import SiteLaw, Value, categories, cited, stored
from gatescan_host.site.scenes import scenes


def switch_problems(
    order_id: str, institution: str, given: dict[int, Value]
) -> tuple[tuple[str, str], ...]:
    """(name of the switch, sentence) for each value that the order does not let a site set.

    A switch that stands under `switches` of the order is one that an institution may set, also
    where that makes a verdict milder. Any other may only make verdicts stricter. A switch that
    no provision gives a meaning at this institution, and a number that is no limit because the
    order's own is lower, is refused as well: the site would believe in a rule that does not hold.
    Raises OrderError.
    """
    return _problems(order_id, institution, tuple(sorted(given.items())))


@cache
def _problems(
    order_id: str, institution: str, given: tuple[tuple[int, Value], ...]
) -> tuple[tuple[str, str], ...]:
    found = []
    for number, value in given:
        others = {n: v for n, v in given if n != number}
        mistake = _mistake(SiteLaw(order_id, institution, others), number, value)
        if mistake:
            found.append((fact_names.FACTS[number][0].removeprefix("policy."), mistake))
    return tuple(found)


def _mistake(law: SiteLaw, number: int, value: Value) -> str | None:
    """What is wrong with one switch under a law that does not have it yet."""
    name = fact_names.FACTS[number][0].removeprefix("policy.")
    place = names.INSTITUTIONS[law.institution]
    order = law.book.file.order
    default = order.switch_overrides.get(place, {}).get(name, order.switches.get(name))
    if value == (categories(default) if isinstance(default, list) else default):
        return None
    readers = law.readers(number)
    here = [rule for rule in readers if law.institution in rule.fits[0]]
    source = cited(rule.citation for rule in readers) or f"order {order.order_id}"
    if not here:
        return f"'{name}' has no meaning in {place} ({source}): remove the line."
    if type(value) is int and not _bites(law, number, value):
        return (
            f"'{name}' {value} is not lower than the order's own limit in {place} ({source}):"
            f" write {_largest(law, number, value)} or less, or remove the line."
        )
    if name not in order.switches:
        milder = next(_milder(law, number, value), None)
        if milder is not None:
            return (
                f"'{name}' is not for a site to set: without it {cited(milder.citations[:1])}"
                " asks for more; remove the line."
            )
    return None


def _bites(law: SiteLaw, number: int, value: int) -> bool:
    """Whether a number changes any answer, whichever yes-or-no switches the site sets beside."""
    for scene in scenes(law, number, value):
        for rest in (False, True):
            if rest:
                for switch in range(facts.F_POLICY, facts.FACTS):
                    if fact_names.FACTS[switch][1] == fact_names.BOOL:
                        scene[switch] = True
            if law.ask(scene, {}) != law.ask(scene, {number: value}):
                return True
    return False


def _largest(law: SiteLaw, number: int, value: int) -> int:
    """The largest number below `value` that is a limit; 0 when there is none."""
    low, high = 0, value
    while high - low > 1:
        middle = (low + high) // 2
        if _bites(law, number, middle):
            low = middle
        else:
            high = middle
    return low


def _milder(law: SiteLaw, number: int, value: Value) -> Iterator[Outcome]:
    """The answers without the switch that the switch would make milder."""
    for scene in scenes(law, number, value):
        without = law.ask(scene, {})
        if law.ask(scene, {number: stored(value)}).verdict < without.verdict:
            yield without
