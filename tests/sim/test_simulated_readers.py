"""Engines and RFID readers behind the simulated board's buses: drivers find them, tags are read.

The drivers run on the board's own constructors in a MicroPython without the rest of the firmware;
one visit runs on the whole of it.
"""

import ast
import json
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import made_seals
from gatescan.core import codes
from gatescan.core.seals import sun
from gatescan.core.seals.message import read_message
from gatescan_host.errors import GatescanError
from gatescan_host.link.provisioning import Reader
from gatescan_host.simulator.checkout import micropython
from gatescan_host.simulator.hand import _FAULTS
from gatescan_host.simulator.scanner import SimulatedScanner
from gatescan_host.simulator.tags import Engine, checked
from gatescan_host.simulator.wires import Pty
from sim import rig
from sim.test_sim_command import _order
from sim.test_sim_command import program as program

BOARD = rig.ROOT / "boards" / "simulator"
UID = "04a1b2c3d4e5f6"
URI = "d1010d5504" + b"example.com/".hex()
META_KEY, FILE_KEY = bytes(range(16)).hex(), bytes(range(16, 32)).hex()
EPC = "3034257bf400b7800004cb2f"
PLAYER = "04d15c0a0b0c80"  # of the demonstration's inmate-7f3a; its seal is made_seals.UID
# `run` lets a reader have some made-up time and prints each tag; `obey` is the hand's.
BENCH = """
import time
import board
import sim_readers
def obey(**order):
    sim_readers.obey(order, board._bench(), board._barcode)
now_ms = 0
def run(reader, ms):
    global now_ms
    for _ in range(ms // 5):
        now_ms += 5
        reader.tick(now_ms)
        seen = reader.take()
        if seen is not None:
            print("seen", seen.kind, seen.uid.hex(), seen.data.hex() if seen.data else None,
                  seen.tamper.hex() if seen.tamper else None)
def up(reader):
    run(reader, 400)
    reader.field(True, now_ms)
    print("state", reader.state)
"""
PN532 = """
from gatescan.drivers.rfid.pn532 import Pn532
from gatescan.drivers.rfid.pn532_bus import I2cBus
reader = Pn532(I2cBus(board.nfc_i2c()), board.nfc_reset())
up(reader)
"""
MFRC522 = """
from gatescan.drivers.rfid.mfrc522 import Mfrc522
spi, cs = board.nfc_spi()
reader = Mfrc522(spi, cs, board.nfc_reset())
up(reader)
"""
NFC = {"pn532": PN532, "mfrc522": MFRC522}


