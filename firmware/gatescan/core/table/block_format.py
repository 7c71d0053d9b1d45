"""Numbers of the item blocks and of the code they are written in, as FORMAT.md has them."""

from gatescan.core.compat import const

BLOCK_BYTES = const(1024)
SEED_BYTES = const(12)  # before the block, under its CRC: kind u8, number u24, 0 u16, first key
SEED_KEY = const(6)  # where the key begins in it
BLOCK_DATA = const(3)  # count u16, class u8, then the bits
BLOCK_END = const(1020)  # of the bits; the CRC follows
LEAST_BLOCK_BYTES = const(7)  # of the last block, which ends where its bits end
MAX_BLOCKS = const(2048)
MAX_CODES_BYTES = const(1024)
MAX_COUNT = const(2047)  # keys of a block: what a lookup takes at most
ITEM_BITS = const(17)  # of an item number, below the company in a key of the index
ITEMS_OF_COMPANY = const(100000)

# symbols of the four kinds of tables
GAPS = const(42)  # 0: another company; 1 to 15: the gap; then half octaves
JOINT = const(84)  # gap, + 42 when the class changes
CLASSES = const(65)
TOMBSTONE = const(64)  # the class that says: not in the table
COMPANIES = const(54)
ITEMS = const(34)
# values below 2 ** K stand for themselves, two symbols share the octaves above
GAP_K = const(4)
COMPANY_K = const(2)
ITEM_K = const(1)

MAX_JOINT_TABLES = const(8)
MAX_OTHER_TABLES = const(4)
MAX_BITS = const(15)  # of a code word

# The decoder's model in RAM: four maps, then one record for each table.
M_JOINT = const(0)  # [gap class << 4 | gap class before << 1 | class changed] -> table
M_CLASS = const(96)  # [class before] -> table
M_COMPANY = const(161)  # [company symbol before] -> table
M_ITEM = const(215)  # -> table
M_GAP_CLASS = const(216)  # [gap symbol] -> 0 to 5
M_TABLES = const(260)
TABLE_BYTES = const(148)
T_LAST = const(0)  # u16 [length]: last code word of it, filled up with ones; [0]: shortest length
T_BASE = const(32)  # u16 [length]: take from a code word for its place among the symbols
T_SYMBOLS = const(64)

WORDS = const(128)  # places for a table among the encoder's code words
END_COMPANY = const(100000000)  # above every company

# The decoder's state: an array of 32-bit numbers
S_AT = const(0)  # next bit, from the start of the buffer
S_LEFT = const(1)  # keys behind the present one
S_COMPANY = const(2)
S_ITEM = const(3)
S_CLASS = const(4)
S_CONTEXT = const(5)  # gap class << 4 | gap class before << 1 | class changed
S_COMPANY_BEFORE = const(6)  # symbol
S_WANT_COMPANY = const(7)
S_WANT_ITEM = const(8)
S_END = const(9)  # no bit of a key lies behind this one
S_LIMIT_COMPANY = const(10)  # up to which a copy goes
S_LIMIT_ITEM = const(11)
S_WORDS = const(12)
# behind the end of a block: what a damaged code word may read before it is noticed
PADDING_BYTES = const(16)
