"""Numbers of the tag schemes. They are the first byte of stored keys: never renumber."""

from collections import namedtuple

from gatescan.core.compat import const

S_NONE = const(0)  # nothing that could be identified
S_GTIN = const(1)
S_GS1 = const(2)
S_DIGITAL_LINK = const(3)
S_RESTRICTED = const(4)
S_ISBN = const(5)
S_ISSN = const(6)
S_COUPON = const(7)
S_SGTIN_96 = const(8)
S_SGTIN_198 = const(9)
S_SGTIN_PLUS = const(10)
S_EM4100 = const(11)
S_ISO14443A = const(12)
S_ISO15693 = const(13)
S_NDEF_TEXT = const(14)
S_NDEF_URI = const(15)
S_TEXT = const(16)
S_PASSPORT = const(17)  # its content is never kept: the key is this one byte
S_PAYMENT_CARD = const(18)  # the same
S_EPC = const(19)  # from here on: the other binary EPCs, by their places in names.py

# scheme: S_*; gtin: 14 digits; serial: what tells one piece from its equals; ais: of an element
# string, a Digital Link or an EPC ((ai, value), ..) in order; text: what was read, for every other
# barcode; uid: upper-case hex of an RFID id; key: canonical bytes (identity.py), or None;
# inferred: no symbology identifier proved it; ambiguous: two readings fit, so none is given;
# error: None or one sentence, and then there is no key.
Tag = namedtuple(
    "Tag",
    ("scheme", "gtin", "serial", "ais", "text", "uid", "key", "inferred", "ambiguous", "error"),
)


def known(
    scheme: int,
    key: bytes,
    gtin: "str | None" = None,
    text: "str | None" = None,
    uid: "str | None" = None,
    inferred: bool = False,
) -> "Tag":
    """A tag that identifies something."""
    return Tag(scheme, gtin, None, (), text, uid, key, inferred, False, None)


def refused(sentence: str, inferred: bool = False, ambiguous: bool = False) -> "Tag":
    """A tag that was read but identifies nothing: `sentence` says what happened and what to do."""
    return Tag(S_NONE, None, None, (), None, None, None, inferred, ambiguous, sentence)
