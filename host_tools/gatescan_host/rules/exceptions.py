"""Which exception would have lifted what bites, and who may grant it: found by trying it out."""

from dataclasses import dataclass

from gatescan.core.codes import V_MANUAL_INSPECTION
from gatescan.core.law import fact_names as fn
from gatescan.core.law import names
from gatescan.core.law.facts import F_PERMISSION_BY, F_PERMISSION_STATUS
from gatescan_host.rules.rulebook import FlatRule
from gatescan_host.rules.satisfy import changes, satisfy
from gatescan_host.rules.trace import GUESS, RAISES, Trace, Tracer

GROUP = "exception"  # the group of precedence in which an order keeps permissions and exceptions
_AUTHORITY_OF = {"head_or_delegate": "head_of_institution"}


@dataclass(frozen=True)
class LiftedBy:
    """An exception that does not hold now, what it would need, and what would follow."""

    rule: FlatRule
    changes: dict[int, object]  # facts by number
    granted_by: str | None  # the authority, where it is a permission
    lifts: tuple[FlatRule, ...]
    then: Trace


def exceptions(tracer: Tracer, vector: list, trace: Trace) -> list[LiftedBy]:
    """The exceptions that would lift a rule of `trace` that hands nothing out.

    Each is tried: the facts nearest to `vector` under which it bites are evaluated. It lifts a
    rule only if all of these changes are needed for that, so that a permission is never said to
    lift a provision that it does not belong to.
    """
    order = tracer.order
    precedence = order.book.file.order.precedence
    if GROUP not in precedence:
        return []
    group = precedence.index(GROUP)
    found: list[LiftedBy] = []
    for rule in order.collected:
        if rule.group != group or rule.name in trace.bitten():
            continue
        other = satisfy(order, rule, vector)
        if other is None:
            continue
        then = tracer.trace(other)
        needed = changes(vector, other)
        lifted = _lifted(trace, then)
        for fact in needed:
            if len(needed) > 1:
                less = list(other)
                less[fact] = vector[fact]
                lifted -= _lifted(trace, tracer.trace(less))
        if lifted and rule.name in then.bitten():
            rules = [bite.rule for bite in trace.bites if bite.rule.name in lifted]
            found.append(LiftedBy(rule, needed, _granted_by(other, needed), tuple(rules), then))
    return found


def _lifted(old: Trace, new: Trace) -> set[str]:
    """The rules that hand nothing out in `old` and no longer bite, not even in doubt, in `new`."""
    barring = {bite.rule.name for bite in old.bites
               if bite.verdict >= V_MANUAL_INSPECTION and bite.effect not in (GUESS, RAISES)}
    return barring - {bite.rule.name for bite in new.bites}


def _granted_by(vector: list, needed: dict[int, object]) -> str | None:
    if not needed.keys() & {F_PERMISSION_STATUS, F_PERMISSION_BY}:
        return None
    name = (fn.FACTS[F_PERMISSION_BY][2] or ())[vector[F_PERMISSION_BY]]
    authority = _AUTHORITY_OF.get(name, name)
    return authority if authority in names.AUTHORITIES else None
