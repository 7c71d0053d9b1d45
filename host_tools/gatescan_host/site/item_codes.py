"""Which numbers may stand on an item list; a fast way for good ones, an exact one for the rest."""

import re
from typing import NamedTuple

from gatescan.core.tags import gtin
from gatescan.core.tags.names import NAMES
from gatescan.core.tags.scheme import S_GTIN

_GTIN8_END = 10**7  # keys below have six leading zeros: the GTIN-8 space has rules of its own
_PREFIX = 10**9  # key // _PREFIX % 1000: digits 2 to 4 of the 14, the GS1 prefix
_SCHEMES = bytes(gtin.scheme_of(b"0%03d1000000000" % prefix) for prefix in range(1000))
# what the zeros' ASCII code 48 adds to the weighed sum, modulo 10, by length
_ZEROS = {n: 48 * ((n + 1) // 2 + 3 * (n // 2)) % 10 for n in (12, 13, 14)}
_SHOWN = 40


class Refusal(NamedTuple):
    """Why a number cannot be listed; `kind`: what it is instead, when it is well formed."""

    sentence: str
    kind: str | None = None


def product_key(code: str) -> int | None:
    """The 13 digits before the check digit of a number that surely names a product.

    None = ask `refusal`: it knows the exact rules, this one only what a million rows need.
    """
    zeros = _ZEROS.get(len(code))
    if zeros is None or not (code.isascii() and code.isdigit()):
        return None
    raw = code.encode()
    if (sum(raw[-1::-2]) + 3 * sum(raw[-2::-2]) - zeros) % 10:
        return None
    key = int(code[:-1])
    if key < _GTIN8_END or _SCHEMES[key // _PREFIX % 1000] != S_GTIN:
        return None
    return key


def refusal(code: str) -> Refusal | None:
    """Why `code` cannot be listed as a product; None when it can."""
    digits = code.encode("ascii", "replace")
    if not re.fullmatch(r"[0-9]+", code, re.ASCII) or len(code) not in (8, 12, 13, 14):
        return Refusal(f"{quoted(code)} is no product number: write 8, 12, 13 or 14 digits.")
    if not gtin.check_ok(digits, 0, len(digits)):
        return Refusal(
            f"{code} has a wrong check digit: read the number off the packaging again"
            f" (computed: {gtin.check_digit(digits, 0, len(digits) - 1)})."
        )
    upca = gtin.upce_expand(digits)
    if upca is not None:
        return Refusal(
            f"{code} may be a GTIN-8 or a UPC-E: write the GTIN-8 with six zeros in front, or"
            f" the {upca.decode()} that the UPC-E stands for."
        )
    scheme = gtin.scheme_of(gtin.to_gtin14(digits))
    if scheme != S_GTIN:
        kind = NAMES[scheme]
        return Refusal(
            f"{code} is a number of kind {kind}, which names no product: remove the line, or"
            " build with --lenient; such items are classified by hand.",
            kind,
        )
    return None


def quoted(text: str) -> str:
    """What stands in a list, short and without control characters, for a sentence."""
    return repr(text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…")
