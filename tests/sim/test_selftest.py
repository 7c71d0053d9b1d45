"""Each part is found good, found bad, or honestly not known; with what to do about it."""

import time

import pytest

from gatescan_host.doctor import asking, parts
from gatescan_host.doctor.finding import Finding, Result
from gatescan_host.errors import Exit, GatescanError
from gatescan_host.link import messages
from gatescan_host.link.provisioning import unlock
from sim import rig

_ALL = {
    "display", "light", "sounder", "buttons", "barcode", "rfid", "clock", "flash", "journal",
    "settings", "table", "memory", "link", "tasks", "start",
}  # fmt: skip
_FILL = """
size, number = 131072, 0
while size >= 512:
    try:
        with open("junk-%d" % number, "wb") as file:
            file.write(bytes(size))
        number += 1
    except OSError:
        size //= 2
"""


def _test(gate: rig.Gate, **options: bool) -> dict[str, Finding]:
    """Part -> finding."""
    with gate.link() as link:
        if link.status()["provisioned"]:
            unlock(link, gate.key_file)
        answer = link.ask(messages.Selftest(**options), 20.0)
    return {finding.what: finding for finding in parts.findings(answer.parts)}


def _failed(found: dict[str, Finding]) -> set[str]:
    return {name for name, finding in found.items() if finding.result is Result.FAIL}


def test_a_sound_scanner(gate):
    found = _test(gate)
    assert set(found) == _ALL
    assert not _failed(found), found
    assert found["light"].result is found["sounder"].result is Result.LOOK
    assert found["barcode"].result is Result.LOOK, "nothing was scanned yet"
    assert "damaged" in found["link"].said and "2" in found["settings"].said


def test_readers_pass_once_they_were_heard(shared_gate):
    shared_gate.scan(rig.VODKA)
    shared_gate.scanner.rfid(b"\x02")
    time.sleep(0.1)
    found = _test(shared_gate)
    assert found["barcode"].result is found["rfid"].result is Result.PASS
    assert "14 bytes" in found["barcode"].said


def test_nothing_is_tested_into_a_visit(gate):
    gate.open_visit()
    with gate.link() as link:
        unlock(link, gate.key_file)
        for request in (messages.Selftest(), messages.Look(light="refuse", tone="silent")):
            with pytest.raises(GatescanError, match="visit is open") as refusal:
                link.ask(request)
            assert refusal.value.exit_code is Exit.BUSY
    gate.scanner.barcode(rig.demo_site.command("END"))
    gate.scanner.wait_for("screen", where=lambda event: event["lines"][0] in ("CLOSED", "READY"))
    assert not _failed(_test(gate))


def test_a_session_is_wanted(shared_gate):
    for request in (messages.Selftest(), messages.Look(light="refuse", tone="silent")):
        with shared_gate.link() as link, pytest.raises(GatescanError) as refusal:
            link.ask(request)
        assert refusal.value.exit_code is Exit.NOT_AUTHORISED


def test_nobody_gets_used_to_the_light_of_allow(shared_gate):
    with shared_gate.link() as link:
        unlock(link, shared_gate.key_file)
        for light, tone in (("allow", "silent"), ("refuse", "allow"), ("x", "silent")):
            with pytest.raises(GatescanError):
                link.ask(messages.Look(light=light, tone=tone))


def test_no_event_and_no_tone_comes_of_the_test(gate):
    """It is no scan and no verdict, and the flash keeps nothing of it."""
    _test(gate)
    seq = gate.status()["journal"]["seq"]
    gate.scanner.forget_events()
    _test(gate)
    assert gate.status()["journal"]["seq"] == seq + 1, "the session, and nothing else"
    kinds = [gate.scanner.events.get_nowait()["event"] for _ in range(gate.scanner.events.qsize())]
    assert not {"screen", "sound", "verdict", "fault"} & set(kinds), kinds
    gate.scanner.power_cut()
    listed = rig.flash_script(gate.scanner.state_dir, "print(os.listdir())")
    assert "selftest" not in listed


def test_the_wire(shared_gate):
    assert _test(shared_gate, wire=True)["barcode"].result is Result.FAIL
    shared_gate.order({"do": "join", "on": True})
    shared_gate.scanner.forget_events()
    assert _test(shared_gate, wire=True)["barcode"].result is Result.PASS
    with pytest.raises(GatescanError):
        shared_gate.scanner.wait_for("verdict", limit_s=0.8)
    shared_gate.order({"do": "join", "on": False})


