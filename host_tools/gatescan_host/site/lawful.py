"""A site file against its order: what would loosen the law, or says what it cannot mean.

Everything is found by asking the compiled order, so another order has other answers.
"""

from typing import TYPE_CHECKING

from gatescan.core.law import citation, facts, names
from gatescan_host.rules.citation_pack import CitationError
from gatescan_host.site import rights
from gatescan_host.site.errors import Problems
from gatescan_host.site.law import GRANTED, SiteLaw, cited, switches
from gatescan_host.site.model import Inmate, Permission, Transitional
from gatescan_host.site.scenes import scenes
from gatescan_host.site.switch_check import switch_problems

if TYPE_CHECKING:
    from gatescan_host.site.load import SiteFile

_EARLIEST = 1000_01_01  # a permit date that no order can find too late
_FLAG_KEYS = ("continuous", "dest_allowed_before", "same_institution")


def check_lawful(source: "SiteFile", order_id: str, problems: Problems) -> None:
    """Add to `problems` what a site file may not say under an order, with line and provision.

    Raises OrderError when the order cannot be used.
    """
    _Check(source, order_id, problems).everything()


class _Check:
    def __init__(self, source: "SiteFile", order_id: str, problems: Problems) -> None:
        self._site = source.site
        self._order_id = order_id
        self._place = source.place
        self._problems = problems

    def everything(self) -> None:
        self._house_rules()
        law = SiteLaw.of(self._site, self._order_id)
        self._switches()
        for number, inmate in enumerate(self._site.inmates):
            here = ("inmates", number)
            self._restricted(law, inmate, here)
            if not isinstance(inmate.permissions, str):
                self._permissions(law, inmate.permissions, (*here, "permissions"))
            self._transitional(law, inmate.transitional, (*here, "transitional"))

    def _add(self, loc: tuple[str | int, ...], sentence: str) -> None:
        self._problems.add(self._place(*loc), sentence)

    def _twice(self, seen: dict, key: object, loc: tuple[str | int, ...], what: str) -> None:
        if key in seen:
            self._add(loc, f"{what} stands at line {seen[key]} already: remove one of the two.")
        seen.setdefault(key, self._place(*loc).line)

    def _house_rules(self) -> None:
        seen: dict[str, int] = {}
        for number, rule in enumerate(self._site.house_rules):
            loc = ("house_rules", number)
            self._twice(seen, rule.id, (*loc, "id"), f"'{rule.id}'")
            if not rule.ban and rule.max_qty is None:
                self._add(loc, f"the house rule '{rule.id}' says nothing: give it ban or max_qty.")

    def _switches(self) -> None:
        site = self._site
        for name, sentence in switch_problems(
            self._order_id, site.institution, switches(site)
        ):
            named = getattr(site.policy, name) is not None
            self._add(("policy", name) if named else ("house_rules",), sentence)

    def _restricted(self, law: SiteLaw, inmate: Inmate, here: tuple[str | int, ...]) -> None:
        if isinstance(inmate.restricted, str) or not inmate.restricted:
            return
        regime = {facts.F_REGIME: ("sentenced", "pretrial").index(inmate.regime)}
        for category in range(1, len(names.CATEGORIES)):
            scene = law.vector(category)
            listed = {**regime, facts.F_RESTRICTED: facts.bitmap([category])}
            if law.ask(scene, listed) != law.ask(scene, regime):
                return
        source = cited(rule.citation for rule in law.readers(facts.F_RESTRICTED))
        self._add(
            (*here, "restricted"),
            f"a restriction list has no meaning for regime '{inmate.regime}' ({source}): correct"
            " the regime or empty the list.",
        )

    def _permissions(
        self, law: SiteLaw, listed: list[Permission], here: tuple[str | int, ...]
    ) -> None:
        seen: dict[tuple[str, int], int] = {}
        for number, permission in enumerate(listed):
            loc = (*here, number)
            try:
                provision = rights.under(permission)
            except CitationError as wrong:
                self._add((*loc, "under"), f"{wrong}.")
                continue
            self._twice(
                seen, (permission.category, provision), loc,
                f"a decision on '{permission.category}' under {permission.under}",
            )  # fmt: skip
            sentence = _permission_mistake(law, permission, provision)
            if sentence:
                self._add(loc, sentence)

    def _transitional(
        self, law: SiteLaw, listed: list[Transitional], here: tuple[str | int, ...]
    ) -> None:
        seen: dict[str, int] = {}
        for number, entry in enumerate(listed):
            loc = (*here, number)
            self._twice(seen, entry.category, loc, f"an old right to '{entry.category}'")
            sentence = _transitional_mistake(law, entry)
            if sentence:
                self._add(loc, sentence)


def _permission_mistake(law: SiteLaw, permission: Permission, provision: int) -> str | None:
    """Why a decision cannot be used at the gate; None when it can."""
    name, by = permission.category, rights.BY.index(permission.by)
    category, where = names.CATEGORIES.index(name), names.INSTITUTIONS[law.institution]
    known = rights.effects(law, category)
    lifts = frozenset[int]().union(*(effect.lifts for effect in known))
    by_head = frozenset[int]().union(*(effect.by_head for effect in known))
    bans = frozenset[int]().union(*(effect.bans for effect in known))
    if provision in (lifts | bans if permission.status == "denied" else (by_head, lifts)[by]):
        return None
    if provision in lifts:
        return (
            f"only the directorate may permit '{name}' under {permission.under} in {where}:"
            " correct `by`, or remove the permission."
        )
    given = {facts.F_PERMISSION_STATUS: GRANTED, facts.F_PERMISSION_BY: by}
    stands = citation.format(law.ask(law.vector(category), given).citations[0])
    if any(
        provision in rights.lifted(law, scene, by)
        for scene in scenes(law, facts.F_PERMISSION_STATUS, None, category)
    ):
        return (
            f"a permission under {permission.under} changes no answer that the scanner gives at a"
            f" visit ({stands}): remove it and decide such a case by hand."
        )
    if lifts:
        return (
            f"'{name}' is not permitted or denied under {permission.under} in {where} ({stands}):"
            f" write the provision that allows it, {cited(lifts)}, or remove the decision."
        )
    return f"nobody may permit '{name}' at a visit in {where} ({stands}): remove the permission."


def _transitional_mistake(law: SiteLaw, entry: Transitional) -> str | None:
    """Why an old right is none; None when it is one."""
    category, where = names.CATEGORIES.index(entry.category), names.INSTITUTIONS[law.institution]
    right = rights.old_right(*rights.transitional_flags(entry))
    if rights.helps(law, category, right):
        return None
    source = cited(law.exceptions(facts.F_PERMIT_DATE)) or "the order knows none"
    best = {**dict.fromkeys(right, True), facts.F_PERMIT_DATE: _EARLIEST}
    if not rights.helps(law, category, best):
        return f"there is no old right to '{entry.category}' in {where} ({source}): remove it."
    if not rights.helps(law, category, {**best, facts.F_PERMIT_DATE: right[facts.F_PERMIT_DATE]}):
        return (
            f"the permit of {entry.permit_date} is too late for an old right to"
            f" '{entry.category}' in {where} ({source}): correct the day or remove it."
        )
    wanted = [
        key
        for key, fact in zip(_FLAG_KEYS, list(right)[1:], strict=True)
        if not getattr(entry, key) and not rights.helps(law, category, {**best, fact: False})
    ]
    return (
        f"the old right to '{entry.category}' does not hold in {where} ({source}): it needs"
        f" {' and '.join(f'{key}: true' for key in wanted)}; correct the entry or remove it."
    )