def printed(settings: dict[str, Any], code: str, limit_s: float = 20, **more: Any) -> list[str]:
    """The lines that `code` prints on the simulated board with these settings."""
    path = os.pathsep.join((str(BOARD), str(rig.ROOT / "firmware"), ".frozen"))
    done = subprocess.run(
        [micropython(), "-X", "heapsize=2m", "-c", BENCH + code],
        env={**os.environ, "MICROPYPATH": path, "GATESCAN_SIM": json.dumps(settings)},
        capture_output=True, text=True, timeout=limit_s, **more,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()


def laid(**tag: Any) -> str:
    """Code that lays a tag, gives the reader time for it and takes it away."""
    return (
        f"obey(do='lay', tag={tag!r})\nrun(reader, 600)\nobey(do='take_away')\nrun(reader, 500)\n"
    )


def kinds(module: str) -> tuple[str, ...]:
    """The KINDS that a file of the simulated board names."""
    for node in ast.parse((BOARD / f"{module}.py").read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "KINDS":
            found: tuple[str, ...] = ast.literal_eval(node.value)
            return found
    raise AssertionError(f"{module} names no KINDS")


def test_the_host_offers_what_the_board_has() -> None:
    assert tuple(Engine) == kinds("sim_engines")
    assert tuple(Reader) == kinds("sim_readers")


@pytest.mark.parametrize("reader", sorted(NFC))
def test_a_tag_is_read_whole_on_its_bus(reader: str) -> None:
    tags = ({"uid": UID, "ndef": URI, "tamper": "4142434443"}, {"uid": UID, "ndef": URI})
    code = NFC[reader] + laid(kind="type2", **tags[0]) + laid(kind="type2", **tags[1])
    assert printed({"reader": reader}, code + laid(kind="uid", uid="01020304")) == [
        "state ready",
        f"seen 3 {UID} {URI} 4142434443",
        f"seen 3 {UID} {URI} None",
        "seen 3 01020304 None None",
    ]


def test_two_tags_are_none() -> None:
    code = PN532 + f"obey(do='lay', tag={{'kind': 'uid', 'uid': '{UID}'}})\n"
    code += laid(kind="uid", uid="01020304")
    assert printed({"reader": "pn532"}, code) == ["state ready"]


@pytest.mark.parametrize("meta_key", [META_KEY, None])
@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("CC", codes.SO_INTACT), ("OC", codes.SO_OPENED), ("II", codes.SO_UNREADABLE),
        (None, codes.SO_INTACT),
    ],
)  # fmt: skip
def test_a_seal_counts_and_the_firmware_believes_it(
    meta_key: str | None, status: str | None, outcome: int
) -> None:
    """Read by the driver twice, judged by the firmware's own verification: the counter rises."""
    tag: dict[str, Any] = {"uid": UID, "file_key": FILE_KEY, "ctr": 5, "status": status}
    code = PN532 + "obey(do='lay', tag=%r)\n" % {"kind": "ntag424", "meta_key": meta_key, **tag}
    # The reader loses the tag, not the seal its counter: it lies there all the time.
    code += "run(reader, 500)\ntag = board._bench().reader.air.tags.pop()\nrun(reader, 600)\n"
    code += "board._bench().reader.air.lay(tag)\nrun(reader, 500)\n"
    lines = printed({"reader": "pn532"}, code)
    assert len(lines) == 3, lines
    for number, line in enumerate(lines[1:]):
        _, kind, uid, ndef, tamper = line.split()
        assert (kind, uid, tamper) == ("3", UID, "None")
        message = read_message(bytes.fromhex(ndef), mac_covers_file=status is not None)
        assert message is not None
        if meta_key is None:
            assert message.uid is not None
            found_uid, ctr = message.uid, message.ctr
        else:
            found = sun.picc_data(made_seals.aes, bytes.fromhex(META_KEY), message.picc_enc)
            assert isinstance(found, tuple), found
            found_uid, ctr = found
        assert (found_uid.hex(), ctr) == (UID, 5 + number)
        judged = sun.verify(
            made_seals.aes, bytes.fromhex(FILE_KEY), found_uid, ctr, message.sdmmac,
            message.mac_input, message.enc_file, 4 + number, has_loop=status is not None,
        )  # fmt: skip
        assert judged.proven and judged.found == outcome, judged
        wrong = sun.verify(
            made_seals.aes, bytes(16), found_uid, ctr, message.sdmmac, message.mac_input,
            message.enc_file, 4, has_loop=status is not None,
        )  # fmt: skip
        assert not wrong.proven


def test_an_epc_is_heard_at_the_reader_s_own_speed_only() -> None:
    code = """
from gatescan.drivers.rfid.r200 import R200
line = board.rfid_uart()
print("held", board.line_held("rfid"))
reader = R200(line)
run(reader, 1500)
print("state", reader.state)
line.set_baud(115200)
run(reader, 1500)
up(reader)
""" + laid(kind="epc", epc=EPC)
    assert printed({"reader": "r200"}, code) == [
        "held True", "state silent", "state ready", f"seen 2 {EPC} {EPC} None"
    ]  # fmt: skip


@pytest.mark.parametrize("reader", ["rdm6300", "r200"])
def test_a_bus_without_a_reader_is_open(reader: str) -> None:
    code = PN532 + MFRC522 + "into = bytearray(3)\nspi.write_readinto(b'abc', into)\nprint(into)\n"
    open_buses = ["state silent", "state silent", "bytearray(b'\\xff\\xff\\xff')"]
    assert printed({"reader": reader}, code) == open_buses


@pytest.mark.parametrize("reader", sorted(NFC))
def test_a_reader_that_hangs_or_was_unplugged_comes_back(reader: str) -> None:
    code = NFC[reader]
    plug = "obey(do='reader', what='plug')\n"
    # The driver's reset pin ends what a PN532 is at; nothing but the plug helps an MFRC522.
    for fault, remedy in (("hang", plug if reader == "mfrc522" else ""), ("unplug", plug)):
        code += f"obey(do='reader', what='{fault}')\nrun(reader, 1500)\n{remedy}"
        code += "run(reader, 3000)\nprint('now', reader.state)\n"
        code += "reader.field(True, now_ms)\n" + laid(kind="uid", uid="01020304")
    assert printed({"reader": reader}, code, limit_s=40) == [
        "state ready", "now ready", "seen 3 01020304 None None",
        "now ready", "seen 3 01020304 None None",
    ]  # fmt: skip


