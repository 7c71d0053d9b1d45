"""What a scanner's own report tells the doctor."""

from typing import Any

import pytest

from gatescan import __version__
from gatescan_host.build_id import build_id
from gatescan_host.doctor import scanner
from gatescan_host.doctor.finding import Finding, Result, failed, text
from gatescan_host.errors import Exit, GatescanError

NOW = 1_790_000_000
DAY = 86_400


def _report(**changes: Any) -> dict[str, Any]:
    """The report of a sound scanner, changed."""
    report: dict[str, Any] = {
        "device": "e660583883724a32", "board": "rpi_pico", "fw": __version__,
        "build": build_id("rpi_pico"), "provisioned": True, "condition": "ok", "utc": NOW - 3,
        "heap_free": 100_000, "restarts": 0, "missing": [],
        "journal": {"seq": 500, "acked": 480, "first": 1},
        "table": {"seq": 4, "items": 99, "not_after": NOW + 30 * DAY},
    }  # fmt: skip
    return {**report, **changes}


def _found(**changes: Any) -> dict[str, Finding]:
    return {f.what: f for f in scanner.findings(_report(**changes), NOW)}


def test_a_sound_scanner():
    found = scanner.findings(_report(), NOW)
    assert {f.result for f in found} == {Result.PASS}, text(found)
    assert not failed(found) and all(not f.remedy for f in found)


@pytest.mark.parametrize(
    ("changes", "what", "result", "word"),
    [
        ({"fw": "0.0.9"}, "firmware", Result.FAIL, "deploy"),
        ({"build": "00000000"}, "firmware", Result.LOOK, "deploy"),
        ({"board": "other"}, "firmware", Result.LOOK, "board"),
        ({"utc": None}, "clock", Result.FAIL, "time --set"),
        ({"utc": NOW + 61}, "clock", Result.FAIL, "time --set"),
        ({"utc": NOW - 3600}, "clock", Result.FAIL, "time --set"),
        ({"table": None}, "table", Result.FAIL, "sync"),
        ({"table": None, "problem": "It is cut short."}, "table", Result.FAIL, "sync"),
        ({"table": {"seq": 4, "items": 9, "not_after": NOW - 1}}, "table", Result.FAIL, "sync"),
        ({"table": {"seq": 4, "items": 9, "not_after": NOW + DAY}}, "table", Result.LOOK, "sync"),
        ({"condition": "expired"}, "table", Result.FAIL, "site file"),
        ({"journal": {"seq": 2_600, "acked": 0}}, "log", Result.LOOK, "log pull"),
        ({"journal": {"seq": 12_000, "acked": 100}}, "log", Result.FAIL, "log pull"),
        ({"condition": "journal_full"}, "log", Result.FAIL, "log pull"),
        ({"heap_free": 9_000}, "memory", Result.FAIL, "Restart"),
        ({"restarts": 2}, "tasks", Result.FAIL, "log"),
        ({"missing": ["display"]}, "display", Result.FAIL, "selftest"),
    ],
)  # fmt: skip
def test_one_thing_is_wrong(changes, what, result, word):
    found = _found(**changes)
    assert found[what].result is result and word in found[what].remedy, found[what]
    others = {f.result for name, f in found.items() if name != what}
    assert others <= {Result.PASS}, found


def test_firmware_from_before_build_ids():
    report = _report()
    del report["build"]
    assert scanner.findings(report, NOW)[0].result is Result.LOOK


def test_the_key():
    report = _report()
    assert scanner.key(report, True, None).result is Result.PASS
    refusal = GatescanError("This is another scanner.", Exit.NOT_AUTHORISED)
    wrong = scanner.key(report, False, refusal)
    assert (wrong.result, wrong.exit_code) == (Result.FAIL, Exit.NOT_AUTHORISED)
    assert wrong.remedy == "This is another scanner."
    assert scanner.key(report, False, None).result is Result.LOOK
    new = scanner.key({**report, "provisioned": False}, False, None)
    assert new.result is Result.FAIL and "provision" in new.remedy
    hurt = {**report, "provisioned": False, "problem": "The settings are damaged: hold BACK."}
    assert "BACK" in scanner.key(hurt, False, None).remedy
