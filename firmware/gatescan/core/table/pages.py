"""Sorted records in 512-byte pages: one page buffer, a binary search, an index of pages.

A lookup leaves no garbage behind, and its functions are small: MicroPython takes the frame of a
function from the heap when it has more than 11 locals and temporaries (8 with a `try`), and
finding room there can cost more than the search itself.
"""

from binascii import crc32

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.table.format import (
    CORRUPT,
    INDEX_RECORDS,
    PAGE_BYTES,
    PAGE_RECORDS,
    PREFIX_BYTES,
    TableError,
)

# the functions in which a lookup spends its time
try:
    from gatescan.core.table.search_viper import floor, match
except (ImportError, SyntaxError, ValueError, AttributeError):
    from gatescan.core.table.search_plain import floor, match

if TYPE_CHECKING:
    from collections.abc import Callable

_SEED_BYTES = const(4)  # section kind and page number, in front of the page: the CRC covers both
_FIRST = const(6)  # where the records begin in the buffer: seed, count, reserved
_GOOD = const(0x2144DF1C)  # CRC-32 over data followed by its own CRC-32
# RAM for one index, of 49,000 items; a larger one stays in the file, for another page a lookup.
_MAX_INDEX_BYTES = const(4096)


class Page:
    """The one buffer through which pages of all sections are read and checked."""

    def __init__(self, read_at: "Callable[..., None]") -> None:
        self._read_at = read_at
        self.buffer = bytearray(_SEED_BYTES + PAGE_BYTES)
        self.view = memoryview(self.buffer)[_SEED_BYTES:]

    def load(self, kind: int, number: int, offset: int) -> bool:
        """Read page `number` of the section at `offset`; False when it is damaged."""
        self._seed(kind, number)
        return self._read(offset + number * PAGE_BYTES) and crc32(self.buffer) == _GOOD

    def _seed(self, kind: int, number: int) -> None:
        buffer = self.buffer
        buffer[0] = kind & 255
        buffer[1] = number >> 16
        buffer[2] = number >> 8 & 255
        buffer[3] = number & 255

    def _read(self, at: int) -> bool:
        try:
            self._read_at(at, self.view)
        except OSError:
            return False
        return True

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
        self.page = page
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
        page = self.page
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
        return at if at < 0 or self._whole else self._page_below(at, high, low)

    def _page_below(self, at: int, high: int, low: int) -> int:
        """The same by page `at` of an index that stays in the file."""
        if not self.page.load(self._kind + 1, at, self._index_offset):
            return CORRUPT
        inside = self._inside(high, low)
        number = at * INDEX_RECORDS + inside
        return number if inside >= 0 and number < self._pages else CORRUPT

    def _inside(self, high: int, low: int) -> int:
        """Position in the loaded page of an index."""
        page = self.page
        return floor(page.buffer, _FIRST, PREFIX_BYTES, page.count(PREFIX_BYTES), high, low)

    def find(self, high: int, low: int) -> int:
        """Where in `page.buffer` the record with this 6-byte key lies, MISS or CORRUPT.

        `high` and `low`: the upper and lower 24 bits of the key. One page is read (two when the
        index stays in the file).
        """
        number = self._load_page(high, low)
        return number if number < 0 else match(self.page.buffer, self._width, high, low)

    def find_floor(self, high: int, low: int) -> int:
        """The same for the last record whose key is not greater; MISS before the first one."""
        number = self._load_page(high, low)
        if number < 0:
            return number
        page = self.page
        width = self._width
        at = floor(page.buffer, _FIRST, width, page.count(width), high, low)
        return _FIRST + at * width if at >= 0 else CORRUPT

    def _load_page(self, high: int, low: int) -> int:
        number = self._page_of(high, low)
        if number >= 0 and not self.page.load(self._kind, number, self._offset):
            return CORRUPT
        return number
