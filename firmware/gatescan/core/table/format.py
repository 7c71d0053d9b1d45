"""Numbers of the table file, as FORMAT.md has them, for the reader and the writer on the host."""

from gatescan.core.compat import TYPE_CHECKING, const

if TYPE_CHECKING:
    from collections.abc import Callable

MAGIC = b"GST1"  # a table; a change of one, and what a scanner makes of it:
MAGIC_DELTA = b"GSD1"
MAGIC_OVERLAY = b"GSO1"
VERSION = const(2)
HEADER_BYTES = const(16)
ENTRY_BYTES = const(20)  # of the directory: "<HHIIII"
DIGEST_BYTES = const(32)
MAX_SECTIONS = const(24)

K_META = const(1)
K_CLASSES = const(2)
K_ITEMS = const(3)
K_ITEM_INDEX = const(4)
K_TAGS = const(5)
K_TAG_INDEX = const(6)
K_INMATES = const(7)
K_BASE_FACTS = const(8)
K_POLICY = const(9)
K_TEXTS = const(10)
K_RIGHTS = const(11)
K_RANGES = const(12)  # the index of paged records has the next number
K_REELS = const(14)
K_CODES = const(16)
K_OVERLAY = const(17)  # not a section: in the seed of an overlay's blocks
K_OPS = const(18)
K_TABLE_HEAD = const(19)
K_OVERLAY_HEAD = const(20)
K_SEALS = const(21)

FLAG_CRITICAL = const(1)
FLAG_PAGES = const(2)
FLAG_BLOCKS = const(4)

PAGE_BYTES = const(512)
PAGE_RECORDS = const(506)  # bytes for records
PREFIX_BYTES = const(6)  # of a key, by which pages are searched
INDEX_RECORDS = const(84)  # of a full index page
TAG_BYTES = const(22)  # 12 bytes key, then "<BBHBBI"
TAG_KEY_BYTES = const(12)
RANGE_BYTES = const(7)  # 6 bytes key, class
REEL_BYTES = const(14)  # 6 bytes key, 4 bytes check, "<I"
REEL_DIGITS = const(9)  # at most: 10^9 is a small integer on every board
INMATE_BYTES = const(32)  # "<8sBBH8s8sI"
SEAL_BYTES = const(48)  # "<BB3s7s16s16sI"
BITMAP_BYTES = const(5)  # of 8 stored: category n is bit n & 7 of byte n >> 3
FACT_BYTES = const(10)  # "<BBq"
CLASS_BYTES = const(4)  # "<BBH"
META_BYTES = const(112)
META_FORMAT = "<16s48s16s16sIIHBBB3s"

MAX_CLASSES = const(64)
MAX_POLICY_BYTES = const(16384)
MAX_FACTS = const(128)
NO_CLASS = const(255)
NO_OWNER = const(0xFFFF)

FT_NULL = const(0)
FT_BOOL = const(1)
FT_NUMBER = const(2)
FT_BITMAP = const(3)

# kinds of text and languages
X_CATEGORY = const(0)
X_VERDICT = const(1)
X_OBLIGATION = const(2)
X_AUTHORITY = const(3)
X_KINDS = const(4)
X_HEAD_BYTES = const(12)  # "<BBH4H"
X_ENTRY_BYTES = const(8)  # "<IHH"
X_MAX_BYTES = const(256)  # of one text
LANG_DA = const(0)
LANG_EN = const(1)
LANGS = const(2)

# answers that are no class
MISS = const(-1)
CORRUPT = const(-2)

# what answered the last lookup
M_NONE = const(0)
M_ITEM = const(1)
M_RANGE = const(2)
M_OVERLAY_ITEM = const(3)
M_OVERLAY_RANGE = const(4)
M_TAG = const(5)
M_REEL = const(6)


class TableError(Exception):
    """The table cannot be used; the text is one sentence for people."""


def take(
    read_at: "Callable[..., None]", offset: int, into: "bytearray | memoryview"
) -> None:
    """Fill `into` from the file; a failing medium becomes a TableError."""
    try:
        read_at(offset, into)
    except OSError:
        raise TableError("The table cannot be read from flash: sync it again.")
