"""A walk through all items of a table in order, by their number, beside the lookups."""

from gatescan.core.compat import TYPE_CHECKING
from gatescan.core.table.block_format import (
    END_COMPANY,
    ITEMS_OF_COMPANY,
    S_CLASS,
    S_COMPANY,
    S_ITEM,
    S_LEFT,
    S_LIMIT_COMPANY,
    S_LIMIT_ITEM,
    S_WANT_COMPANY,
)
from gatescan.core.table.format import TableError

if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable, Iterator

    from gatescan.core.table.items import BlockBuffer, Items

END_KEY = 10000000000000


class Walk:
    """Where a walk is: `company`, `item` and `class_id` of an item, and of the one before.

    `items` must have a buffer of their own: lookups go on between two slices.
    """

    def __init__(self, items: "Items", buffer: "BlockBuffer", model: "bytearray") -> None:
        self._items = items
        self._state = buffer.state
        self._buffer = buffer
        self._model = model
        self._block = -1
        self.ended = False
        self.company = self.item = -1
        self.class_id = 0
        self._before = (0, -1)
        self.before_class = 0
        self._load_next()

    def key(self) -> int:
        """13-digit number of the present item; END_KEY behind the last one."""
        return END_KEY if self.ended else self.company * ITEMS_OF_COMPANY + self.item

    def before_key(self) -> int:
        """The number of the item before, -1 when there is none."""
        return self._before[0] * ITEMS_OF_COMPANY + self._before[1]

    def skip(self, count: int) -> "Iterator[None]":
        """Go on by so many items, a block a slice; raises TableError when there are fewer."""
        state = self._state
        while count > 0:
            if self.ended:
                raise TableError("The changes do not fit the table: sync the whole table.")
            left = state[S_LEFT]
            if count > left:
                self._jump(left)
                self._note()
                count -= left + 1
                self._load_next()
                yield
            else:
                self._jump(count - 1)
                self._note()
                self._jump(1)
                count = 0
        self._show()

    def limit(self, company: int, item: int) -> None:
        """Where a copy ends."""
        self._state[S_LIMIT_COMPANY] = company
        self._state[S_LIMIT_ITEM] = item

    def at_limit(self) -> bool:
        """Whether the present item is not below the limit, or there is none."""
        state = self._state
        limit = state[S_LIMIT_COMPANY]
        return self.ended or self.company > limit or (
            self.company == limit and self.item >= state[S_LIMIT_ITEM]
        )

    def copy(
        self,
        copy: "Callable[..., int]",
        sink: "array[int]",
        sink_block: "bytearray",
        model: "bytearray",
        words: "array[int]",
        most: int,
    ) -> int:
        """`encode_plain.copy` from here on; how many items, which the walk has passed."""
        state = self._state
        buffer = self._buffer
        count = copy(
            buffer.advance, state, buffer.bytes, sink, sink_block, model, words, most
        )
        if count < 0:
            raise TableError("A block of the table is damaged: sync the table again.")
        if state[S_LEFT] < 0:
            self._load_next()
        else:
            self._show()
        return count

    def next(self) -> None:
        """Go on by one item."""
        if not self._state[S_LEFT]:
            self._load_next()
            return
        self._jump(1)
        self._show()

    def _load_next(self) -> None:
        self._block += 1
        if self._block >= self._items.blocks:
            self.ended = True
        elif not self._items.load(self._block):
            raise TableError("A block of the table is damaged: sync the table again.")
        else:
            self._show()

    def _show(self) -> None:
        state = self._state
        self.company, self.item, self.class_id = state[S_COMPANY], state[S_ITEM], state[S_CLASS]

    def _note(self) -> None:
        state = self._state
        self._before = state[S_COMPANY], state[S_ITEM]
        self.before_class = state[S_CLASS]

    def _jump(self, count: int) -> None:
        """Go on by `count` items of the block, which has so many."""
        state = self._state
        left = state[S_LEFT]
        state[S_LEFT] = count
        state[S_WANT_COMPANY] = END_COMPANY
        if self._buffer.advance(state, self._buffer.bytes, self._model):
            raise TableError("A block of the table is damaged: sync the table again.")
        state[S_LEFT] = left - count
