"""Products by range: from which number on which class holds. Loaded only for a table with such."""

from gatescan.core.table.format import CORRUPT, MISS, NO_CLASS, PREFIX_BYTES
from gatescan.core.table.pages import Records


class Ranges(Records):
    """The section RANGES."""

    def find_class(self, classes: int, high: int, low: int) -> int:
        """Class of the range around the number (high, low), MISS or CORRUPT; leaves no garbage.

        `classes`: how many the table has; `high`, `low`: as in `find`.
        """
        at = self.find_floor(high, low)
        if at < 0:
            return at
        class_id = self.page.buffer[at + PREFIX_BYTES]
        if class_id == NO_CLASS:
            return MISS
        return class_id if class_id < classes else CORRUPT
