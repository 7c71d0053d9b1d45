"""A table holds from its first second to its last: outside, what was allowed is "by hand"."""

import pytest

import demo_site
from gatescan_host.errors import Exit, GatescanError
from gatescan_host.link.provisioning import unlock
from gatescan_host.signing import bundle as signing
from gatescan_host.simulator.demo_table import site_file
from gatescan_host.simulator.scanner import Event
from gatescan_host.table.signed import build_signed
from sim import rig

_NOON = 1_781_524_800  # 2026-06-15 12:00 UTC, whatever the day of the test
_HOUR_S = 3600


@pytest.fixture(scope="module")
def summer(tmp_path_factory):
    """A gate with a table signed on that day; and the table's first and last second."""
    folder = tmp_path_factory.mktemp("summer")
    gate = rig.Gate(folder, rig.simulator(folder))
    gate.scanner.power_on()
    key = demo_site.key_folder("summer")
    data = build_signed(site_file(), key, now_utc=_NOON).data
    gate.equip(data, key="summer", utc=_NOON)
    manifest = signing.parse(data).manifest
    yield gate, manifest.not_before, manifest.not_after
    gate.close()


def _verdicts(gate: rig.Gate) -> tuple[str, str]:
    """Of a thing that is allowed, and of one that is refused."""
    gate.open_visit()
    return gate.scan(rig.SPREAD)["verdict"], gate.scan(rig.VODKA)["verdict"]


@pytest.mark.parametrize(
    ("edge", "away_s", "condition", "allowed"),
    [
        ("first", -_HOUR_S, "expired", False),
        ("first", -30, "expired", False),
        ("first", 0, "ok", True),
        ("last", -60, "ok", True),
        ("last", 0, "expired", False),
        ("last", 400 * 24 * _HOUR_S, "expired", False),
    ],
)
def test_inside_and_outside_of_its_time(summer, edge, away_s, condition, allowed):
    gate, first, last = summer
    gate.set_time((first if edge == "first" else last) + away_s)
    assert gate.status()["condition"] == condition
    good = "allow" if allowed else "manual_inspection"
    assert _verdicts(gate) == (good, "refuse_handout")
    shown = _screen(gate)
    if allowed:
        assert shown["lines"][0] == "✓ YES" and shown["light"] == "allow"
    else:
        assert shown["lines"][:2] == ["INSPECT", "Rules have expired:"], "the screen says why"
        assert shown["light"] == "inspect"


def _screen(gate: rig.Gate) -> Event:
    """What is shown for an allowed thing."""
    gate.scanner.forget_events()
    gate.scanner.barcode(rig.SPREAD)
    return gate.scanner.wait_for("screen")


def test_it_expires_while_the_scanner_stands_there(summer):
    gate, _, last = summer
    gate.set_time(last - 1)
    gate.open_visit()
    rig.until(lambda: gate.status()["condition"] == "expired")
    assert gate.scan(rig.SPREAD)["verdict"] == "manual_inspection"
    assert gate.scan(rig.RADIO)["verdict"] == "manual_inspection", "a step is no way round it"
    assert gate.scan(rig.UNKNOWN)["verdict"] == "manual_inspection"
    assert gate.scan(rig.VODKA)["verdict"] == "refuse_handout"
    gate.set_time(_NOON)
    assert gate.scan(rig.SPREAD)["verdict"] == "allow"


def test_it_expires_while_a_guard_reads_an_answer(summer, tmp_path):
    gate, _, last = summer
    gate.restart()
    gate.set_time(last - 2)
    gate.scanner.forget_events()
    gate.scanner.barcode(rig.SPREAD)
    asked = gate.scanner.wait_for("screen")
    assert asked["lines"][0] == "CARD?"
    gate.scanner.forget_events()
    then = gate.scanner.wait_for("screen", limit_s=10)
    assert then["lines"][0] == "INSPECT" and then["t_ms"] - asked["t_ms"] >= 3900
    gate.set_time(_NOON)


def test_the_log_says_that_the_table_was_stale(summer):
    gate, _, last = summer
    gate.set_time(last + 1)
    gate.scan(rig.SPREAD)
    gate.set_time(_NOON)
    gate.scan(rig.VODKA)
    gate.pull()
    scans = [event for event in gate.events() if event["kind"] == "scan"]
    assert scans[-2]["stale_table"] is True and scans[-1]["stale_table"] is False
    assert scans[-2]["time"] is not None


@pytest.mark.parametrize("utc", [1_700_000_000, 4_102_444_800])
def test_a_time_that_cannot_be_right_is_refused(summer, utc):
    gate = summer[0]
    before = gate.status()["utc"]
    with gate.link() as link, pytest.raises(GatescanError) as refusal:
        unlock(link, gate.key_file)
        link.set_time(utc)
    assert refusal.value.exit_code is Exit.FAILED
    assert rig.is_sentence(str(refusal.value))
    assert abs(gate.status()["utc"] - before) < 60


def test_a_fresh_table_ends_the_stale_time(summer):
    gate, _, last = summer
    gate.set_time(last + 10)
    assert gate.status()["condition"] == "expired"
    key = demo_site.key_folder("summer")
    gate.sync(build_signed(site_file(), key, now_utc=last + 10).data)
    assert gate.status()["condition"] == "ok"
    assert _verdicts(gate) == ("allow", "refuse_handout")
