"""Numbers and names of the tag schemes. They are the first byte of stored keys: never renumber."""

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
S_EPC = const(19)  # this and the next ones: binary EPCs that are no SGTIN (epc.py adds 0, 1, ..)

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
    "passport",
    "payment_card",
    "sgtin++",
    "dsgtin+",
    "dsgtin++",
    "sscc-96",
    "sscc+",
    "sgln-96",
    "sgln-195",
    "sgln+",
    "grai-96",
    "grai-170",
    "grai+",
    "grai++",
    "giai-96",
    "giai-202",
    "giai+",
    "giai++",
    "gsrn-96",
    "gsrn+",
    "gsrn++",
    "gsrnp-96",
    "gsrnp+",
    "gsrnp++",
    "gdti-96",
    "gdti-174",
    "gdti+",
    "gdti++",
    "cpi-96",
    "cpi-var",
    "cpi+",
    "cpi++",
    "sgcn-96",
    "sgcn+",
    "sgcn++",
    "itip-110",
    "itip-212",
    "itip+",
    "itip++",
    "sscc++",
    "sgln++",
)

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
