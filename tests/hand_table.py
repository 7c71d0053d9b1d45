"""Table files written by hand as FORMAT.md says, bit by bit, for tests on both interpreters.

Nothing of the firmware's or the host's encoders is used. The code is a plain one: of n symbols as
many as can have a word of one bit less than the others. Each kind but the first item has two
tables, one with the short words at the start, one with them at the end.
"""

import hashlib
import struct
from binascii import crc32

_SIZES = (84, 65, 54)  # joint, class, company
_BLOCK = 1024


def lengths(symbols, from_end):
    """Code lengths of one table."""
    bits = 0
    while 1 << bits < symbols:
        bits += 1
    short = (1 << bits) - symbols
    out = [bits - 1] * short + [bits] * (symbols - short)
    return out[::-1] if from_end else out


def words(lengths):
    """The canonical code: symbol -> bits as text."""
    out = [""] * len(lengths)
    word = 0
    for length in range(1, 16):
        word <<= 1
        for symbol, own in enumerate(lengths):
            if own == length:
                out[symbol] = binary(word, length)
                word += 1
    return out


def binary(value, bits):
    """A number as text of so many bits."""
    return "".join(str(value >> n & 1) for n in range(bits - 1, -1, -1))


def packed(nibbles):
    """Two numbers below 16 a byte, the first one above."""
    nibbles = nibbles + [0] * (len(nibbles) & 1)
    return bytes(a << 4 | b for a, b in zip(nibbles[::2], nibbles[1::2]))


def codes():
    """The CODES section: contexts with a change, odd classes and odd symbols take the second."""
    maps = [changed for _ in range(36) for changed in (0, 1)]
    maps += [n & 1 for n in range(65)] + [n & 1 for n in range(54)]
    for size in _SIZES:
        maps += lengths(size, False) + lengths(size, True)
    return bytes((2, 2, 2, 0)) + packed(maps + lengths(34, False))


_CODES = codes()
_WORDS = [(words(lengths(size, False)), words(lengths(size, True))) for size in _SIZES]
_ITEM_WORDS = words(lengths(34, False))


def number(value, k):
    """(symbol, extra bits as text) of a number: below 2^k itself, then two symbols an octave."""
    if value < 1 << k:
        return value, ""
    octave = 0
    while value >> octave + 1:
        octave += 1
    symbol = (1 << k) + 2 * (octave - k) + (value >> octave - 1 & 1)
    return symbol, binary(value & (1 << octave - 1) - 1, octave - 1)


def gap_class(symbol):
    """0 another company, 1 the next number, then wider and wider."""
    return sum(symbol >= least for least in (1, 2, 4, 16, 24))


class Block:
    """A block on its way: what stands in it, and the state after its last key."""

    def __init__(self, key, class_id):
        self.first = key
        self.first_class = class_id
        self.count = 1
        self.bits = ""
        self.last = key
        self.class_id = class_id
        self.gap_class = self.gap_class_before = self.changed = 0
        self.company_symbol = 0

    def bits_of(self, key, class_id):
        """(bits of the next key, its gap symbol, the company symbol)"""
        company, item = divmod(key, 100000)
        before, item_before = divmod(self.last, 100000)
        changed = int(class_id != self.class_id)
        symbol, extra = (0, "") if company != before else number(item - item_before, 4)
        out = _WORDS[0][self.changed][symbol + 42 * changed] + extra
        company_symbol = self.company_symbol
        if company != before:
            company_symbol, extra = number(company - before - 1, 2)
            out += _WORDS[2][self.company_symbol & 1][company_symbol] + extra
            first, extra = number(item, 1)
            out += _ITEM_WORDS[first] + extra
        if changed:
            out += _WORDS[1][self.class_id & 1][class_id]
        return out, symbol, company_symbol

    def add(self, key, class_id, room):
        """Take the next key; False when there is no room for it."""
        more, symbol, company_symbol = self.bits_of(key, class_id)
        if len(self.bits) + len(more) > room or self.count == 2047:
            return False
        self.bits += more
        self.count += 1
        self.gap_class_before, self.gap_class = self.gap_class, gap_class(symbol)
        self.changed = int(class_id != self.class_id)
        self.last, self.class_id, self.company_symbol = key, class_id, company_symbol
        return True

    def bytes(self, kind, place, last):
        """The finished block."""
        body = struct.pack("<HB", self.count, self.first_class)
        bits = self.bits + "0" * (-len(self.bits) % 8)
        body += bytes(int(bits[n : n + 8], 2) for n in range(0, len(bits), 8))
        if not last:
            body += bytes(_BLOCK - 4 - len(body))
        seed = struct.pack(">IH", kind << 24 | place, 0) + index_key(self.first)
        return body + struct.pack("<I", crc32(body, crc32(seed)))


def index_key(key):
    """6 bytes: the company, then 17 bits of the item."""
    company, item = divmod(key, 100000)
    return (company << 17 | item).to_bytes(6, "big")


def item_sections(pairs, kind=3):
    """(kind, flags, count, data) of CODES, ITEMS and ITEM_INDEX for ascending (key, class)."""
    blocks = []
    for key, class_id in pairs:
        if not blocks or not blocks[-1].add(key, class_id, (_BLOCK - 7) * 8):
            blocks.append(Block(key, class_id))
    last = len(blocks) - 1
    data = b"".join(block.bytes(kind, n, n == last) for n, block in enumerate(blocks))
    index = b"".join(index_key(block.first) for block in blocks)
    return [(16, 1, 1, _CODES), (3, 5, len(pairs), data), (4, 1, len(blocks), index)]


def page(kind, number, records):
    """A page of records."""
    body = bytes((len(records), 0)) + b"".join(records)
    body += bytes(508 - len(body))
    seed = struct.pack(">I", kind << 24 | number)
    return body + struct.pack("<I", crc32(body, crc32(seed)))


def file(sections, magic=b"GST1"):
    """Header, directory, the sections (kind, flags, count, data) and SHA-256."""
    start = 16 + 20 * len(sections)
    directory = body = b""
    for kind, flags, count, data in sections:
        crc = 0 if flags & 6 else crc32(data)
        directory += struct.pack("<HHIIII", kind, flags, start + len(body), len(data), count, crc)
        body += data
    head = struct.pack("<4sHHI", magic, 2, len(sections), start + len(body) + 32)
    out = head + struct.pack("<I", crc32(directory, crc32(head))) + directory + body
    return out + hashlib.sha256(out).digest()


def source(data):
    """(read_at, size) of a file in memory; whoever reads outside of it ends the run."""

    def read_at(offset, buffer):
        if offset < 0 or offset + len(buffer) > len(data):
            raise AssertionError("read outside the file")
        buffer[:] = data[offset : offset + len(buffer)]

    return read_at, len(data)
