"""The search through ascending records, as bytecode: where there is no native code, and on hosts.

Keys are compared as two 24-bit numbers, which fit the Pico's small integers: no garbage.
"""

from gatescan.core.compat import const
from gatescan.core.table.format import CORRUPT, MISS, PAGE_RECORDS

_COUNT = const(4)  # where a page's buffer holds the number of its records
_FIRST = const(6)  # where the records begin in it: seed, count, reserved


def floor(data: "bytearray", first: int, width: int, count: int, high: int, low: int) -> int:
    """Position of the last record whose 6-byte key is <= (high, low), -1 if there is none.

    `data[first:]` holds `count` ascending records of `width` bytes, or more of them.
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


def match(page: "bytearray", width: int, high: int, low: int) -> int:
    """Where in the buffer of a page the record with the 6-byte key (high, low) lies.

    MISS, or CORRUPT when the page has an impossible number of records or begins behind the key:
    the index led here, so its first key is none that is greater.
    """
    count = page[_COUNT]
    if count * width > PAGE_RECORDS:
        return CORRUPT
    at = floor(page, _FIRST, width, count, high, low)
    if at < 0:
        return CORRUPT
    at = _FIRST + at * width
    if (
        page[at + 5] != low & 255
        or page[at + 4] != low >> 8 & 255
        or page[at + 3] != low >> 16
        or page[at + 2] != high & 255
        or page[at + 1] != high >> 8 & 255
        or page[at] != high >> 16
    ):
        return MISS
    return at
