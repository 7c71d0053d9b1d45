"""What a site permits an inmate, as used at the gate: that provision is lifted and no other."""

import json
import random
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from gatescan.core import codes, item
from gatescan.core.law import citation, facts, names
from gatescan.core.law.policy import Policy
from gatescan.core.tags import barcode
from gatescan.core.visit import Checkpoint
from gatescan_host.rules import citation_pack
from gatescan_host.rules.compiler import compile_order
from gatescan_host.site.law import SiteLaw
from gatescan_host.site.load import load_site
from gatescan_host.site.rights import effects
from gatescan_host.table import commands
from gatescan_host.table.build import build_table
from gatescan_host.table.read import open_bytes

NOW = 1_700_000_000
SALT = bytes(16)
TODAY = datetime.fromtimestamp(NOW, UTC).date()
HEAD = (
    "site_id: t1\nsite_name: T\norder_id: dk-2009\nlanguages: [en]\nvalid_days: 14\n"
    "policy: {seal_label: false}\n"
)
OTHERS = [  # things registered to another inmate
    {"tag": "text:L-1", "category": "elec_other", "owner": "inmate-2", "attributes": ["mains"]},
]
AID, TRANSFER = "§ 3, stk. 2, 1. pkt.", "§ 8, stk. 2"


def decision(category: str, under: str, status: str = "granted", by: str = "head_or_delegate",
             **more) -> dict:  # fmt: skip
    return {"category": category, "status": status, "by": by, "under": under, **more}


def table_of(folder: Path, institution: str, permissions, transitional=(), house_rules=()):
    """A table with inmate-1, who has these lists, and inmate-2, of whom nothing is known."""
    one = {"id": "inmate-1", "card": "text:CARD-1", "regime": "sentenced", "restricted": [],
           "decisions11": [], "permissions": permissions, "transitional": list(transitional)}
    two = {"id": "inmate-2", "card": "text:CARD-2", "regime": "sentenced"}
    content = {"institution": institution, "inmates": [one, two], "registered": OTHERS,
               "house_rules": list(house_rules)}
    path = folder / "site.yaml"
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in content.items()]
    path.write_text(HEAD + "\n".join(lines), encoding="utf-8")
    return open_bytes(build_table(load_site(path), seq=1, created_utc=NOW, salt=SALT).data)


def visit(table, *texts: str):
    """The judgement on the last of the barcodes, scanned after the card of inmate-1."""
    gate = Checkpoint(1, 5)
    gate.use(table, Policy(bytes(table.policy())))
    gate.condition = 0
    for text in ("CARD-1", *texts):
        steps = gate.scan(barcode.parse(text.encode()))
    return steps[-1].judged


def answer(table, *texts: str) -> str:
    judged = visit(table, *texts)
    return f"{names.VERDICTS[judged.verdict]} {citation.format(judged.outcome.citations[0])}"



def by_hand(category: str) -> str:
    """The barcode of the sheet that classes an item."""
    return commands.text_of(SALT, commands.of_category(names.CATEGORIES.index(category)).name)


MEDICINE, LAMP, PC = by_hand("medicine"), by_hand("elec_other"), by_hand("computer")
NR_9, PC_4 = "§ 2, stk. 1, nr. 9", "§ 2, stk. 3, 4. pkt."
VISITS = [
    # permissions, barcode, answer
    ("unknown", MEDICINE, f"hold_for_decision {NR_9}"),
    ("unknown", LAMP, "hold_for_decision § 3, stk. 1, nr. 2"),
    ("unknown", PC, "hold_for_decision § 2, stk. 1, nr. 15"),
    ("unknown", "L-1", "hold_for_decision § 8, stk. 1"),
    ("unknown", by_hand("alcohol"), "refuse_handout § 2, stk. 1, nr. 3"),
    ("unknown", by_hand("general"), "allow § 1, stk. 1, 1. pkt."),
    ([], MEDICINE, f"hold_for_decision {NR_9}"),
    ([], LAMP, "refuse_handout § 3, stk. 1, nr. 2"),
    ([], PC, "refuse_handout § 2, stk. 1, nr. 15"),
    ([], "L-1", "refuse_handout § 8, stk. 1"),
    ([decision("medicine", NR_9)], MEDICINE, f"allow {NR_9}"),
    ([decision("medicine", NR_9)], LAMP, "refuse_handout § 3, stk. 1, nr. 2"),
    ([decision("medicine", NR_9, "denied")], MEDICINE, f"refuse_handout {NR_9}"),
    ([decision("computer", PC_4, by="directorate")], PC, f"allow {PC_4}"),
    ([decision("elec_other", AID)], LAMP, f"allow {AID}"),
    ([decision("elec_other", AID)], "L-1", "refuse_handout § 8, stk. 1"),
    ([decision("elec_other", TRANSFER)], LAMP, "refuse_handout § 3, stk. 1, nr. 2"),
    ([decision("elec_other", TRANSFER)], "L-1", "refuse_handout § 8, stk. 1"),
    ([decision("elec_other", AID), decision("elec_other", TRANSFER)], "L-1", f"allow {AID}"),
    ([decision("elec_other", AID), decision("elec_other", TRANSFER, "denied")], "L-1",
     "refuse_handout § 8, stk. 1"),
    ([decision("elec_other", AID), decision("elec_other", TRANSFER, "denied")], LAMP,
     f"allow {AID}"),
]  # fmt: skip