@pytest.mark.parametrize("plug", ["out", "stuck"])
def test_a_display_that_does_not_answer(shared_gate, plug):
    shared_gate.order({"do": "display", "plug": plug})
    found = _test(shared_gate)
    shared_gate.order({"do": "display", "plug": "in"})
    assert _failed(found) == {"display"}
    assert "SDA" in found["display"].remedy
    assert not _failed(_test(shared_gate))


@pytest.mark.parametrize("button", ["ok", "back"])
def test_a_button_that_is_down_since_the_start(extra_gate, button):
    """BACK held at the start gives the prompt to whoever holds it, so that one jams later."""
    if button == "ok":
        gate = extra_gate(held="ok", rtc_utc=int(time.time()))
        assert _failed(_test(gate)) == {"buttons"}
    else:
        gate = extra_gate(rtc_utc=int(time.time()))
        gate.scanner.order({"do": "press", "button": "back", "ms": 16_000})
        deadline = time.monotonic() + 17
        while not _failed(_test(gate)):
            assert time.monotonic() < deadline
            time.sleep(0.5)
        assert _failed(_test(gate)) == {"buttons"}


def test_a_clock_that_is_not_set_and_no_table(new_gate):
    found = _test(new_gate)
    assert _failed(found) == {"clock", "settings", "table"}
    assert "time --set" in found["clock"].remedy and "provision" in found["settings"].remedy


def test_a_full_flash(flash_gate):
    rig.flash_script(flash_gate.scanner.state_dir, _FILL)
    flash_gate.scanner.power_on()
    flash_gate.set_time()
    found = _test(flash_gate)
    assert _failed(found) == {"flash"}
    assert "log pull" in found["flash"].remedy


def test_a_journal_whose_end_was_changed_while_it_runs(gate):
    gate.scan(rig.VODKA)
    link = gate.status()["journal"]["link"]
    flash = gate.scanner.state_dir / "flash.bin"
    at = flash.read_bytes().rfind(link)
    with flash.open("r+b") as file:
        file.seek(at)
        file.write(bytes((link[0] ^ 1,)))
    found = _test(gate)
    assert "journal" in _failed(found)
    assert "secure" in found["journal"].remedy


def test_tasks_that_failed(gate):
    gate.scanner.order({"do": "kill", "task": "rfid"})
    gate.scanner.wait_for("fault")
    assert _failed(_test(gate)) == {"tasks"}


def test_the_test_costs_no_memory_that_stays(shared_gate):
    for _ in range(3):
        _test(shared_gate)
    free = _free(shared_gate)
    for _ in range(5):
        _test(shared_gate)
    assert free - _free(shared_gate) < 1024


def _free(gate: rig.Gate) -> int:
    gate.scanner.forget_events()
    gate.scanner.order({"do": "memory"})
    return int(gate.scanner.wait_for("memory")["free"])


def test_the_command(gate):
    done = gate.cli("selftest", "--json")
    assert done.code == Exit.OK, done
    assert done.answer["ok"] and {part["what"] for part in done.answer["parts"]} == _ALL
    done = gate.cli("selftest")
    assert done.code == Exit.OK and "0 fail" in done.out and "pass  flash" in done.out
    gate.order({"do": "display", "plug": "out"})
    done = gate.cli("selftest", "--json")
    assert done.code == Exit.FAILED and not done.answer["ok"]
    assert "Traceback" not in done.err


def test_a_person_confirms(gate):
    """Light and tone are shown as asked, the buttons are watched, a no is a fail."""
    shown: list[tuple[str, str]] = []

    def confirm(question: str) -> bool:
        event = gate.scanner.wait_for("screen", where=lambda event: event["lines"][0] == "TEST")
        shown.append((event["light"], event["tone"]))
        return "blue-green" not in question

    def tell(text: str) -> None:
        gate.scanner.press("ok" if "OK" in text else "back", 400)

    with gate.link() as link:
        key = unlock(link, gate.key_file)
        found = parts.findings(link.ask(messages.Selftest()).parts)
        gate.scanner.forget_events()
        settled = {f.what: f for f in asking.Asking(link, key, confirm, tell).settle(found)}
        silent = asking.Asking(link, key, lambda _: True, lambda _: None, 0.3)
        nobody = {f.what: f for f in silent.settle(found)}
    assert shown == [("refuse", "silent"), ("after", "silent"), ("seal", "silent"),
                     ("ready", "fault")]  # fmt: skip
    assert settled["light"].result is Result.FAIL
    assert settled["sounder"].result is settled["buttons"].result is Result.PASS
    assert nobody["light"].result is Result.PASS and nobody["buttons"].result is Result.FAIL
    assert settled["flash"] == next(f for f in found if f.what == "flash")
    gate.scanner.wait_for("screen", limit_s=6.0, where=lambda event: event["light"] == "ready")
