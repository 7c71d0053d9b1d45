"""Numbers and names of the tag schemes. They are the first byte of stored keys: never renumber."""

from collections import namedtuple

from gatescan.core.compat import const

S_NONE = const(0)  # nothing that could be identified
S_GTIN = const(1)
S_GS1 = const(2)  # element strings; reserved, not read yet
S_DIGITAL_LINK = const(3)  # reserved, not read yet
S_RESTRICTED = const(4)
S_ISBN = const(5)
S_ISSN = const(6)
S_COUPON = const(7)
S_SGTIN_96 = const(8)  # 8 to 10: EPC; reserved, not read yet
S_SGTIN_198 = const(9)
S_SGTIN_PLUS = const(10)
S_EM4100 = const(11)
S_ISO14443A = const(12)  # 12 to 15: reserved, not read yet
S_ISO15693 = const(13)
S_NDEF_TEXT = const(14)
S_NDEF_URI = const(15)
S_TEXT = const(16)

NAMES = (
    None,
    "gtin",
    "gs1",
    "digital_link",
    "restricted",
    "isbn",
    "issn",
    "coupon",
    "sgtin-96",
    "sgtin-198",
    "sgtin+",
    "em4100",
    "iso14443a",
    "iso15693",
    "ndef_text",
    "ndef_uri",
    "text",
)

# scheme: S_*; gtin: 14 digits, only for scheme gtin; text: what was read, for every other barcode;
# uid: upper-case hex of an RFID id; key: canonical bytes, first byte the scheme, or None;
# inferred: no symbology identifier proved it; ambiguous: two readings fit, so none is given;
# error: None or one sentence, and then there is no key.
Tag = namedtuple("Tag", ("scheme", "gtin", "text", "uid", "key", "inferred", "ambiguous", "error"))


def refused(sentence: str, inferred: bool = False, ambiguous: bool = False) -> "Tag":
    """A tag that was read but identifies nothing: `sentence` says what happened and what to do."""
    return Tag(S_NONE, None, None, None, None, inferred, ambiguous, sentence)
