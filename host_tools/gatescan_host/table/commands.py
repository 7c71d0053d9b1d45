"""The command barcodes of a site: which there are, and the text that each one carries."""

import hashlib
import hmac
from collections.abc import Iterable
from typing import NamedTuple

from gatescan.core import codes
from gatescan.core.law import names

PREFIX = "GSC-"  # no other tag of a site may begin so
CHECK_CHARS = 6
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: without I, L, O and U
_CHARACTER_BITS = 5
_PURPOSE = b"command barcode:"  # the salt keys tags, inmates and reels as well


class Command(NamedTuple):
    """What one barcode of the printed sheet says."""

    name: str
    command: int  # CMD_*
    category: int = 0  # of CMD_CATEGORY and CMD_CASH
    dkk: int = 0  # of CMD_CASH


FOR_INMATE = Command("INMATE", codes.CMD_FOR_INMATE)
FOR_VISITOR = Command("VISITOR", codes.CMD_FOR_VISITOR)
FOR_STAFF = Command("STAFF", codes.CMD_FOR_STAFF)
END_VISIT = Command("END", codes.CMD_END_VISIT)


def of_category(category: int) -> Command:
    """Classes an item without a tag by hand; `category`: its number in core/law/names.py."""
    return Command(f"CAT{category:02d}", codes.CMD_CATEGORY, category)


def of_cash(dkk: int) -> Command:
    """An amount of cash."""
    return Command(f"DKK{dkk}", codes.CMD_CASH, codes.C_CASH, dkk)


def of_site(cash: Iterable[int]) -> list[Command]:
    """Every command of a site whose file lists these amounts."""
    return [
        FOR_INMATE, FOR_VISITOR, FOR_STAFF, END_VISIT,
        *(of_category(number) for number in range(1, len(names.CATEGORIES))),
        *(of_cash(dkk) for dkk in cash),
    ]  # fmt: skip


def text_of(salt: bytes, name: str) -> str:
    """The text of a barcode: GSC-<name>-<check>, such as GSC-END-7K2M9Q.

    At most 20 characters for the names above, all of Code 128's set B and of QR's alphanumeric
    mode. `salt` is the site's (signed.site_salt): the same salt gives the same texts, so a printed
    sheet stays good, and the sheet of another site says nothing here. The check is the first 30
    bits of HMAC-SHA256 (RFC 2104) over the name. No retail code can meet a text, which begins with
    letters; a guess at a name's check hits with a chance of 1 in 2^30, about 10^-9, and every
    miss is an unknown tag: inspected by hand and logged. A longer check or a key of its own would
    not help: whoever has a table, or a photograph of the sheet, has the texts.
    """
    digest = hmac.digest(salt, _PURPOSE + name.encode(), hashlib.sha256)
    bits = int.from_bytes(digest[:4], "big") >> 32 - CHECK_CHARS * _CHARACTER_BITS
    shifts = range((CHECK_CHARS - 1) * _CHARACTER_BITS, -1, -_CHARACTER_BITS)
    check = "".join(_ALPHABET[bits >> shift & len(_ALPHABET) - 1] for shift in shifts)
    return f"{PREFIX}{name}-{check}"


def is_reserved(text: str) -> bool:
    """Whether a text may be a command's only, in whatever case it is written."""
    return text.upper().startswith(PREFIX)
