"""A site file says what its order lets a site say; all else is told with line and provision."""

import json
import random
from pathlib import Path

import pytest

from gatescan.core.law import facts, names
from gatescan_host.rules import orders, rulebook
from gatescan_host.site import law as site_law
from gatescan_host.site.errors import SiteError
from gatescan_host.site.law import SiteLaw
from gatescan_host.site.load import load_site
from gatescan_host.site.switch_check import switch_problems

HEAD = "site_id: t1\nsite_name: T\norder_id: dk-2009\nlanguages: [en]\nvalid_days: 14\n"
AID = "§ 3, stk. 2, 1. pkt."


def problems(folder: Path, **content) -> tuple[str, ...]:
    """The sentences about a site; each part of it stands on a line of its own."""
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in content.items()]
    path = folder / "site.yaml"
    path.write_text(HEAD + "\n".join(lines), encoding="utf-8")
    try:
        load_site(path)
    except SiteError as error:
        assert all(s.startswith(f"{path}:") for s in error.problems)
        return error.problems
    return ()


def inmate(**lists) -> list[dict]:
    return [{"id": "inmate-1", "card": "text:C1", "regime": "sentenced", **lists}]


def permission(category: str, under: str, by: str = "head_or_delegate", status: str = "granted"):
    return {"category": category, "status": status, "by": by, "under": under}


SWITCHES = [
    # institution, policy, what the sentence says; None = fine
    ("open_prison", {"cash_limit": 2999}, None),
    ("open_prison", {"cash_limit": 3000}, "§ 23, stk. 1, 1. pkt."),
    ("arrest_house", {"cash_limit": 5000}, "write 2999 or less"),
    ("closed_prison", {"cash_limit": 1499, "cash_permitted_closed": True}, None),
    ("closed_prison", {"cash_limit": 2000, "cash_permitted_closed": True}, "write 1499 or less"),
    ("closed_prison", {"cash_limit": 1000}, None),
    ("copenhagen_prisons", {"cash_limit": 5000}, "write 2999 or less"),
    ("asylum", {"cash_limit": 500}, "§ 23, stk. 2, 1. pkt."),
    ("closed_prison", {"cash_permitted_closed": True}, None),
    ("open_prison", {"cash_permitted_closed": True}, "§ 23, stk. 1, 2. pkt."),
    ("open_prison", {"cash_permitted_closed": False}, None),
    ("arrest_house", {"scheme27": True}, None),
    ("copenhagen_prisons", {"scheme27": True}, "§ 27, stk. 2"),
    ("closed_prison", {"scheme27": True}, "§ 27, stk. 2"),
    ("open_prison", {"banned_disc": True}, "§ 4, stk. 2, nr. 1"),
    ("closed_prison", {"banned_disc": True}, None),
    ("pension", {"leave_money_max": 500}, "§ 28"),
    ("open_prison", {"leave_money_max": 500}, None),
    ("pension", {"disc_local": True}, "§ 35, stk. 3"),
    ("open_prison", {"disc_local": True, "pay_exam": True, "seal_label": False}, None),
    ("open_prison", {"seal_exempt": ["radio", "tv"], "house_max_qty": 3}, None),
]  # fmt: skip


@pytest.mark.parametrize(("institution", "policy", "words"), SWITCHES, ids=str)
def test_switches(tmp_path: Path, institution: str, policy: dict, words: str | None) -> None:
    found = problems(tmp_path, institution=institution, policy=policy)
    assert found == () if words is None else len(found) == 1 and words in found[0], found


@pytest.mark.parametrize("institution", names.INSTITUTIONS)
def test_the_orders_own_defaults_are_fine(tmp_path: Path, institution: str) -> None:
    order = orders.load(orders.path_of("dk-2009")).order
    given = {**order.switches, **order.switch_overrides.get(institution, {})}
    assert problems(tmp_path, institution=institution, policy=given) == ()


