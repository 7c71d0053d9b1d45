"""Reads the fuzzer's bytes as a script of changes to a good file."""

import struct

from fuzz import forge
from fuzz.forge import Piece

CODES, ITEMS, ITEM_INDEX = 16, 3, 4
MAX_EDITS = 16
MAX_PIECE_BYTES = 8192
# lengths and counts at which arithmetic goes wrong
_EDGES = (
    0, 1, 2, 3, 6, 7, 31, 64, 65, 127, 128, 255, 256, 511, 512, 1023, 1024, 2047, 2048, 4095,
    65535, 1 << 16, 1 << 24, 1 << 28, (1 << 31) - 1, 1 << 31, (1 << 32) - 512, (1 << 32) - 1,
)  # fmt: skip


class Script:
    """Numbers out of the input; zeros behind its end."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def more(self) -> bool:
        """Whether there is input left."""
        return self._at < len(self._data)

    def u8(self) -> int:
        """One byte."""
        at = self._at
        self._at = at + 1
        return self._data[at] if at < len(self._data) else 0

    def u16(self) -> int:
        """Two bytes."""
        return self.u8() << 8 | self.u8()

    def number(self) -> int:
        """A length or count: one of the edges or any u32."""
        choice = self.u8()
        if choice < len(_EDGES):
            return _EDGES[choice]
        return self.u16() << 16 | self.u16() if choice & 1 else self.u8()

    def rest(self) -> bytes:
        """All that is left."""
        at, self._at = self._at, len(self._data)
        return self._data[at:]


def forged(file: bytes, script: Script) -> bytes:
    """`file` changed as the script says, its sums mended as far as the script says."""
    mend = script.u8()
    magic, pieces = forge.take_apart(file)
    for _ in range(MAX_EDITS):
        if not script.more or not pieces:
            break
        _edit(pieces, script)
    # most inputs have all sums right: what lies behind the checks is to be reached
    out = forge.assemble(magic, pieces[:30], mend & 7 if mend & 8 else forge.MEND_ALL)
    if mend & 16:
        _edit_directory(out, script)
        if mend & 32:
            forge.mend_directory(out)
    if mend & 64:
        del out[script.u16() % (len(out) + 1) :]
        if mend & 128 and len(out) >= forge.HEADER_BYTES:
            forge.mend_directory(out)
    return bytes(out)


def _edit(pieces: list[Piece], script: Script) -> None:
    op = script.u8()
    piece = pieces[script.u8() % len(pieces)]
    if op & 0x80:  # more often: what the decoder meets
        wanted = (CODES, ITEMS, ITEM_INDEX, 18)[op >> 5 & 3]
        piece = next((p for p in pieces if p.kind == wanted), piece)
    data = piece.data
    at = script.u16() % (len(data) or 1)
    op &= 15
    if op == 0 and data:
        data[at] ^= 1 << (script.u8() & 7)
    elif op == 1 and data:
        data[at] = script.u8()
    elif op == 2 and data:
        value = struct.pack("<I" if script.u8() & 1 else ">I", script.number())
        data[at : at + 4] = value[: len(data) - at]
    elif op == 3:
        data[at:at] = bytes(script.u8() for _ in range(script.u8() & 31))
    elif op == 4:
        del data[at : at + script.number() % 4096]
    elif op == 5:
        piece.kind = script.u8()
    elif op == 6:
        piece.flags = script.u8()
    elif op == 7:
        piece.count = script.number()
    elif op == 8:
        _swap_lengths(pieces, script)
    elif op == 9:
        _edit_block(pieces, script)
    elif op == 10:
        data[:] = data[: script.number() % (MAX_PIECE_BYTES + 1)]
    elif op == 11:
        data.extend(bytes(script.number() % 2049))
    elif op == 12:
        other = pieces[script.u8() % len(pieces)].data
        begin = script.u16() % (len(other) or 1)
        data[at : at + 16] = other[begin : begin + 16]
    elif op == 13:
        place = pieces.index(piece)
        if script.u8() & 1:
            del pieces[place]
        else:
            pieces.insert(place, Piece(**{**vars(piece), "data": bytearray(data)}))
    elif op == 14:
        pieces.insert(script.u8() % len(pieces), pieces.pop(pieces.index(piece)))
    elif op == 15 and data:
        data[at:] = script.rest()[: max(0, MAX_PIECE_BYTES - at)]
    if len(data) > MAX_PIECE_BYTES:
        del data[MAX_PIECE_BYTES:]


def _swap_lengths(pieces: list[Piece], script: Script) -> None:
    """Exchange two nibbles of CODES: within one table the code stays complete."""
    data = next((p.data for p in pieces if p.kind == CODES), bytearray())
    if len(data) < 8:
        return
    places = [8 + script.u16() % (2 * len(data) - 8) for _ in range(2)]
    nibbles = [data[n >> 1] >> (0 if n & 1 else 4) & 15 for n in places]
    for place, nibble in zip(places, reversed(nibbles), strict=True):
        kept = data[place >> 1] & (0xF0 if place & 1 else 0x0F)
        data[place >> 1] = kept | (nibble if place & 1 else nibble << 4)


def _edit_block(pieces: list[Piece], script: Script) -> None:
    """Count, first class or bits of a block."""
    data = next((p.data for p in pieces if p.kind == ITEMS), bytearray())
    at = script.u8() % (len(data) // 1024 + 1) * 1024
    field = script.u8()
    if len(data) < at + 7:
        return
    if field & 1:
        struct.pack_into("<H", data, at, script.number() & 0xFFFF)
    if field & 2:
        data[at + 2] = script.u8()
    if field & 4:
        for n in range(at + 3, min(at + 3 + script.u8(), len(data) - 4)):
            data[n] = script.u8()


def _edit_directory(file: bytearray, script: Script) -> None:
    """Set one field of the header or of an entry."""
    places = [4, 6, 8, 12] + [at + field for at in range(16, min(len(file) - 20, 496), 20)
                              for field in (0, 2, 4, 8, 12, 16)]  # fmt: skip
    at = places[script.u8() % len(places)]
    wide = (at < 16 and at >= 8) or (at >= 16 and (at - 16) % 20 >= 4)
    value = script.number()
    struct.pack_into("<I" if wide else "<H", file, at, value if wide else value & 0xFFFF)
