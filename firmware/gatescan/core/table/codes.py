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
    from gatescan.core.table.codes_viper import build, ordered, spread
except (ImportError, SyntaxError, ValueError, AttributeError):
    from gatescan.core.table.codes_plain import build, ordered, spread

if TYPE_CHECKING:
    Buffer = bytes | bytearray | memoryview

_HEAD_BYTES = const(4)
_GAP_CLASSES = const(6)
_JOINT_CONTEXTS = const(72)
GAP_ENDS = (1, 2, 4, 16, 24)  # of the classes of gaps but the last


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
    at = 2 * _HEAD_BYTES
    # The contexts of a gap class, [gap class before << 1 | class changed], stand together.
    for now in range(_GAP_CLASSES):
        if not spread(model, M_JOINT + (now << 4), data, at, 2 * _GAP_CLASSES, joint << 8):
            raise _damaged()
        at += 2 * _GAP_CLASSES
    if not spread(model, M_CLASS, data, at, CLASSES, joint | classes << 8):
        raise _damaged()
    at += CLASSES
    tables = joint + classes | companies << 8
    if not spread(model, M_COMPANY, data, at, COMPANIES, tables):
        raise _damaged()
    at += COMPANIES
    model[M_ITEM] = joint + classes + companies
    symbol = 0
    for number, end in enumerate(GAP_ENDS + (GAPS,)):
        while symbol < end:
            model[M_GAP_CLASS + symbol] = number
            symbol += 1
    for number, symbols in enumerate(sizes):
        if not build(model, M_TABLES + number * TABLE_BYTES, data, at, symbols):
            raise _damaged()
        at += symbols
    return model


def _damaged() -> TableError:
    return TableError("The code tables of the table are damaged: sync the table again.")


def check_index(index: "bytearray") -> None:
    """Raises TableError when the keys of an index of blocks do not ascend."""
    if not ordered(index, len(index) // PREFIX_BYTES):
        raise TableError("The index of the table is damaged: sync the table again.")
