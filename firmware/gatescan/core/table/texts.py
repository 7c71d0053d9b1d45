"""Display texts of a table, read one at a time."""

import struct
from binascii import crc32

from gatescan.core.compat import TYPE_CHECKING
from gatescan.core.table.format import (
    LANGS,
    X_ENTRY_BYTES,
    X_HEAD_BYTES,
    X_KINDS,
    X_MAX_BYTES,
    TableError,
    take,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from gatescan.core.table.directory import Section


class Texts:
    """The TEXTS section; nothing but the first entry of each kind is held in RAM."""

    def __init__(self, read_at: "Callable[..., None]", section: "Section") -> None:
        self._read_at = read_at
        self._offset = section.offset
        self._length = section.length
        head = bytearray(X_HEAD_BYTES)
        take(read_at, section.offset, head)
        kinds, langs, entries = struct.unpack_from("<BBH", head, 0)
        self._first = struct.unpack_from("<4H", head, 4) + (entries,)
        ok = (kinds, langs) == (X_KINDS, LANGS)
        ok = ok and X_HEAD_BYTES + entries * X_ENTRY_BYTES <= section.length
        for i in range(X_KINDS):
            ok = ok and self._first[i] <= self._first[i + 1]
        if not ok:
            raise TableError("The texts of the table are damaged: sync the table again.")

    def get(self, kind: int, number: int, lang: int) -> "tuple[str, ...]":
        """Lines of one text, () when the table has none or it is damaged."""
        if not (0 <= kind < X_KINDS and 0 <= lang < LANGS and number >= 0):
            return ()
        at = self._first[kind] + number * LANGS + lang
        if at >= self._first[kind + 1]:
            return ()
        entry = bytearray(X_ENTRY_BYTES)
        try:
            self._read_at(self._offset + X_HEAD_BYTES + at * X_ENTRY_BYTES, entry)
            offset, length, check = struct.unpack("<IHH", entry)
            if not 0 < length <= X_MAX_BYTES or offset > self._length - length:
                return ()
            data = bytearray(length)
            self._read_at(self._offset + offset, data)
            if crc32(data, crc32(bytes((kind, number, lang)))) & 0xFFFF != check:
                return ()
            return tuple(str(data, "utf-8").split("\n"))
        except (OSError, ValueError):  # ValueError: UnicodeError on both interpreters
            return ()
