"""Sorted records in 512-byte pages: one page buffer, a binary search, an index of pages.

The search compares keys as two 24-bit numbers, which fit the Pico's small integers: a lookup
leaves no garbage behind.
"""

from binascii import crc32

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.table.format import (
    CORRUPT,
    INDEX_RECORDS,
    MISS,
    PAGE_BYTES,
    PAGE_RECORDS,
    PREFIX_BYTES,
    TableError,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_SEED_BYTES = const(4)  # section kind and page number, in front of the page: the CRC covers both
_FIRST = const(6)  # where the records begin in the buffer: seed, count, reserved
_GOOD = const(0x2144DF1C)  # CRC-32 over data followed by its own CRC-32
_MAX_INDEX_BYTES = const(16384)  # RAM for one index; a larger one stays in the file


def floor(data: "bytearray", first: int, width: int, count: int, high: int, low: int) -> int:
    """Position of the last record whose 6-byte key is <= (high, low), -1 if there is none.

    `data[first:]` holds `count` ascending records of `width` bytes.
    """
    lo = 0
    hi = count
    while lo < hi:
        middle = (lo + hi) >> 1
        at = first + middle * width
        key = data[at] << 16 | data[at + 1] << 8 | data[at + 2]
        if key == high:
            key = data[at + 3] << 16 | data[at + 4] << 8 | data[at + 5]
            if key <= low:
                lo = middle + 1
            else:
                hi = middle
        elif key < high:
            lo = middle + 1
        else:
            hi = middle
    return lo - 1


class Page:
    """The one buffer through which pages of all sections are read and checked."""

    def __init__(self, read_at: "Callable[..., None]") -> None:
        self._read_at = read_at
        self.buffer = bytearray(_SEED_BYTES + PAGE_BYTES)
        self.view = memoryview(self.buffer)[_SEED_BYTES:]

    def load(self, kind: int, number: int, offset: int) -> bool:
        """Read page `number` of the section at `offset`; False when it is damaged."""
        buffer = self.buffer
        buffer[0] = kind & 255
        buffer[1] = number >> 16
        buffer[2] = number >> 8 & 255
        buffer[3] = number & 255
        try:
            self._read_at(offset + number * PAGE_BYTES, self.view)
        except OSError:
            return False
        return crc32(buffer) == _GOOD

    def count(self, width: int) -> int:
        """Records in the loaded page, 0 when the number is impossible."""
        count = self.buffer[_SEED_BYTES]
        return count if count * width <= PAGE_RECORDS else 0


class Records:
    """One section of records with its index. `find` leaves the record in the page buffer."""

    def __init__(
        self, page: Page, kind: int, offset: int, pages: int, width: int, index_offset: int
    ) -> None:
        """Reads and checks the index; TableError when it is damaged or does not fit."""
        self._page = page
        self._kind = kind
        self._offset = offset
        self._pages = pages
        self._width = width
        self._index_offset = index_offset
        index_pages = (pages + INDEX_RECORDS - 1) // INDEX_RECORDS
        self._whole = pages * PREFIX_BYTES <= _MAX_INDEX_BYTES
        entries = pages if self._whole else index_pages
        if entries * PREFIX_BYTES > _MAX_INDEX_BYTES:
            raise TableError("The table is too large for this scanner: build a smaller one.")
        self._index = bytearray(entries * PREFIX_BYTES)  # of all pages, or of the index pages
        self._entries = entries
        for number in range(index_pages):
            self._take_index(number)

    def _take_index(self, number: int) -> None:
        page = self._page
        expected = min(INDEX_RECORDS, self._pages - number * INDEX_RECORDS)
        if not page.load(self._kind + 1, number, self._index_offset) or (
            page.count(PREFIX_BYTES) != expected
        ):
            raise TableError("The index of the table is damaged: sync the table again.")
        if not self._whole:
            expected = 1
        else:
            number *= INDEX_RECORDS
        to = number * PREFIX_BYTES
        size = expected * PREFIX_BYTES
        self._index[to : to + size] = page.view[2 : 2 + size]

    def _page_of(self, high: int, low: int) -> int:
        """Number of the only page that can hold the key, MISS or CORRUPT."""
        at = floor(self._index, 0, PREFIX_BYTES, self._entries, high, low)
        if at < 0 or self._whole:
            return at
        page = self._page
        if not page.load(self._kind + 1, at, self._index_offset):
            return CORRUPT
        inside = floor(page.buffer, _FIRST, PREFIX_BYTES, page.count(PREFIX_BYTES), high, low)
        number = at * INDEX_RECORDS + inside
        return number if inside >= 0 and number < self._pages else CORRUPT

    def find(self, high: int, low: int) -> int:
        """Where in `page.buffer` the record with this 6-byte key lies, MISS or CORRUPT.

        `high` and `low`: the upper and lower 24 bits of the key. One page is read (two when the
        index is too large for RAM).
        """
        number = self._page_of(high, low)
        if number < 0:
            return number
        page = self._page
        if not page.load(self._kind, number, self._offset):
            return CORRUPT
        width = self._width
        count = page.count(width)
        if not count:
            return CORRUPT
        buffer = page.buffer
        at = floor(buffer, _FIRST, width, count, high, low)
        if at < 0:
            return CORRUPT  # the index promised a first key that is not there
        at = _FIRST + at * width
        if (
            buffer[at + 5] != low & 255
            or buffer[at + 4] != low >> 8 & 255
            or buffer[at + 3] != low >> 16
            or buffer[at + 2] != high & 255
            or buffer[at + 1] != high >> 8 & 255
            or buffer[at] != high >> 16
        ):
            return MISS
        return at
