"""Noise on the wires: the link answers the next request, no scan becomes an `allow`."""

import binascii
import random
import time

import pytest

from gatescan.core.smp.frame import encode_lines
from gatescan_host.simulator.scanner import Event
from sim import rig

_ECHO = b"\x02\x00\x00\x04\x00\x00\x07\x00\xa1adbhi"  # SMP v1 write, group 0, echo {"d": "hi"}
_READ, _WRITE = 0, 2  # operations of SMP
_GARBAGE_BYTES = 20_000
_MAX_MESSAGE = 2044
_BETWEEN_SCANS_S = 0.03  # what comes faster is one burst, not two scans
_HALF_LINE_S = 0.8  # by then the last half line has been given up, with a verdict of its own


@pytest.fixture
def wire(shared_gate):
    """The link's pty as any program opens it."""
    wire = rig.Wire(shared_gate.port)
    yield wire
    wire.close()


def _healthy(gate: rig.Gate) -> None:
    """The link answers, and the gate works as before."""
    with gate.link() as link:
        assert link.echo("still here") == "still here"
    assert gate.allows()


def _dropped(gate: rig.Gate) -> int:
    return int(gate.status()["link_dropped"])


@pytest.mark.parametrize("end", [b"", b"\n"], ids=["no line end", "line end"])
def test_half_a_frame_costs_a_counter(shared_gate, wire, end):
    before = _dropped(shared_gate)
    whole = encode_lines(_ECHO)
    for cut in range(1, len(whole) - 1):
        wire.send(whole[:cut] + end)
    _healthy(shared_gate)
    assert _dropped(shared_gate) > before


def test_a_long_frame_that_lacks_its_middle_is_never_delivered(shared_gate, wire):
    before = _dropped(shared_gate)
    lines = encode_lines(_ECHO[:-2] + b"\x00" * 1000).splitlines(keepends=True)
    wire.send(b"".join(lines[:3] + lines[5:]))
    _healthy(shared_gate)
    assert _dropped(shared_gate) > before


def test_a_frame_with_a_wrong_checksum_is_not_answered(shared_gate, wire):
    before = _dropped(shared_gate)
    good = encode_lines(_ECHO)
    body = binascii.a2b_base64(good[2:])
    for bit in range(8 * 2, 8 * len(body)):  # all but the length
        wire.send(good[:2] + binascii.b2a_base64(rig.flip(body, bit)))
    rig.until(lambda: _dropped(shared_gate) - before == 8 * (len(body) - 2))
    _healthy(shared_gate)


def test_impossible_lengths_and_headers(shared_gate, wire, rng):
    """Whole frames with a good checksum and nonsense inside."""
    for _ in range(200):
        wire.send(encode_lines(rng.randbytes(rng.randrange(1, 200))))
    wire.send(encode_lines(b"\x02\x00" + rng.randbytes(_MAX_MESSAGE - 2)))
    wire.send(encode_lines(rng.randbytes(4000)))
    _healthy(shared_gate)


def test_requests_with_arguments_of_the_wrong_kind_are_errors(shared_gate, wire):
    """Every command of every group, with maps no client would send."""
    values = (None, True, -1, 2**40, b"", b"x" * 40, "text", [1], {"a": 1})
    names = ("d", "nonce", "mac", "sha", "off", "data", "len", "first", "seq", "link", "key",
             "public", "site", "lang", "datetime", "format")  # fmt: skip
    for group in (0, 1, 65, 66, 67, 68, 7):
        for command in range(8):
            for op in (_READ, _WRITE):
                for value in values:
                    wire.ask(op, group, command, dict.fromkeys(names, value))
    report = shared_gate.status()
    assert report["restarts"] == 0, "no request may end a task"
    _healthy(shared_gate)


def test_garbage_on_the_link(shared_gate, wire, rng):
    before = _dropped(shared_gate)
    wire.send(rng.randbytes(_GARBAGE_BYTES))
    # Lines that begin like frames reach deeper.
    for _ in range(200):
        wire.send(b"\x06\x09" + rng.randbytes(rng.randrange(150)) + b"\n")
        wire.send(b"\x04\x14" + rng.randbytes(rng.randrange(150)) + b"\n")
    _healthy(shared_gate)
    assert _dropped(shared_gate) > before


def test_garbage_on_the_barcode_line_never_allows(shared_gate, rng):
    shared_gate.open_visit()
    verdicts: list[Event] = []
    for data in _bad_codes(rng):
        shared_gate.scanner.barcode(data)
        time.sleep(_BETWEEN_SCANS_S)
        # A good one behind it: when its verdict comes, the bad one has had its own.
        shared_gate.scanner.barcode(rig.VODKA)
        while True:
            event = shared_gate.scanner.wait_for("verdict")
            if event["verdict"] == "refuse_handout":
                break
            verdicts.append(event)
    assert {event["verdict"] for event in verdicts} == {"manual_inspection"}
    assert shared_gate.status()["restarts"] == 0
    time.sleep(_HALF_LINE_S)
    _healthy(shared_gate)


def _bad_codes(rng: random.Random) -> list[bytes]:
    good = rig.SPREAD.encode()
    codes = [
        good[:-1] + bytes((good[-1] ^ 1,)),  # wrong check digit
        good[:5] + b"\x00" + good[5:],  # noise inside
        good[:6] + b"\x7f" + good[6:],
        b"A" * 600,  # longer than any code
        b"\x1d" * 40,
        "§§ æøå".encode(),
        b"]d201" + good,  # too short for the element string it claims to be
        b"]C1" + b"\xff" * 30,
    ]
    codes += [rng.randbytes(rng.randrange(1, 80)).replace(b"\r", b"").replace(b"\n", b"")
              for _ in range(30)]  # fmt: skip
    return codes


@pytest.mark.parametrize(
    "lines",
    [(rig.SPREAD, rig.SPREAD), ("VISITOR", rig.VODKA), (rig.RADIO, rig.SEAL, rig.RADIO)],
    ids=["twice", "command first", "with its own seal"],
)
def test_a_code_of_several_lines_is_no_scan(shared_gate, lines):
    """A 2-D code may hold line ends: it must not act as a card, a command or a seal."""
    shared_gate.open_visit()
    shared_gate.scanner.forget_events()
    texts = [rig.demo_site.command(line) if line.isalpha() else line for line in lines]
    shared_gate.scanner.barcode("\r".join(texts))
    event = shared_gate.scanner.wait_for("verdict")
    assert event["verdict"] == "manual_inspection"
    assert shared_gate.scan(rig.VODKA)["verdict"] == "refuse_handout", "it is the inmate's still"
    shared_gate.scanner.press("back")


def test_a_code_that_loses_its_end_is_answered_by_hand(shared_gate):
    shared_gate.open_visit()
    shared_gate.scanner.forget_events()
    shared_gate.scanner.barcode(rig.SPREAD[:8], end=b"")
    event = shared_gate.scanner.wait_for("verdict")
    assert event["verdict"] == "manual_inspection"
    assert "scan it again" in event["error"]
    assert shared_gate.scan(rig.SPREAD)["verdict"] == "allow"