def test_a_switch_that_the_order_does_not_declare_may_not_loosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = orders.path_of("dk-2009").read_text("utf-8")
    for line in ("\n  leave_money_max: null\n", "\n  cash_limit: null\n"):
        assert text.count(line) == 1
        text = text.replace(line, "\n")
    path = tmp_path / "dk-2009.yaml"
    path.write_text(text, "utf-8")
    book = rulebook.build(orders.load(path))
    policy = site_law.Policy(site_law.encode(book))
    monkeypatch.setattr(site_law, "order_of", lambda order_id: (book, policy))
    loosening = {facts.F_POLICY_LEAVE_MONEY_MAX: 500}
    found = switch_problems("undeclared", "open_prison", loosening)
    assert [name for name, _ in found] == ["leave_money_max"] and "§ 28" in found[0][1]
    assert switch_problems("undeclared", "open_prison", {facts.F_POLICY_CASH_LIMIT: 500}) == ()


def test_house_rules(tmp_path: Path) -> None:
    rules = [{"id": "R 1", "ban": ["radio"]}, {"id": "R 2", "max_qty": 3}]
    assert problems(tmp_path, institution="asylum", house_rules=rules) == ()
    found = problems(tmp_path, institution="asylum", house_rules=[rules[0], rules[0], {"id": "3"}])
    assert len(found) == 2 and "already" in found[0] and "says nothing" in found[1]
    assert problems(tmp_path, institution="asylum", house_rules=[{"id": "x" * 22}])


def test_a_restriction_list_is_for_remand_prisoners(tmp_path: Path) -> None:
    listed = inmate(restricted=["radio"])
    found = problems(tmp_path, institution="arrest_house", inmates=listed)
    assert len(found) == 1 and "§ 1, stk. 2, 2. pkt." in found[0]
    listed[0]["regime"] = "pretrial"
    assert problems(tmp_path, institution="arrest_house", inmates=listed) == ()


DIRECTORATE = "directorate"
PERMISSIONS = [
    # institution, permission, what the sentence says; None = fine
    ("closed_prison", permission("wristwatch", "§ 3, stk. 2, 2. pkt."), None),
    ("closed_prison", permission("elec_other", AID), None),
    ("closed_prison", permission("elec_other", AID, DIRECTORATE), None),
    ("closed_prison", permission("general", AID), None),  # with a battery
    ("closed_prison", permission("wristwatch", AID), "§ 3, stk. 2, 2. pkt."),
    ("closed_prison", permission("medicine", "§ 2, stk. 1, nr. 9"), None),
    ("closed_prison", permission("medicine", "§ 2, stk. 1, nr. 9", status="denied"), None),
    ("closed_prison", permission("elec_other", "§ 3, stk. 1, nr. 2", status="denied"), AID),
    ("closed_prison", permission("elec_other", AID, status="denied"), None),
    ("closed_prison", permission("alcohol", "§ 2, stk. 1, nr. 3"), "§ 2, stk. 1, nr. 3"),
    ("closed_prison", permission("alcohol", "§ 2, stk. 2, nr. 3"), "at a visit"),
    ("closed_prison", permission("illegal", "§ 2, stk. 1, nr. 1"), "nobody may permit 'illegal'"),
    ("open_prison", permission("drug_gear", "§ 8, stk. 2"), "§ 2, stk. 1, nr. 2"),
    ("closed_prison", permission("radio", AID), "§ 3, stk. 1, nr. 1"),
    ("closed_prison", permission("passport", "§ 3, stk. 3"), "at a visit"),
    ("closed_prison", permission("accessory", AID), "at a visit"),
    ("closed_prison", permission("computer", "§ 2, stk. 3, 4. pkt."), "only the directorate"),
    ("arrest_house", permission("computer", "§ 2, stk. 3, 4. pkt."), "only the directorate"),
    ("arrest_house", permission("computer", "§ 2, stk. 3, 4. pkt.", DIRECTORATE), None),
    ("closed_prison", permission("computer", "§ 2, stk. 3, 2. pkt.", DIRECTORATE), "4. pkt."),
    ("open_prison", permission("computer", "§ 2, stk. 3, 2. pkt."), None),
    ("closed_prison", permission("fax_modem", "§ 2, stk. 3, 3. pkt."), "only the directorate"),
    ("asylum", permission("computer", "§ 2, stk. 3, 4. pkt.", DIRECTORATE), "§ 2, stk. 1, nr. 15"),
    ("open_prison", permission("phone", "§ 2, stk. 3, 1. pkt.", DIRECTORATE), "nr. 11"),
    ("pension", permission("phone", "§ 1, stk. 1, 2. pkt."), None),
    ("open_prison", permission("radio", "§ 8, stk. 2"), None),
    ("open_prison", permission("radio", "§ 6"), "§ 8, stk. 2"),
    ("open_prison", permission("radio", "paragraph 6"), "no citation"),
]  # fmt: skip


