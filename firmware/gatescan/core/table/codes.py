"""The CODES section: the decoder's model of the code in which a table's items are written."""

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.table.block_format import (
    CLASSES,
    COMPANIES,
    GAPS,
    ITEMS,
    JOINT,
    M_CLASS,
    M_COMPANY,
    M_GAP_CLASS,
    M_ITEM,
    M_JOINT,
    M_TABLES,
    MAX_JOINT_TABLES,
    MAX_OTHER_TABLES,
    TABLE_BYTES,
)
from gatescan.core.table.format import PREFIX_BYTES, TableError

try:
    from gatescan.core.table.codes_viper import build, ordered
except (ImportError, SyntaxError, ValueError, AttributeError):
    from gatescan.core.table.codes_plain import build, ordered

if TYPE_CHECKING:
    Buffer = bytes | bytearray | memoryview

_HEAD_BYTES = const(4)
_GAP_CLASSES = const(6)
_JOINT_CONTEXTS = const(72)


def gap_class(symbol: int) -> int:
    """Which of the six classes of gaps a gap symbol belongs to."""
    for number, end in enumerate((1, 2, 4, 16, 24)):
        if symbol < end:
            return number
    return _GAP_CLASSES - 1


def joint_contexts() -> "list[int]":
    """The numbers of the contexts of a joint symbol, in the order of their map in the file."""
    return [
        now << 4 | before << 1 | changed
        for now in range(_GAP_CLASSES)
        for before in range(_GAP_CLASSES)
        for changed in (0, 1)
    ]


def table_sizes(joint: int, classes: int, companies: int) -> "list[int]":
    """How many symbols each table has, in the order of the tables in the file."""
    return [JOINT] * joint + [CLASSES] * classes + [COMPANIES] * companies + [ITEMS]


def read_codes(data: "Buffer") -> "bytearray":
    """The model for `advance`; raises TableError when the section makes no complete codes."""
    if len(data) < _HEAD_BYTES:
        raise _damaged()
    joint, classes, companies = data[0], data[1], data[2]
    if not (
        1 <= joint <= MAX_JOINT_TABLES
        and 1 <= classes <= MAX_OTHER_TABLES
        and 1 <= companies <= MAX_OTHER_TABLES
    ):
        raise _damaged()
    sizes = table_sizes(joint, classes, companies)
    nibbles = _JOINT_CONTEXTS + CLASSES + COMPANIES + sum(sizes)
    if len(data) != _HEAD_BYTES + (nibbles + 1) // 2:
        raise _damaged()
    model = bytearray(M_TABLES + len(sizes) * TABLE_BYTES)
    at = _read_map(model, data, 0, joint_contexts(), 0, joint)
    at = _read_map(model, data, at, range(M_CLASS, M_CLASS + CLASSES), joint, classes)
    at = _read_map(
        model, data, at, range(M_COMPANY, M_COMPANY + COMPANIES), joint + classes, companies
    )
    model[M_ITEM] = joint + classes + companies
    for symbol in range(GAPS):
        model[M_GAP_CLASS + symbol] = gap_class(symbol)
    at += 2 * _HEAD_BYTES
    for number, symbols in enumerate(sizes):
        if not build(model, M_TABLES + number * TABLE_BYTES, data, at, symbols):
            raise _damaged()
        at += symbols
    return model


def _read_map(
    model: "bytearray", data: "Buffer", at: int, places: "range | list[int]", add: int, end: int
) -> int:
    """Nibbles from number `at` on, each a table below `end`, to `places`; the next number."""
    for place in places:
        table = data[_HEAD_BYTES + (at >> 1)] >> (0 if at & 1 else 4) & 15
        if table >= end:
            raise _damaged()
        model[M_JOINT + place] = add + table
        at += 1
    return at


def _damaged() -> TableError:
    return TableError("The code tables of the table are damaged: sync the table again.")


def check_index(index: "bytearray") -> None:
    """Raises TableError when the keys of an index of blocks do not ascend."""
    if not ordered(index, len(index) // PREFIX_BYTES):
        raise TableError("The index of the table is damaged: sync the table again.")
