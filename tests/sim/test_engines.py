"""The shipped firmware with a barcode engine that speaks: found, set up, and its codes judged."""

import time

import pytest

from host.tags.printed import Symbol, scanned
from sim import rig

_SEARCH_S = 6
_VODKA = Symbol("Digital Link", "QRCode", "https://example.com/01/05901041003003/21/7")
# The others are found by the same code: tests/unit/app, tests/sim/test_simulated_readers.py.
_MODELS = {"gm65": "GM65", "gm861": "GROW"}


def _readers(gate: rig.Gate) -> dict:
    done = rig.gatescan("selftest", "--port", gate.port, "--device-key", gate.key_file, "--json")
    return done.answer["readers"]


@pytest.fixture(scope="module", params=sorted(_MODELS))
def engine(request, equipped, tmp_path_factory):
    """An equipped gate whose barcode engine has been found."""
    folder = tmp_path_factory.mktemp(request.param)
    rig.copy_of(equipped, folder)
    gate = rig.Gate(folder, rig.simulator(folder, engine=request.param, rtc_utc=int(time.time())))
    gate.scanner.power_on()
    for _ in range(3):
        time.sleep(_SEARCH_S)  # it waits while a host speaks, and 10 s after that
        model = _readers(gate)["barcode"][0]["model"]
        if model:
            break
    assert model.startswith(_MODELS[request.param])
    yield request.param, gate
    gate.close()


def test_it_is_ready_and_named(engine):
    _, gate = engine
    (report,) = _readers(gate)["barcode"]
    assert report["state"] == "ready"


def test_a_printed_symbol_gets_its_verdict(engine):
    kind, gate = engine
    gate.open_visit()
    assert gate.scan(scanned(_VODKA))["verdict"] == "refuse_handout"
    told = gate.scan("]d2010590104100300310A\x1d217")
    # Without symbology identifiers the separator and the check digit tell it.
    assert (told["verdict"], told["error"]) == ("refuse_handout", None), kind


def test_a_code_that_stays_in_view_is_one_scan(engine):
    _, gate = engine
    gate.open_visit()
    first = gate.scan(rig.VODKA)
    gate.scanner.forget_events()
    gate.scanner.barcode(rig.VODKA)
    shown = gate.scanner.wait_for("screen")
    assert "Already scanned" in shown["lines"] and shown["tone"] == "again"
    again = gate.scanner.wait_for("verdict")
    assert again.get("again") and again["seq"] == first["seq"], "the same entry of the log"
    time.sleep(1.2)
    assert "again" not in gate.scan(rig.VODKA)


def test_an_engine_whose_plug_is_out_is_shown_soon_and_back_at_once(engine):
    _, gate = engine
    gate.scanner.barcode(rig.demo_site.command("END"))
    gate.scanner.wait_for("screen")
    gate.scanner.fault("engine", "unplug")
    told = gate.scanner.wait_for("screen", 20, lambda event: event["light"] == "fault")
    assert "No barcode reader" in told["lines"]
    idle = gate.scanner.wait_for("screen", 8)
    assert idle["lines"][-1] == "No barcode reader"
    assert gate.status()["missing"] == ["barcode"]
    done = rig.gatescan("selftest", "--port", gate.port, "--device-key", gate.key_file, "--json")
    found = {part["what"]: part["result"] for part in done.answer["parts"]}
    assert found["barcode"] == "fail", done.answer
    gate.scanner.fault("engine", "plug")
    rig.until(lambda: gate.status()["missing"] == [])
