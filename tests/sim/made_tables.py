"""Signed tables of any size for one gate: the demo table with more items, or with a large section.

Their items are those of the demo table that the tests scan, and `item(0)`, `item(1)` .. beside.
"""

import random
import struct
import time
from collections.abc import Sequence
from zlib import crc32

import demo_site
from gatescan.core.table import format as fmt
from gatescan.core.table.block_format import BLOCK_BYTES
from gatescan.core.table.reader import Table
from gatescan_host.signing import bundle
from gatescan_host.table import encode
from gatescan_host.table.blocks import item_parts
from gatescan_host.table.read import open_bytes, reader_of
from sim import rig

_DAY_S = 86400
FIRST_SEQ = 1000  # above those of the demo tables
_FIRST_ITEM = 400_630_000_000  # 13 digits without the check digit, the first of them 0
_STEP = 50  # between two items, about
_UNKNOWN_SECTION = 99


def item(number: int) -> str:
    """The EAN-13 of item `number`."""
    # Scattered, so that no two places of a table look alike.
    body = f"{_FIRST_ITEM + number * _STEP + crc32(b'%d' % number) % (_STEP - 1):012d}"
    odd, even = (sum(map(int, body[first::2])) for first in (0, 1))
    return body + str(-(odd + 3 * even) % 10)


def key_of(code: str) -> int:
    """The 13-digit number of a code, without its check digit."""
    return int(code.zfill(14)[:13])


def made(count: int, *, items: int = 0, padding_bytes: int = 0) -> bytes:
    """A signed file; a higher `count` has a higher number. Every item() is allowed at a visit."""
    signed = demo_site.signed().data
    demo = open_bytes(table_of(signed))
    codes = [rig.SPREAD, rig.VODKA, rig.RADIO]
    pairs = {key_of(code): demo.lookup(key_of(code)) for code in codes}
    allowed = pairs[key_of(rig.SPREAD)]
    pairs.update({key_of(item(number)): allowed for number in range(items)})
    read = reader_of(table_of(signed))
    parts = list(item_parts(sorted(pairs.items())))
    kinds = {part.kind for part in parts}
    for section in demo.sections:
        if section.kind not in kinds:
            content = bytearray(section.length)
            read(section.offset, content)
            parts.append(encode.Part(section.kind, section.flags, section.count, bytes(content)))
    if padding_bytes:
        filler = random.Random(count).randbytes(padding_bytes)
        parts.append(encode.Part(_UNKNOWN_SECTION, 0, 0, filler))
    return _sign(parts, count)


def _sign(parts: Sequence[encode.Part], count: int) -> bytes:
    now = int(time.time())
    return bundle.sign_table(
        encode.assemble(parts), demo_site.key_folder("site"), site_id="vestre",
        seq=FIRST_SEQ + count, not_before=now - 60, not_after=now + _DAY_S,
    )  # fmt: skip


def table_of(signed: bytes) -> bytes:
    """The table without its signed head."""
    return signed[bundle.parse(signed).head_bytes :]


def block_of(signed: bytes, code: str) -> tuple[int, int]:
    """Offset and length of the block of the table in which a product would stand."""
    table = table_of(signed)
    read = reader_of(table)
    places: list[tuple[int, int]] = []

    def watched(offset: int, buffer: bytearray | memoryview) -> None:
        places.append((offset, len(buffer)))
        read(offset, buffer)

    assert Table(watched, len(table)).lookup(key_of(code)) >= 0
    return places[-1]


def section_of(signed: bytes, kind: int) -> tuple[int, int]:
    """Offset and length of a section of the table."""
    section = next(s for s in open_bytes(table_of(signed)).sections if s.kind == kind)
    return section.offset, section.length


def checksum(signed: bytes, at: int, block: bytes | bytearray) -> bytes:
    """The CRC with which `block` would pass for the block of items at `at` of the table."""
    number = (at - section_of(signed, fmt.K_ITEMS)[0]) // BLOCK_BYTES
    index = section_of(signed, fmt.K_ITEM_INDEX)[0] + fmt.PREFIX_BYTES * number
    key = table_of(signed)[index : index + fmt.PREFIX_BYTES]
    seed = struct.pack(">IH", fmt.K_ITEMS << 24 | number, 0) + key
    return crc32(seed + block[:-4]).to_bytes(4, "little")


def damage(gate: rig.Gate, data: bytes, at: int) -> None:
    """Flip a bit of byte `at` of the table wherever it lies in the flash chip."""
    table = table_of(data)
    flash = gate.scanner.state_dir / "flash.bin"
    content = flash.read_bytes()
    places: set[int] = set()
    for before in (0, 15, 29):  # littlefs may begin a new block of flash amid the bytes around
        around = table[at - before : at - before + 30]
        place = content.find(around)
        while place >= 0:
            places.add(place + before)
            place = content.find(around, place + 1)
    assert places
    with flash.open("r+b") as file:  # the scanner may have it open
        for place in places:
            file.seek(place)
            file.write(bytes((table[at] ^ 4,)))


def amid(place: tuple[int, int]) -> int:
    """The byte in the middle of a place in the table."""
    return place[0] + place[1] // 2
