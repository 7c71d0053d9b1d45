"""Which class a product has: its item in the overlay, its item in the table, its range, none."""

from gatescan.core.compat import TYPE_CHECKING
from gatescan.core.table.block_format import TOMBSTONE
from gatescan.core.table.format import (
    CORRUPT,
    M_ITEM,
    M_NONE,
    M_OVERLAY_ITEM,
    M_OVERLAY_RANGE,
    M_RANGE,
    MISS,
)

if TYPE_CHECKING:
    from gatescan.core.table.items import Items
    from gatescan.core.table.ranges import Ranges


class Products:
    """Answers for product numbers; `matched` (M_*) says what the last answer came from."""

    def __init__(
        self,
        items: "Items",
        overlay: "Items | None",
        ranges: "Ranges | None",
        overlay_ranges: bool,
        classes: int,
    ) -> None:
        """`overlay_ranges`: the ranges are those of the overlay; `classes`: of the table."""
        self.items = items
        self.overlay = overlay
        self._ranges = ranges
        self._range_matched = M_OVERLAY_RANGE if overlay_ranges else M_RANGE
        self._classes = classes
        self.matched = M_NONE

    def find(self, high: int, low: int) -> int:
        """Class of the product (upper, lower 24 bits of its 13 digits), MISS or CORRUPT.

        A damaged block is no reason to go on: what stands in it could differ from what follows.
        """
        self.matched = M_NONE
        found = MISS
        if self.overlay is not None:
            found = self.overlay.find(high, low)
            if 0 <= found != TOMBSTONE:
                return self._answer(found, M_OVERLAY_ITEM)
        if found == MISS:
            found = self.items.find(high, low)
            if found >= 0:
                return self._answer(found, M_ITEM)
        if found == CORRUPT:
            return CORRUPT
        if self._ranges is None:
            return MISS
        found = self._ranges.find_class(self._classes, high, low)
        if found >= 0:
            self.matched = self._range_matched
        return found

    def _answer(self, class_id: int, matched: int) -> int:
        if class_id >= self._classes:
            return CORRUPT
        self.matched = matched
        return class_id
