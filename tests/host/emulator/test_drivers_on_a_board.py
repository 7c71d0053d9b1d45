"""Each reader's driver and each kind of tag once, by the MicroPython that boards have.

The unix port of the other tests may be newer and know more: what a board's version lacks shows
here only. The chips are simulated on the board too, in made-up time.
"""

from functools import cache
from pathlib import Path

import pytest

from emulated_pico.machine import EmulatedPico
from gatescan.core.tags import barcode, chip_ids, em4100, epc, ndef
from gatescan_host import build_id
from gatescan_host.deploy.boards import target
from gatescan_host.deploy.compile import PLAIN, compile_source, compiled_name

ROOT = Path(__file__).resolve().parents[3]
_LIMIT_MS = 60_000
NDEF = "d101065500612e622f63"
_START = f"NDEF = '{NDEF}'" + """
import time
time.sleep_ms(100)
from gatescan.drivers.ticks import ticks_add
t = 0
def run(reader, ms, until=lambda: False):
    global t
    for _ in range(ms // 10):
        reader.tick(t)
        found = reader.take()
        if found is not None:
            print("=", found.uid.hex(), found.data and found.data.hex())
        t = ticks_add(t, 10)
        if until():
            break
def nfc(reader, air):
    from sim_nfc_tag import Type2Tag, Type4Tag
    ndef = bytes.fromhex(NDEF)
    run(reader, 1000, lambda: reader.state == "ready")
    reader.field(True, t)
    for tag in (Type2Tag(bytes(range(4, 11)), ndef), Type4Tag(bytes(range(5, 12)), ndef)):
        air.lay(tag)
        run(reader, 500)
        air.take_away(tag)
        run(reader, 400)
    print("=", reader.model, reader.state)
def engine(make):
    from gatescan.drivers.engines.engine import BarcodeEngine
    sim = make(now=lambda: t)
    driver = BarcodeEngine(sim, sim.set_baud)
    for _ in range(9000):
        globals()["t"] = ticks_add(t, 20)
        driver.tick(t)
        driver.take(t)
        if driver.state == "ready" and driver.model not in ("", "line"):
            break
    sim.scan(b"5901234123457", "E0")
    for _ in range(20):
        globals()["t"] = ticks_add(t, 10)
        driver.tick(t)
        line = driver.take(t)
        if line is not None:
            print("=", line)
    print("=", driver.model.split()[0], driver.state)
"""
_R200 = """
from sim_r200 import SimR200
from gatescan.drivers.rfid.r200 import R200
for header in (0xAA, 0xBB):
    sim = SimR200(header=header)
    reader = R200(sim, reset=sim.reset)
    run(reader, 1500, lambda: reader.state == "ready")
    reader.field(True, t)
    sim.lay(bytes.fromhex("3034257bf400b7800004cb2f"))
    run(reader, 600)
    print("=", reader.model, reader.state)
"""
_PN532 = """
from sim_pn532 import SimPn532I2c
from gatescan.drivers.rfid.pn532 import Pn532
from gatescan.drivers.rfid.pn532_bus import I2cBus
chip = SimPn532I2c()
nfc(Pn532(I2cBus(chip), chip.reset), chip.air)
"""
_MFRC522 = """
from sim_mfrc522 import SimMfrc522
from gatescan.drivers.rfid.mfrc522 import Mfrc522
chip = SimMfrc522()
nfc(Mfrc522(chip, chip.cs, chip.reset), chip.air)
"""
_EPC = "3034257bf400b7800004cb2f 3034257bf400b7800004cb2f"
_CODE = "b']E05901234123457'"
_DRIVERS = {
    "r200": (_R200, [_EPC, "M100 26dBm V1.0 ready"] * 2),
    "pn532": (_PN532, [f"0405060708090a {NDEF}", f"05060708090a0b {NDEF}", "PN532 ready"]),
    "mfrc522": (_MFRC522, [f"0405060708090a {NDEF}", "05060708090a0b None", "MFRC522 ready"]),
    "gm861": ("from sim_gm65 import SimGm861\nengine(SimGm861)", [_CODE, "GROW ready"]),
    "m3y": ("from sim_m3y import SimM3y\nengine(SimM3y)", ["b'5901234123457'", "M3Y-W ready"]),
    "ssi": ("from sim_ssi import SimSsi\nengine(SimSsi)", [_CODE, "SSI ready"]),
}  # fmt: skip
_TAGS = """
from gatescan.core.tags import barcode, chip_ids, em4100, epc, ndef
rooms = {"barcode": barcode, "chip": chip_ids, "em": em4100, "epc": epc, "ndef": ndef}
for read, data in %r:
    room, function = read.split(".")
    tag = getattr(rooms[room], function)(data)
    print("=", tag.key.hex() if tag.key else tag.error)
"""
_READINGS = (
    ("barcode.parse", b"]E05901234123457"), ("barcode.parse", b"]E00042100005264"),
    ("barcode.parse", b"]d20109521234543213172712311047110A\x1d21SN01"),
    ("barcode.parse", b"]C100395212340000000014"),
    ("barcode.parse", b"]Q1https://id.gs1.org/01/09521234543213/21/1%2F2?17=271231"),
    ("epc.read", bytes.fromhex("3034257bf400b7800004cb2f")),
    ("epc.read", bytes.fromhex("f73795211411234538566cb0afc4")),
    ("em.read", bytes.fromhex("2a00c0ffe1")), ("chip.iso14443a", bytes.fromhex("04a1b2c3d4e5f6")),
    ("ndef.read", b"\xd1\x01\x22U\x04id.gs1.org/01/09521234543213/21/7"),
)  # fmt: skip


@cache
def _files() -> dict[str, bytes]:
    """The firmware's modules under the names that they have in the sources, and the chips."""
    sources = dict(build_id.shipped_sources("rpi_pico"))
    sources |= {path.name: path for path in (ROOT / "boards/simulator").glob("sim_*.py")}
    march = target("rpi_pico").march
    return {
        compiled_name(name): compile_source(name, path.read_bytes(), march)
        for name, path in sources.items() if name not in PLAIN
    }  # fmt: skip


def _printed(uf2: Path, program: str) -> list[str]:
    files = {**_files(), "main.py": (_START + program + "\nprint('done')\n").encode()}
    board = EmulatedPico(uf2, files=files)
    board.power_on()
    assert board.wait_console("done", _LIMIT_MS), board.console
    return [line[2:].strip() for line in board.console.splitlines() if line.startswith("= ")]


@pytest.mark.parametrize("driver", sorted(_DRIVERS))
def test_a_driver_finds_its_reader_and_reads(uf2: Path, driver: str) -> None:
    program, expected = _DRIVERS[driver]
    assert _printed(uf2, program) == expected


def test_each_kind_of_tag_is_read_as_on_a_computer(uf2: Path) -> None:
    rooms = {"barcode": barcode, "chip": chip_ids, "em": em4100, "epc": epc, "ndef": ndef}
    expected = []
    for read, data in _READINGS:
        room, function = read.split(".")
        tag = getattr(rooms[room], function)(data)
        expected.append(tag.key.hex() if tag.key else tag.error)
    assert _printed(uf2, _TAGS % (_READINGS,)) == expected