@pytest.mark.parametrize(("institution", "given", "words"), PERMISSIONS, ids=str)
def test_permissions(tmp_path: Path, institution: str, given: dict, words: str | None) -> None:
    found = problems(tmp_path, institution=institution, inmates=inmate(permissions=[given]))
    assert found == () if words is None else len(found) == 1 and words in found[0], found


def test_a_decision_stands_once_and_has_a_real_day(tmp_path: Path) -> None:
    one = permission("medicine", "§ 2, stk. 1, nr. 9")
    twice = [one, {**one, "status": "denied"}]
    found = problems(tmp_path, institution="asylum", inmates=inmate(permissions=twice))
    assert len(found) == 1 and "already" in found[0]
    wrong = [{**one, "until": "2027-02-30"}]
    found = problems(tmp_path, institution="asylum", inmates=inmate(permissions=wrong))
    assert any("is no day" in sentence for sentence in found)


OLD = [
    # institution, category, permit date, flags, what the sentence says; None = fine
    ("closed_prison", "tv", "2005-04-14", ["continuous"], None),
    ("closed_prison", "tv", "2005-04-15", ["continuous"], "too late"),
    ("closed_prison", "elec_other", "2005-05-14", ["continuous"], None),
    ("closed_prison", "elec_other", "2005-05-15", ["continuous"], "too late"),
    ("closed_prison", "elec_other", "2005-05-14", [], "continuous: true"),
    ("closed_prison", "passport", "2001-01-01", ["continuous"], "§ 37, stk. 2"),
    ("open_prison", "tv", "2001-01-01", ["continuous"], "no old right"),
    ("open_prison", "console_comm", "2007-06-30", ["continuous", "same_institution"], None),
    ("arrest_house", "console_comm", "2007-06-30", ["continuous"], "same_institution: true"),
    ("arrest_house", "console_comm", "2007-07-01", ["continuous", "same_institution"], "too late"),
    ("copenhagen_prisons", "console_comm", "2007-06-30", ["continuous", "same_institution"],
     "no old right"),
]  # fmt: skip


@pytest.mark.parametrize(("institution", "category", "day", "flags", "words"), OLD, ids=str)
def test_old_rights(
    tmp_path: Path, institution: str, category: str, day: str, flags: list, words: str | None
) -> None:
    entry = {"category": category, "permit_date": day, **dict.fromkeys(flags, True)}
    found = problems(tmp_path, institution=institution, inmates=inmate(transitional=[entry]))
    assert found == () if words is None else len(found) == 1 and words in found[0], found


def test_nobody_permits_what_has_no_exception(
    tmp_path: Path, rng: random.Random
) -> None:
    cited = [site_law.cited([c]) for c in SiteLaw("dk-2009", "open_prison", {}).permitting]
    for _ in range(40):
        institution, category = rng.choice(names.INSTITUTIONS), rng.choice(names.CATEGORIES[1:])
        given = permission(
            category, rng.choice(cited), rng.choice(["head_or_delegate", DIRECTORATE])
        )
        found = problems(tmp_path, institution=institution, inmates=inmate(permissions=[given]))
        if category in ("illegal", "drug_gear", "alcohol", "power_symbol", "offensive_symbol"):
            assert found, (institution, given)
