"""The bytes of a compiled order: its header and records, and the check that they are whole."""

import binascii
import struct

from gatescan.core.compat import const
from gatescan.core.law.facts import FACTS

MAGIC = b"GSPL"
VERSION = const(1)
# magic, version, facts, length, order id, valid from, valid to, rules, first duty, terms, bytes of
# an index row, institutions, channels, categories, session codes, covered channels, used facts,
# then offsets: display order, doubts, doubt of each fact, switches, terms, rules, index
HEADER = ">4sBBH16sIIHHBBBBBBH9s7H"

# a rule record: fixed bytes, then obligations (count and places in the display order), then its
# conjunction
R_VERDICT = const(0)  # 0xFF: a duty, raised by a verdict
R_AUTHORITY = const(1)  # 0xFF: none
R_MARKS = const(2)
R_FLAGS = const(3)
R_GROUP = const(4)
R_CITATION = const(5)  # u32
R_OBLIGATIONS = const(9)
FLAG_STOP = const(1)  # nothing after this group is looked at
FLAG_ALONE = const(2)  # counts only where nothing else gives the hand-out
NONE = const(0xFF)

# a doubt: verdict, authority, obligation to ask, citation u32 (0: that of the rule in doubt)
DOUBT_BYTES = const(7)


class PolicyError(Exception):
    """The bytes are no policy that this firmware can use; the message says why and what to do."""


def read_header(data: "bytes | bytearray") -> tuple:
    """The fields of HEADER; raises PolicyError unless `data` is whole, undamaged and readable."""
    size = struct.calcsize(HEADER)
    if len(data) < size + 4 or bytes(data[:4]) != MAGIC:
        raise PolicyError("This is not a compiled order; build the table again.")
    fields = struct.unpack(HEADER, bytes(data[:size]))
    if fields[1] != VERSION or fields[2] != FACTS:
        raise PolicyError(
            "The compiled order has format %d with %d facts, this firmware reads format %d "
            "with %d; build the table with tools of the same release."
            % (fields[1], fields[2], VERSION, FACTS))
    end = fields[3]
    if end != len(data):
        raise PolicyError("The compiled order is not whole; build the table again.")
    check = struct.unpack(">I", bytes(data[end - 4:end]))[0]
    if binascii.crc32(memoryview(data)[:end - 4]) & 0xFFFFFFFF != check:
        raise PolicyError("The compiled order is damaged; sync the table again.")
    return fields
