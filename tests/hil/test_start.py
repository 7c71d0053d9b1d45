"""A scanner that starts: what it says it is, and what it answers before anybody gave it keys."""

import pytest

from gatescan_host.build_id import build_id
from host_side import SPREAD, UNKNOWN, VODKA


@pytest.mark.needs("console")
def test_the_banner_names_version_board_and_build(gate, rig):
    assert f" on {rig.board} build {build_id(rig.board)}" in gate.scanner.console()
    assert "Traceback" not in gate.scanner.console()


def test_the_report_names_board_and_build(gate, rig):
    done = gate.cli("status", "--json")
    assert done.code == 0, done.err
    assert (done.answer["board"], done.answer["build"]) == (rig.board, build_id(rig.board))
    assert done.answer["authentic"] and done.answer["restarts"] == 0


@pytest.mark.needs("barcode")
@pytest.mark.parametrize("code", [SPREAD, VODKA, UNKNOWN, "sheet:END"])
def test_without_rules_everything_is_inspected_by_hand(new_gate, code):
    scanner = new_gate.scanner
    mark = scanner.scan(new_gate.code(code))
    seen = scanner.shows(mark, word="MANUEL", light="inspect", tone="inspect",
                         text=["Ingen regler her"])  # fmt: skip
    assert "allow" not in seen.every_light
