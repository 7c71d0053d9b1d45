"""The search through ascending records in viper: it works on the C stack, where bytecode of this
size needs the heap. A file of its own: CPython and ports without native code refuse it.
"""

# ruff: noqa: ANN001 - a page is any object here

import micropython
from gatescan.core.compat import const

_MISS = const(-1)  # numbers of format.py and search_plain.py; a test compares the answers
_CORRUPT = const(-2)
_PAGE_RECORDS = const(506)
_COUNT = const(4)
_FIRST = const(6)


@micropython.viper
def floor(
    data: ptr8,  # type: ignore[name-defined] # noqa: F821
    first: int,
    width: int,
    count: int,
    high: int,
    low: int,
) -> int:
    """See `search_plain.floor`. `data` must hold `count` records: pointers know no end."""
    lo = 0
    hi = count
    while lo < hi:
        middle = (lo + hi) >> 1
        at = first + middle * width
        key = data[at] << 16 | data[at + 1] << 8 | data[at + 2]
        sought = high
        if key == high:
            key = data[at + 3] << 16 | data[at + 4] << 8 | data[at + 5]
            sought = low
        if key <= sought:
            lo = middle + 1
        else:
            hi = middle
    return lo - 1


@micropython.viper
def match(page, width: int, high: int, low: int) -> int:  # type: ignore[no-untyped-def]
    """See `search_plain.match`. `page` must be the buffer of a page: pointers know no end."""
    buffer = ptr8(page)  # type: ignore[name-defined] # noqa: F821
    count = buffer[_COUNT]
    if count * width > _PAGE_RECORDS:
        return _CORRUPT
    at = int(floor(page, _FIRST, width, count, high, low))
    if at < 0:
        return _CORRUPT
    at = _FIRST + at * width
    key = buffer[at] << 16 | buffer[at + 1] << 8 | buffer[at + 2]
    if key != high:
        return _MISS
    key = buffer[at + 3] << 16 | buffer[at + 4] << 8 | buffer[at + 5]
    if key != low:
        return _MISS
    return at
