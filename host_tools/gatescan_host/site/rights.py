"""What an inmate's permissions and old rights come to at the gate, worked out from the order.

A permission lifts only the provision it is given under (model.md, section 4, point 9). The facts
know granted or not, so this is settled here, for each variant of an item that the scanner tells
apart: registered to another inmate or not, powered or not.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import NamedTuple

from gatescan.core.law import facts, names
from gatescan_host.rules import citation_pack, days
from gatescan_host.site.law import GRANTED, SiteLaw
from gatescan_host.site.model import Inmate, Permission, Transitional
from gatescan_host.table import encode

BY = ("head_or_delegate", "directorate")
DENIED = 2
_OTHER = 2  # registered to another inmate
# (registered to another inmate, values of power); the position is the variant
VARIANTS = ((False, (0,)), (False, (1, 2)), (True, (0,)), (True, (1, 2)))


class Right(NamedTuple):
    """One entry of RIGHTS (core/table/FORMAT.md)."""

    category: int
    flags: int
    states: int
    permit_date: int  # YYYYMMDD, 0 = no old right


class Effect(NamedTuple):
    """What a decision on a category can do to one variant of an item."""

    lifts: frozenset[int]  # provisions that must all be lifted, by whoever may
    by_head: frozenset[int]  # those of them that the head or a delegate may lift
    bans: frozenset[int]  # provisions that a denial rests on


@cache
def effects(law: SiteLaw, category: int) -> tuple[Effect, ...]:
    """The effect of permissions on a visit, for each of VARIANTS."""
    return tuple(_effect(law, category, other, powers) for other, powers in VARIANTS)


def _effect(law: SiteLaw, category: int, other: bool, powers: tuple[int, ...]) -> Effect:
    lifts: set[int] = set()
    by_head: set[int] = set()
    bans: set[int] = set()
    for power in powers:
        scene = law.vector(category)
        scene[facts.F_REGISTERED_TO] = _OTHER if other else 0
        scene[facts.F_POWER] = power
        lifts |= lifted(law, scene, BY.index("directorate"))
        by_head |= lifted(law, scene, BY.index("head_or_delegate"))
        bans |= _banned(law, scene)
    return Effect(frozenset(lifts), frozenset(by_head & lifts), frozenset(bans))


def lifted(law: SiteLaw, scene: list, by: int) -> set[int]:
    """The provisions that a permission by this authority lifts; none if nothing gets milder."""
    without = law.ask(scene, {})
    granted = law.ask(
        scene, {facts.F_PERMISSION_STATUS: GRANTED, facts.F_PERMISSION_BY: by}
    )
    if granted.verdict >= without.verdict:
        return set()
    found = set(granted.citations) & law.permitting
    return found or {granted.citations[0]}


def _banned(law: SiteLaw, scene: list) -> set[int]:
    without = law.ask(scene, {})
    denied = law.ask(scene, {facts.F_PERMISSION_STATUS: DENIED})
    return {denied.citations[0]} if denied.verdict > without.verdict else set()


def under(permission: Permission) -> int:
    """The packed citation of a permission; raises CitationError."""
    return citation_pack.pack(permission.under)


def gate_rights(
    law: SiteLaw, inmate: Inmate, first_day: date, last_day: date
) -> tuple[bool, list[Right]]:
    """Whether the inmate's permissions are known, and the entries of the table.

    `first_day`, `last_day`: when the table is built and when it expires (UTC). A permission that
    has ended is left out. One that ends while the table is in use is entered as not known, so
    that the head is asked: the scanner keeps no calendar of permissions. A denial stays.
    """
    known = not isinstance(inmate.permissions, str)
    listed: Sequence[Permission] = [] if isinstance(inmate.permissions, str) else [
        p for p in inmate.permissions if p.until is None or p.until >= first_day
    ]
    old = {entry.category: entry for entry in inmate.transitional}
    rights = []
    for name in sorted({p.category for p in listed} | set(old), key=names.CATEGORIES.index):
        category = names.CATEGORIES.index(name)
        given = [p for p in listed if p.category == name]
        states = 0
        for variant, effect in enumerate(effects(law, category)):
            state = _state(effect, given, last_day) if known else encode.RIGHT_NOT_KNOWN
            states |= state << 4 * variant
        flags, permit_date = transitional_flags(old.get(name))
        rights.append(Right(category, flags, states, permit_date))
    return known, rights


def _state(effect: Effect, given: Sequence[Permission], last_day: date) -> int:
    """The four bits of one variant."""
    denied = {under(p) for p in given if p.status == "denied"}
    if denied & (effect.lifts | effect.bans):
        return DENIED
    granted = {under(p): p for p in given if p.status == "granted"}
    if not effect.lifts or not effect.lifts <= set(granted):
        return 0
    used = [granted[provision] for provision in effect.lifts]
    status = GRANTED
    if any(p.until is not None and p.until <= last_day for p in used):
        status = encode.RIGHT_NOT_KNOWN
    by_directorate = all(p.by == "directorate" for p in used)
    return status | encode.RIGHT_BY_DIRECTORATE * by_directorate


def transitional_flags(entry: Transitional | None) -> tuple[int, int]:
    """(RIGHT_* flags, permit date YYYYMMDD) of an old right; zeros for none."""
    if entry is None:
        return 0, 0
    flags = (
        encode.RIGHT_CONTINUOUS * entry.continuous
        | encode.RIGHT_DEST_ALLOWED * entry.dest_allowed_before
        | encode.RIGHT_SAME_INSTITUTION * entry.same_institution
    )
    return flags, days.number(entry.permit_date)


def old_right(flags: int, permit_date: int) -> dict[int, object]:
    """The facts of an old right, as the scanner enters them."""
    return {
        facts.F_PERMIT_DATE: permit_date,
        facts.F_CONTINUOUS: bool(flags & encode.RIGHT_CONTINUOUS),
        facts.F_DEST_ALLOWED_BEFORE: bool(flags & encode.RIGHT_DEST_ALLOWED),
        facts.F_SAME_INSTITUTION: bool(flags & encode.RIGHT_SAME_INSTITUTION),
    }


def helps(law: SiteLaw, category: int, right: Mapping[int, object]) -> bool:
    """Whether an old right makes any verdict on the category milder, in whatever channel."""
    return any(
        law.ask(scene, right).verdict < law.ask(scene, {}).verdict
        for scene in (law.vector(category, channel) for channel in range(len(names.CHANNELS)))
    )
