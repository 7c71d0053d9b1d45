"""Barcodes at random instants while the Pico writes flash: what was sent, what was logged.

The host syncs tables without a pause, the journal turns to new segments, and codes come in from
the engine: products of 13 digits, and texts as long as a tag may be, which do not fit the UART's
FIFO of 32 bytes. Every code is another one, so the log shows which were lost, doubled or changed.
"""

import hashlib
import itertools
import random
import time
from dataclasses import dataclass, field
from functools import cache

import demo_site
from emulated_pico import flash_image, stock
from emulated_pico.build import firmware_files
from emulated_pico.host_link import HostLink
from emulated_pico.machine import EmulatedPico
from emulated_pico.parts import Parts
from gatescan.core.journal import record
from gatescan.core.journal.places import SEGMENT_RECORDS
from gatescan.core.tags import barcode, content, gtin
from gatescan.core.tags.scheme import S_GTIN
from gatescan_host import build_id
from gatescan_host.deploy.boards import target
from gatescan_host.deploy.compile import compile_source
from gatescan_host.deploy.constants import fold
from gatescan_host.link.session import ScannerLink
from gatescan_host.signing import keys
from gatescan_host.simulator.scanner import SimulatedScanner
from gatescan_host.table.read import open_bytes, table_of

KEY = bytes(range(32))
BAUDS = (9600, 115_200)
_BOARD = "rpi_pico"
_BOOT_MS = 30_000.0
_ACTIVATED = (2, 3)  # tables that are synced and used, one after the other
_UPLOADED = (4, 5)  # then these are uploaded in turn, for as long as codes come in
LEFT = 25  # records in the journal's segment: then it turns to a new one
_DEVICE = "ff" * 8  # what the emulated chip calls itself
GAP_MS = (350, 900)  # between two codes; nobody scans faster
_SETTLE_MS = 3_000.0
ERASE_MS = 45.0  # what the emulated chip takes
_TEXT_CHARS = (content.MAX_TEXT_CHARS - 8, content.MAX_TEXT_CHARS)
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789-"
# The reception that MicroPython offers: interrupts move bytes from the FIFO into a ring.
_REMEDY = "return DmaUart(1, uart, _BARCODE_RING_BITS)"
_NO_REMEDY = "return PlainUart(uart)"
_PLAIN_UART = '''

class PlainUart:
    """The UART as the driver offers it, with a ring of 1 kB."""

    def __init__(self, uart):
        uart.init(rxbuf=1024)
        self.write = uart.write
        self.readinto = lambda buf: uart.readinto(buf) if uart.any() else None
'''


@dataclass
class Outcome:
    """What became of the codes; `lost` and `corrupted` must be empty."""

    baud: int
    sent: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)  # not in the log
    corrupted: int = 0  # in the log, and nobody sent them (once)
    erases: int = 0
    programs: int = 0
    hit_by_erase: int = 0  # codes on the wire while a sector was erased
    fifo_lost_bytes: int = 0
    syncs: int = 0  # whole ones, up to the table in use
    events: int = 0  # logged meanwhile
    late_ms: int = 0  # longest time in which the scanner did not look at the engine's line
    condition: str = ""  # in the end, "ok" with a table in use


@cache
def _used_flash() -> bytes:
    """Flash of a scanner with keys, the demo table and a segment of the journal nearly full.

    The simulated scanner writes it: same firmware, same flash, much sooner.
    """
    folder = demo_site.workshop() / "proof"
    folder.mkdir()
    (folder / "unique_id").write_text(_DEVICE)
    scanner = SimulatedScanner(folder, stop_window_ms=20)
    try:
        scanner.power_on()
        with ScannerLink(scanner.ports.link) as link:
            link.provision(KEY, keys.public(demo_site.key_folder()), "vestre", "da")
            link.unlock(KEY)
            link.set_time()
            link.activate(link.upload(demo_site.signed().data))
            while link.status()["journal"]["seq"] < SEGMENT_RECORDS - LEFT:
                link.unlock(KEY)
    finally:
        scanner.close()
    return (folder / "flash.bin").read_bytes()


@cache
def _flash(baud: int, remedy: bool) -> bytes:
    """The same with the firmware as it is deployed, for an engine at `baud`."""
    files = firmware_files(_BOARD, {"board.mpy": _board(baud, remedy)})
    return flash_image.add(_used_flash(), files)


