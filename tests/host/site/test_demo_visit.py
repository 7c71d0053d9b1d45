"""A scripted visit at the demonstration site reaches every verdict of the Copenhagen prisons."""

from pathlib import Path

import pytest

from gatescan.core.judgement import COND_OK
from gatescan.core.law.names import VERDICTS
from gatescan.core.law.policy import Policy
from gatescan.core.tags import barcode, em4100
from gatescan.core.visit import Checkpoint
from gatescan_host.site.load import load_site
from gatescan_host.table import commands
from gatescan_host.table.build import build_table
from gatescan_host.table.read import open_bytes

DEMO = Path(__file__).resolve().parents[3] / "host_tools/gatescan_host/site/demo/vestre.yaml"
SALT = bytes(16)
OWN, DECIDED, REMANDED = 0x2A00C0FFE1, 0x2A00C0FFE2, "VF-CARD-09BE"

VISIT = [
    # visit card, tags in order (sheet: and the name of a command), verdict of the last one
    (OWN, ["]E00041250500735"], "allow"),
    (OWN, ["00009800895250"], "allow"),
    (OWN, ["89002940"], "allow_after"),  # radio: section 6
    (OWN, ["09520001001116"], "allow_after"),  # ring of greater value: section 31
    (OWN, [0x2A00D15C01], "allow"),  # own registered radio, sealed and labelled
    (OWN, ["VF-REG-0003"], "manual_inspection"),  # own radio, seal broken
    (OWN, ["VF-REG-0004"], "allow_after"),  # own lamp, neither sealed nor labelled
    (OWN, ["5901234123457"], "manual_inspection"),  # not in the table
    (OWN, ["sheet:DKK1000"], "to_account"),
    (OWN, ["05024071270372"], "hold_for_decision"),  # medicine
    (OWN, ["05901041003003"], "refuse_handout"),  # alcohol
    (OWN, ["00885909727827"], "refuse_handout"),  # phone
    (OWN, ["05296849390616"], "refuse_handout"),  # television
    (OWN, ["09520001001000"], "refuse_and_report"),
    (OWN, ["sheet:CAT01"], "refuse_and_report"),
    (OWN, ["sheet:VISITOR", "00885909727827"], "out_of_scope"),
    (OWN, ["sheet:STAFF", "00885909727827"], "out_of_scope"),
    (OWN, [0x2A00D15C02], "refuse_handout"),  # registered to another inmate: section 8
    (DECIDED, ["89002940"], "refuse_handout"),  # section 11
    (DECIDED, ["05024071270372"], "allow"),  # medicine that the head has permitted
    (REMANDED, [0x2A00D15C02], "hold_for_decision"),  # no list of permissions either
    (REMANDED, ["00009800895250"], "hold_for_decision"),  # restrictions unknown: section 1(2)
    (None, ["sheet:CAT33"], "manual_inspection"),  # whose visit it is, is not known
]


def scanned(tag: "int | str"):
    if isinstance(tag, int):
        return em4100.read(tag)
    kind, _, name = tag.rpartition(":")
    return barcode.parse((commands.text_of(SALT, name) if kind == "sheet" else tag).encode())


@pytest.fixture(scope="module")
def table():
    built = build_table(load_site(DEMO), seq=1, created_utc=1_700_000_000, salt=SALT)
    return open_bytes(built.data)


@pytest.mark.parametrize(("card", "tags", "verdict"), VISIT, ids=lambda v: str(v))
def test_visit(table, card, tags, verdict):
    gate = Checkpoint(0, 5)
    gate.use(table, Policy(bytes(table.policy())))
    gate.condition = COND_OK
    steps = gate.scan(scanned(card)) if card else []
    for tag in tags:
        steps = gate.scan(scanned(tag))
    assert VERDICTS[steps[-1].judged.verdict] == verdict


def test_every_verdict_of_the_column_is_in_the_visit():
    reached = {verdict for _, _, verdict in VISIT}
    never = {"limit_exceeded", "store"}  # not in the column of model.md, section 5
    assert reached == set(VERDICTS) - never