@pytest.mark.parametrize(("permissions", "text", "expected"), VISITS, ids=str)
def test_a_visit_to_a_closed_prison(tmp_path: Path, permissions, text: str, expected: str):
    assert answer(table_of(tmp_path, "closed_prison", permissions), text) == expected


def test_a_doubt_asks_the_head(tmp_path: Path):
    judged = visit(table_of(tmp_path, "closed_prison", "unknown"), LAMP)
    assert judged.outcome.authority == codes.A_HEAD_OF_INSTITUTION


@pytest.mark.parametrize(
    ("days", "expected"),
    [(-1, "refuse_handout"), (0, "hold_for_decision"), (14, "hold_for_decision"), (15, "allow")],
)
def test_a_permission_counts_if_it_outlives_the_table(tmp_path: Path, days: int, expected: str):
    until = (TODAY + timedelta(days)).isoformat()
    table = table_of(tmp_path, "closed_prison", [decision("elec_other", AID, until=until)])
    assert answer(table, LAMP).startswith(expected)
    denied = [decision("medicine", NR_9, "denied", until=until)]
    table = table_of(tmp_path, "closed_prison", denied)
    wanted = "hold_for_decision" if days < 0 else "refuse_handout"  # a denial stays to the end
    assert answer(table, MEDICINE).startswith(wanted)


def test_an_old_right_counts_at_a_visit(tmp_path: Path):
    old = {"category": "console_comm", "permit_date": "2007-06-30", "continuous": True,
           "same_institution": True}  # fmt: skip
    console = by_hand("console_comm")
    assert answer(table_of(tmp_path, "arrest_house", []), console) == (
        "refuse_handout § 2, stk. 1, nr. 11")
    for permissions in ([], "unknown"):
        table = table_of(tmp_path, "arrest_house", permissions, [old])
        assert answer(table, console) == "allow § 37, stk. 3"


def test_the_lists_of_one_inmate_are_not_anothers(tmp_path: Path):
    table = table_of(tmp_path, "closed_prison", [decision("medicine", NR_9)])
    assert answer(table, "CARD-2", MEDICINE).startswith("hold_for_decision")


def test_the_name_of_a_house_rule_is_shown_with_what_it_bans(tmp_path: Path):
    rules = [{"id": "House rule 4", "ban": ["radio", "disc_media"]}]
    table = table_of(tmp_path, "open_prison", [], house_rules=rules)
    assert answer(table, by_hand("radio")) == "refuse_handout § 9"
    assert table.text(0, names.CATEGORIES.index("radio"), 1)[-1] == "House rule 4"
    assert "House rule 4" not in table.text(0, names.CATEGORIES.index("tv"), 1)


@cache
def policy() -> Policy:
    return Policy(compile_order("dk-2009"))


def test_nothing_is_lifted_that_was_not_granted(tmp_path: Path, rng: random.Random):
    """On every variant of every item, each exception cited rests on a permission in the file."""
    lifted = 0
    for institution in names.INSTITUTIONS:
        law = SiteLaw("dk-2009", institution, {facts.F_POLICY_SEAL_LABEL: False})
        possible = [
            (name, under, by)
            for number, name in enumerate(names.CATEGORIES)
            for effect in (effects(law, number) if number else ())
            for under in effect.lifts
            for by in ("head_or_delegate", "directorate")
            if by == "directorate" or under in effect.by_head
        ]
        for _ in range(4):
            some = rng.sample(possible, rng.randint(1, len(possible)))
            chosen = {(n, u): by for n, u, by in some}
            given = [decision(n, citation.format(u), by=by) for (n, u), by in chosen.items()]
            table = table_of(tmp_path, institution, given)
            inmate = table.inmate(table.lookup_tag(barcode.parse(b"CARD-1").key).owner)
            for number, name in enumerate(names.CATEGORIES):
                granted = {citation_pack.pack(p["under"]) for p in given if p["category"] == name}
                for power in (0, codes.CA_BATTERY, codes.CA_MAINS):
                    for registered in (0, 1, 2):
                        vector = item.site_vector(table)
                        item.describe(vector, number, power, 0)
                        vector[facts.F_REGISTERED_TO] = registered
                        item.concern(vector, number, inmate)
                        outcome = policy().evaluate(vector)
                        if outcome.verdict <= codes.V_ALLOW_AFTER:
                            used = set(outcome.citations) & law.permitting
                            assert used <= granted, (institution, name, power, registered, given)
                            lifted += bool(used)
    assert lifted > 20
