"""What a rig of one wire needs: the scanner sends to itself and tells what it shows."""

import itertools

import pytest

from gatescan_host.errors import Exit, GatescanError
from gatescan_host.link import messages
from gatescan_host.link.provisioning import unlock
from gatescan_host.link.session import ScannerLink
from sim import rig


@pytest.fixture
def wired(shared_gate):
    """A gate whose barcode_tx leads back to barcode_rx."""
    shared_gate.order({"do": "join", "on": True})
    yield shared_gate
    shared_gate.order({"do": "join", "on": False})


def _next_screen(link: ScannerLink, count: int) -> messages.ShownResponse:
    """What is shown once the counter has passed `count`."""
    shown: list[messages.ShownResponse] = []

    def moved() -> bool:
        shown.append(link.ask(messages.Shown()))
        return shown[-1].count > count

    rig.until(moved)
    return shown[-1]


def test_what_is_sent_over_the_wire_is_scanned_and_shown(wired):
    wired.scanner.press("back")
    with wired.link() as link:
        unlock(link, wired.key_file)
        before = link.ask(messages.Shown())
        assert before.display and before.lines[0]
        sent = link.ask(messages.Loopback(d=rig.VODKA + "\r"))
        assert sent.sent == len(rig.VODKA) + 1
        shown = _next_screen(link, before.count)
    assert (shown.light, shown.tone) == ("refuse", "refuse")
    assert shown.lines[0] == "✕ NO"
    event = wired.scanner.wait_for("verdict")
    assert (event["tag"], event["verdict"]) == ("05901041003003", "refuse_handout")


def test_the_separator_of_gs1_survives_the_wire(wired):
    """Without it the serial would swallow the product."""
    wired.scanner.forget_events()
    with wired.link() as link:
        unlock(link, wired.key_file)
        link.ask(messages.Loopback(d="]C121A7\x1d0105901041003003\r"))
    event = wired.scanner.wait_for("verdict")
    assert (event["tag"], event["error"]) == ("05901041003003", None)


def test_without_the_wire_nothing_is_scanned(shared_gate):
    shared_gate.scanner.forget_events()
    with shared_gate.link() as link:
        unlock(link, shared_gate.key_file)
        before = link.ask(messages.Shown())
        link.ask(messages.Loopback(d=rig.VODKA + "\r"))
    with pytest.raises(GatescanError):
        shared_gate.scanner.wait_for("verdict", limit_s=0.5)
    with shared_gate.link() as link:
        unlock(link, shared_gate.key_file)
        assert link.ask(messages.Shown()).count == before.count


@pytest.mark.parametrize("request_", [messages.Loopback(d="5901041003003\r"), messages.Shown()],
                         ids=["loopback", "shown"])  # fmt: skip
def test_a_scanner_with_keys_wants_a_session(shared_gate, request_):
    with shared_gate.link() as link, pytest.raises(GatescanError) as refusal:
        link.ask(request_)
    assert refusal.value.exit_code is Exit.NOT_AUTHORISED


def test_a_scanner_without_keys_does_it_for_anybody(new_gate):
    new_gate.order({"do": "join", "on": True})
    with new_gate.link() as link:
        before = link.ask(messages.Shown())
        link.ask(messages.Loopback(d="5901041003003\r"))
        assert _next_screen(link, before.count).light == "inspect"


@pytest.mark.parametrize("text", ["", "7" * 65, "~\x00\r", "5901\n", "æ", "\x7f"])
def test_what_is_no_code_is_not_sent(shared_gate, text):
    """A command of a barcode engine needs bytes that no code has."""
    with shared_gate.link() as link:
        unlock(link, shared_gate.key_file)
        with pytest.raises(GatescanError):
            link.ask(messages.Loopback(d=text))
        assert link.echo("still here") == "still here"


def test_the_rooms_of_the_rig_leave_no_memory_behind(shared_gate):
    """Loaded for the question only: a hundred questions cost nothing that stays."""
    with shared_gate.link() as link:
        unlock(link, shared_gate.key_file)
        free = []
        for _ in range(4):
            for _ in range(25):
                link.ask(messages.Shown())
            free.append(_free(shared_gate))
    # The journal's upkeep may come between two of them and load its own rooms, once.
    assert min(before - after for before, after in itertools.pairwise(free)) < 512


def _free(gate: rig.Gate) -> int:
    gate.scanner.forget_events()
    gate.scanner.order({"do": "memory"})
    return int(gate.scanner.wait_for("memory")["free"])