@pytest.mark.parametrize("what", ["mute", "flip"])
@pytest.mark.parametrize("reader", ["r200", *sorted(NFC)])
def test_a_disturbed_answer_costs_a_retry_and_no_other_tag(reader: str, what: str) -> None:
    if reader == "r200":
        code = "from gatescan.drivers.rfid.r200 import R200\nline = board.rfid_uart()\n"
        code += "line.set_baud(115200)\nreader = R200(line)\nrun(reader, 1000)\nup(reader)\n"
        tag, seen = {"kind": "epc", "epc": EPC}, f"seen 2 {EPC} {EPC} None"
    else:
        code, tag = NFC[reader], {"kind": "uid", "uid": UID}
        seen = f"seen 3 {UID} None None"
    code += f"obey(do='lay', tag={tag!r})\n"
    code += f"for n in range(6):\n obey(do='reader', what='{what}', bit=37 * n)\n run(reader, 70)"
    assert printed({"reader": reader}, code + "\nrun(reader, 1500)\n") == ["state ready", seen]


@pytest.fixture
def barcode_line() -> Iterator[Pty]:
    line = Pty()
    yield line
    line.close()


ENGINE = """
from gatescan.drivers.engines.engine import BarcodeEngine
uart = board.barcode_uart()
print("held", board.line_held("barcode"))
engine = BarcodeEngine(uart, uart.set_baud)
def play(ms, until=lambda: False):
    end = time.ticks_add(time.ticks_ms(), ms)
    while time.ticks_diff(end, time.ticks_ms()) > 0 and not until():
        engine.tick(time.ticks_ms())
        line = engine.take(time.ticks_ms())
        if line is not None:
            print("code", line)
        time.sleep_ms(2)
"""


@pytest.mark.parametrize(
    ("kind", "found", "code"),
    [
        ("gm65", "GM65", b"5901234123457"),
        ("gm861", "GROW 1E", b"]E05901234123457"),
        ("m3y", "M3Y-W", b"5901234123457"),
        ("ssi", "SSI", b"]E05901234123457"),
    ],
)
def test_an_engine_is_found_and_delivers_codes(
    barcode_line: Pty, kind: str, found: str, code: bytes
) -> None:
    lines = printed(
        {"engine": kind, "barcode": barcode_line.master},
        ENGINE + "play(9000, lambda: engine.state == 'ready')\n"
        "print('model', engine.model, engine.state)\n"
        "obey(do='engine', what='mute', count=2)\nplay(200)\n"
        "import os\nfd = open(%r, 'wb')\nfd.write(b']E05901234123457\\r')\nfd.close()\nplay(300)\n"
        "obey(do='engine', what='unplug')\nprint('held', board.line_held('barcode'))\n"
        % barcode_line.path,
        pass_fds=(barcode_line.master,),
    )
    assert lines[0] == "held True" and lines[-1] == "held False"
    assert lines[1].startswith(f"model {found}") and lines[1].endswith(" ready")
    assert lines[2:-1] == [f"code {code!r}"]


def test_an_engine_that_was_unplugged_from_the_start_holds_no_line(barcode_line: Pty) -> None:
    settings = {"engine": "gm65", "barcode": barcode_line.master, "unplugged": ["barcode"]}
    lines = printed(settings, ENGINE, pass_fds=(barcode_line.master,))
    assert lines == ["held False"]


def test_the_line_is_as_it_always_was(barcode_line: Pty) -> None:
    """Every byte, whatever the speed: a pty has none."""
    code = (
        "uart = board.barcode_uart()\nuart.set_baud(115200)\ndata = bytearray(300)\n"
        "time.sleep_ms(100)\nprint(bytes(data[:uart.readinto(data)]) == bytes(range(256)))\n"
    )
    barcode_line.write(bytes(range(256)))
    settings = {"barcode": barcode_line.master}
    assert printed(settings, code, pass_fds=(barcode_line.master,)) == ["True"]