def _board(baud: int, remedy: bool) -> bytes:
    """board.mpy for an engine at `baud`; without the remedy, receiving as MicroPython offers."""
    texts = {
        name: path.read_text(encoding="utf-8")
        for name, path in build_id.shipped_sources(_BOARD).items()
    }
    changes = [("BARCODE_BAUD = 9600", f"BARCODE_BAUD = {baud}")]
    if not remedy:
        changes.append((_REMEDY, _NO_REMEDY))
        texts["board.py"] += _PLAIN_UART
    for old, new in changes:
        assert texts["board.py"].count(old) == 1, f"board.py no longer says {old}"
        texts["board.py"] = texts["board.py"].replace(old, new)
    return compile_source("board.py", fold(texts)["board.py"].encode(), target(_BOARD).march)


def _start(pico: EmulatedPico) -> HostLink:
    pico.power_on()
    assert pico.wait_console("ready, device", _BOOT_MS), pico.console
    return HostLink(pico)


def _code(rng: random.Random) -> str:
    """Half of the codes are products, half long texts."""
    if rng.random() < 0.5:
        digits = "590" + "".join(rng.choice("0123456789") for _ in range(9))
        return f"{digits}{gtin.check_digit(digits.encode(), 0, 12)}"
    length = rng.randint(*_TEXT_CHARS)
    return "T" + "".join(rng.choice(_LETTERS) for _ in range(length - 1))


def _mark(code: str, salt: bytes) -> bytes:
    """The tag under which the journal keeps `code` (core/visit.py)."""
    tag = barcode.parse(code.encode())
    assert tag.key is not None
    if tag.scheme == S_GTIN:
        return record.retail_tag(tag.scheme, int(tag.gtin))
    return record.keyed_tag(tag.scheme, hashlib.sha256(salt + tag.key).digest())


def _salts() -> list[bytes]:
    """Of every table that is in use while codes come in."""
    return [
        bytes(open_bytes(table_of(demo_site.signed(number).data)).meta["salt"])
        for number in (1, *_ACTIVATED)
    ]


def run(baud: int, count: int, seed: int, *, remedy: bool = True) -> Outcome:
    """Send `count` codes at `baud`, at instants that `seed` chooses, during syncs."""
    rng = random.Random(seed)
    outcome = Outcome(baud)
    pico = EmulatedPico(stock.image(), flash=_flash(baud, remedy), parts=Parts())
    host = _start(pico)
    host.unlock(KEY)
    host.set_time(int(time.time()))
    first = host.status()["journal"]["seq"] + 1
    operations_before = len(pico.flash_log)
    spans: list[tuple[float, float]] = []

    def go_on() -> bool:
        """Keep the engine a code ahead; between two packets, so while the host is busy."""
        if len(spans) < count and (not spans or pico.now_ms > spans[-1][0]):
            begin_ms = (spans[-1][1] if spans else pico.now_ms) + rng.uniform(*GAP_MS)
            begin_ms = max(begin_ms, pico.now_ms)
            code = _code(rng)
            outcome.sent.append(code)
            spans.append((begin_ms, pico.barcode.send(f"{code}\r".encode(), baud, begin_ms)))
        return len(spans) < count or pico.now_ms < spans[-1][1] + _SETTLE_MS

    host.between = go_on
    for number in itertools.chain(_ACTIVATED, itertools.cycle(_UPLOADED)):
        if not go_on():
            break
        data = demo_site.signed(number).data
        if host.upload(data, go_on) and number in _ACTIVATED:
            host.activate(data)
            outcome.syncs += 1
    _judge(outcome, host.records(first))
    report = host.status()
    outcome.late_ms, outcome.condition = report["late_ms"], report["condition"]
    operations = pico.flash_log[operations_before:]
    erases_ms = [at for at, kind, _ in operations if kind == "erase"]
    outcome.erases, outcome.programs = len(erases_ms), len(operations) - len(erases_ms)
    outcome.hit_by_erase = sum(
        any(at < end and begin < at + ERASE_MS for at in erases_ms) for begin, end in spans
    )
    outcome.fifo_lost_bytes = pico.barcode.lost
    return outcome


def _judge(outcome: Outcome, records: bytes) -> None:
    """Compare the log with what was sent."""
    salts = _salts()
    wanted = {mark: code for code in outcome.sent for mark in {_mark(code, s) for s in salts}}
    found: list[str] = []
    for at in range(0, len(records), record.RECORD_BYTES):
        event = record.unpack(records, at)
        if event.kind in (record.JK_SCAN, record.JK_TAG_REFUSED):
            code = wanted.get(bytes(event.tag))
            if code is None or code in found:
                outcome.corrupted += 1
            else:
                found.append(code)
    outcome.lost = [code for code in outcome.sent if code not in found]
    outcome.events = len(records) // record.RECORD_BYTES
