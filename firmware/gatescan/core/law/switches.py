"""The policy switches that an order sets where the institution has not said otherwise."""

from gatescan.core.compat import const
from gatescan.core.law.facts import CATEGORY_BITMAP_BYTES, F_POLICY, FACTS

# an entry: institution (0xFF = all), fact, kind, value
S_NULL = const(0)
S_FALSE = const(1)
S_TRUE = const(2)
S_NUMBER = const(3)  # u32
S_BITMAP = const(4)

ALL_INSTITUTIONS = const(0xFF)


def load(data: "bytes | bytearray", at: int, institutions: int) -> "list[list]":
    """The defaults of F_POLICY and after, one list an institution, from the section at `at`."""
    rows: list[list] = [[None] * (FACTS - F_POLICY) for _ in range(institutions)]
    entries = data[at]
    at += 1
    for _ in range(entries):
        institution, fact, kind = data[at], data[at + 1], data[at + 2]
        at += 3
        value: object = None
        if kind == S_NUMBER:
            value = data[at] << 24 | data[at + 1] << 16 | data[at + 2] << 8 | data[at + 3]
            at += 4
        elif kind == S_BITMAP:
            value = bytes(data[at:at + CATEGORY_BITMAP_BYTES])
            at += CATEGORY_BITMAP_BYTES
        elif kind != S_NULL:
            value = kind == S_TRUE
        for number in range(institutions):
            if institution in (number, ALL_INSTITUTIONS):
                rows[number][fact - F_POLICY] = value
    return rows