@pytest.mark.parametrize(
    "tag",
    [
        {}, {"kind": "cow"}, {"kind": "type2"}, {"kind": "type2", "uid": "04"},
        {"kind": "type2", "uid": UID, "ndef": "00" * 142}, {"kind": "type2", "uid": 7},
        {"kind": "type2", "uid": UID, "tamper": "00"}, {"kind": "type2", "uid": "x" * 14},
        {"kind": "type4", "uid": UID, "tamper": "0000000000"}, {"kind": "epc", "epc": EPC},
        {"kind": "ntag424", "uid": UID}, {"kind": "uid", "uid": "0102030405"},
        {"kind": "ntag424", "uid": UID, "file_key": FILE_KEY, "ctr": 1 << 24},
        {"kind": "ntag424", "uid": UID, "file_key": FILE_KEY, "ctr": True},
        {"kind": "ntag424", "uid": UID, "file_key": FILE_KEY, "status": "C"},
        {"kind": "ntag424", "uid": UID, "file_key": FILE_KEY, "status": "åå"},
        {"kind": "ntag424", "uid": UID, "file_key": FILE_KEY[2:]},
    ],
)  # fmt: skip
def test_a_tag_that_cannot_be_is_refused_on_the_host(tag: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        checked(tag, "pn532")


def test_a_tag_needs_a_reader_for_it() -> None:
    assert checked({"kind": "epc", "epc": EPC.upper()}, "r200") == {"kind": "epc", "epc": EPC}
    for tag, reader in (
        ({"kind": "epc", "epc": EPC}, "mfrc522"), ({"kind": "uid", "uid": UID}, "r200"),
        ({"kind": "uid", "uid": UID}, "rdm6300"),
    ):  # fmt: skip
        with pytest.raises(ValueError, match=reader):
            checked(tag, reader)


def test_an_unknown_part_is_refused(tmp_path: Path) -> None:
    for options in ({"engine": "laser"}, {"reader": "pn531"}):
        with pytest.raises(ValueError):
            SimulatedScanner(tmp_path, **options)  # type: ignore[arg-type]


@pytest.fixture
def scanner(tmp_path: Path) -> Iterator[SimulatedScanner]:
    """Factory-new, with an engine and a reader whose code the firmware loads or not."""
    with SimulatedScanner(tmp_path, stop_window_ms=20, engine="gm861", reader="r200") as made:
        yield made


def test_no_order_stops_the_hand(scanner: SimulatedScanner) -> None:
    scanner.lay(kind="epc", epc=EPC)
    scanner.take_away()
    for part, faults in _FAULTS.items():
        for what in faults:
            scanner.fault(part, what, count=1, bit=3, address=0, value=0xD6)
    scanner.fault("engine", "dance")
    scanner.wait_for("refused", where=lambda event: event["order"]["what"] == "dance")
    scanner.order({"do": "lay", "tag": {}})
    scanner.order({"do": "memory"})
    assert scanner.wait_for("memory")["free"] > 0
    with pytest.raises(GatescanError, match="RDM6300"):
        scanner.present("0102030405")


def order(ports: dict[str, Any], **what: Any) -> None:
    """Have an order carried out on the control pty."""
    assert _order(ports["control"], what) == {"ok": True}


def test_an_nfc_seal_opens_its_item_once_for_each_of_its_counters(program: Any) -> None:
    """The demonstration's player: its chip is scanned, then its seal's, which must be new."""
    sim = program("--events", "--demo-table", "--reader", "pn532", "--engine", "gm861")
    ports = sim.line()
    seal = {
        "kind": "ntag424", "uid": made_seals.UID.hex(), "meta_key": made_seals.DEMO_META_KEY.hex(),
        "file_key": made_seals.demo_file_key().hex(),
    }  # fmt: skip
    order(ports, do="present", uid=rig.CARD)
    while sim.event("screen")["tone"] != "visit":
        pass  # the start screen was still to come
    found = []
    for ctr, status in ((6, "CC"), (6, "CC"), (7, "OC"), (8, "CC")):
        order(ports, do="lay", tag={"kind": "uid", "uid": PLAYER})
        assert sim.event("verdict")["verdict"] == "manual_inspection", "before its seal was seen"
        order(ports, do="take_away")
        order(ports, do="lay", tag={**seal, "ctr": ctr, "status": status})
        found.append(sim.event("verdict")["verdict"])
        order(ports, do="take_away")
        time.sleep(0.5)  # longer than the 300 ms after which a tag counts as gone
    assert found == ["allow", "manual_inspection", "manual_inspection", "allow"]


def test_wrong_orders_to_the_readers_are_answered_with_a_sentence(program: Any) -> None:
    sim = program("--events")
    control = sim.line()["control"]
    for wrong in (
        {"do": "lay"}, {"do": "lay", "tag": 7}, {"do": "lay", "tag": {"kind": "cow"}},
        {"do": "lay", "tag": {"kind": "uid", "uid": "01020304"}},  # an RDM6300 sees none
        {"do": "engine"}, {"do": "engine", "what": "dance"}, {"do": "reader", "what": "reset"},
        {"do": "engine", "what": "mute", "count": "many"}, b"nonsense", [1],
        {"do": "press", "button": "ok", "ms": "x"}, {"do": "present", "uid": 7}, {"do": "kill"},
        {"do": "present", "uid": "zz"}, {"do": "lay", "tag": {"kind": "uid", "uid": "zz"}},
    ):  # fmt: skip
        answer = _order(control, wrong)
        assert answer["ok"] is False and answer["error"], wrong
        for word in ("argument", "indices", "invalid", "Expecting", "hexadecimal"):
            assert word not in answer["error"], "Python's words"
    order({"control": control}, do="engine", what="reset")  # on the board it is refused
    assert sim.event("refused")["order"] == {"do": "engine", "what": "reset"}
    order({"control": control}, do="memory")
    assert sim.event("memory")["free"] > 0
