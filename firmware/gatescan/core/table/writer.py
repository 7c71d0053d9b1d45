"""Writes item blocks from ascending keys: a new table's on a host, a merged one's on a scanner.

The same code in both places: their results must be the same bytes.
"""

from array import array
from binascii import crc32

from gatescan.core.compat import TYPE_CHECKING
from gatescan.core.table.block_format import (
    BLOCK_BYTES,
    BLOCK_DATA,
    BLOCK_END,
    ITEM_BITS,
    M_ITEM,
    M_TABLES,
    MAX_BITS,
    MAX_COUNT,
    S_AT,
    S_CLASS,
    S_COMPANY,
    S_COMPANY_BEFORE,
    S_CONTEXT,
    S_END,
    S_ITEM,
    S_WORDS,
    SEED_BYTES,
    SEED_KEY,
    T_LAST,
    T_SYMBOLS,
    TABLE_BYTES,
    WORDS,
)

try:
    from gatescan.core.table.encode_viper import copy, put
except (ImportError, SyntaxError, ValueError, AttributeError):
    from gatescan.core.table.encode_plain import copy, put

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gatescan.core.table.walk import Walk


def fill_words(model: "bytearray", words: "array[int]") -> "Iterator[None]":
    """Fill the code words of all tables in `words`, a table a slice, for `put`.

    `words`: an array of u32 with 128 places for each table of the model.
    """
    for table in range(model[M_ITEM] + 1):
        at = M_TABLES + table * TABLE_BYTES
        word = place = 0
        for length in range(1, MAX_BITS + 1):
            word <<= 1
            last = at + T_LAST + 2 * length
            end = (model[last] | model[last + 1] << 8) + 1 >> MAX_BITS + 1 - length
            if length < model[at + T_LAST]:
                end = 0
            while word < end:
                words[table * WORDS + model[at + T_SYMBOLS + place]] = word << 4 | length
                word += 1
                place += 1
        yield


class BlockWriter:
    """Packs keys into blocks, as many as fit; `emit(first_key, block)` takes each full one.

    `first_key`: 6 bytes for the index; `block`: BLOCK_BYTES, the last one less; both to be copied
    before the next `add`.
    """

    def __init__(
        self,
        kind: int,
        model: "bytearray",
        words: "array[int]",
        emit: "Callable[[memoryview, memoryview], None]",
    ) -> None:
        self._model = model
        self._words = words
        self._emit = emit
        self._buffer = bytearray(SEED_BYTES + BLOCK_BYTES)
        self._buffer[0] = kind
        self._view = memoryview(self._buffer)
        self._zeros = bytes(BLOCK_BYTES)
        self._state = array("i", [0] * S_WORDS)
        self._state[S_END] = (SEED_BYTES + BLOCK_END) * 8
        self._count = 0
        self.blocks = 0

    def add(self, company: int, item: int, class_id: int) -> None:
        """The next key, greater than all before, and its class."""
        count = self._count
        if not 0 < count < MAX_COUNT or not put(
            self._state, self._buffer, self._model, self._words, company, item, class_id
        ):
            self.flush(False)
            self._begin(company, item, class_id)
            count = 0
        self._count = count + 1

    def copy(self, walk: "Walk", most: int) -> bool:
        """Add up to `most` items from where `walk` is to its limit; False when it is there.

        The walk is moved behind what was added. Raises TableError when its block is damaged.
        """
        if walk.at_limit():
            return False
        count = self._count
        if count:
            most = min(most, MAX_COUNT - count)
            added = walk.copy(copy, self._state, self._buffer, self._model, self._words, most)
            self._count = count + added
            if added:
                return True
        self.add(walk.company, walk.item, walk.class_id)
        walk.next()
        return True

    def _begin(self, company: int, item: int, class_id: int) -> None:
        buffer = self._buffer
        number = self.blocks
        buffer[1] = number >> 16
        buffer[2] = number >> 8 & 255
        buffer[3] = number & 255
        high = company >> 24 - ITEM_BITS
        low = (company & (1 << 24 - ITEM_BITS) - 1) << ITEM_BITS | item
        for at in range(3):
            buffer[SEED_KEY + at] = high >> 16 - 8 * at & 255
            buffer[SEED_KEY + 3 + at] = low >> 16 - 8 * at & 255
        self._view[SEED_BYTES:] = self._zeros
        buffer[SEED_BYTES + 2] = class_id
        state = self._state
        state[S_AT] = (SEED_BYTES + BLOCK_DATA) * 8
        state[S_COMPANY] = company
        state[S_ITEM] = item
        state[S_CLASS] = class_id
        state[S_CONTEXT] = state[S_COMPANY_BEFORE] = 0

    def flush(self, last: bool = True) -> None:
        """Emit the block that is being filled, if there is one.

        The last block of a section ends where its bits end.
        """
        if not self._count:
            return
        buffer = self._buffer
        buffer[SEED_BYTES] = self._count & 255
        buffer[SEED_BYTES + 1] = self._count >> 8
        end = SEED_BYTES + BLOCK_END
        if last:
            end = self._state[S_AT] + 7 >> 3
        crc = crc32(self._view[:end])
        for at in range(4):
            buffer[end + at] = crc >> 8 * at & 255
        self._emit(self._view[SEED_KEY:SEED_BYTES], self._view[SEED_BYTES : end + 4])
        self.blocks += 1
        self._count = 0
