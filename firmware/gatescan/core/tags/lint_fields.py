"""The checks of values that few barcodes need; loaded by lint.py with the first that does.

Source: GS1 General Specifications section 3 and the linters of the GS1 Barcode Syntax Dictionary.
"""

from gatescan.core.compat import TYPE_CHECKING
from gatescan.core.tags import lint

if TYPE_CHECKING:
    from collections.abc import Callable

# General Specifications figure 7.11-1: the order gives the characters their values
_CSET82 = b"!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
_CSET32 = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_HEX = b"0123456789ABCDEFabcdef"
_MAX_WEIGHTED = 97  # characters; no value has more than 90
_IBAN_MIN, _IBAN_MAX = 11, 34


def passes(check: int, part: bytes) -> bool:
    """Whether `part` passes the check at that place of `_CHECKS`."""
    return _CHECKS[check](part)


def _yyyymmdd(part: bytes) -> bool:
    return len(part) == 8 and part.isdigit() and lint.day_exists(int(part[:4]), part[4:], False)


def _hh(part: bytes) -> bool:
    return len(part) == 2 and part.isdigit() and part < b"24"


def _sixty(part: bytes) -> bool:
    return len(part) == 2 and part.isdigit() and part < b"60"


def _hhmi(part: bytes) -> bool:
    return _hh(part[:2]) and _sixty(part[2:])


def _zero(part: bytes) -> bool:
    return part != b"" and not part.strip(b"0")


def _nonzero(part: bytes) -> bool:
    return part.isdigit() and part.strip(b"0") != b""


def _nozeroprefix(part: bytes) -> bool:
    return not part or (part.isdigit() and part[:1] != b"0")


def _hasnondigit(part: bytes) -> bool:
    return part != b"" and not part.isdigit()


def _hyphen(part: bytes) -> bool:
    return part != b"" and not part.strip(b"-")


def _yesno(part: bytes) -> bool:
    return part in (b"0", b"1")


def _winding(part: bytes) -> bool:
    return part in (b"0", b"1", b"9")


def _iso5218(part: bytes) -> bool:
    return part in (b"0", b"1", b"2", b"9")


def _importeridx(part: bytes) -> bool:
    return len(part) == 1 and lint.in_set(3, part) and part != b"="


def _mediatype(part: bytes) -> bool:
    # 01-10 by ICCBBA, 80-99 for local and national use
    return len(part) == 2 and part.isdigit() and (b"01" <= part <= b"10" or part >= b"80")


def _pieceoftotal(part: bytes) -> bool:
    half = len(part) // 2
    if 2 * half != len(part) or not (_nonzero(part[:half]) and _nonzero(part[half:])):
        return False
    return part[:half] <= part[half:]


def _posinseqslash(part: bytes) -> bool:
    both = part.split(b"/")
    if len(both) != 2 or not (both[0].isdigit() and both[1].isdigit()):
        return False
    if both[0][:1] == b"0" or both[1][:1] == b"0":
        return False
    return int(both[0]) <= int(both[1])


def _pcenc(part: bytes) -> bool:
    at = part.find(b"%")
    while at >= 0:
        code = part[at + 1 : at + 3]
        if len(code) < 2 or code.strip(_HEX):
            return False
        at = part.find(b"%", at + 3)
    return True


def _latitude(part: bytes) -> bool:
    # Ten digits compare as numbers do; as numbers they would be more than a small int holds.
    return len(part) == 10 and part.isdigit() and part <= b"1800000000"


def _longitude(part: bytes) -> bool:
    return len(part) == 10 and part.isdigit() and part <= b"3600000000"


def _csumalpha(part: bytes) -> bool:
    """Section 7.9.5: characters weighted with primes from the right, modulo 1021."""
    content = part[:-2]
    if len(part) < 2 or len(content) > _MAX_WEIGHTED or content.strip(_CSET82):
        return False
    total = 0
    primes: "list[int]" = []
    candidate = 1
    for byte in reversed(content):
        candidate += 1
        while any(candidate % prime == 0 for prime in primes):
            candidate += 1
        primes.append(candidate)
        total += _CSET82.find(bytes((byte,))) * candidate
    total %= 1021
    return part[-2:] == bytes((_CSET32[total >> 5], _CSET32[total & 31]))


def _iban(part: bytes) -> bool:
    """ISO 13616 and ISO 7064, MOD 97-10."""
    from gatescan.core.tags import lint_codes

    if not _IBAN_MIN <= len(part) <= _IBAN_MAX:
        return False
    if not lint_codes.has_pair(lint_codes.COUNTRY_PAIRS, part[:2]):
        return False
    rest = 0
    for byte in part[4:] + part[:4]:
        if 48 <= byte <= 57:
            rest = (rest * 10 + byte - 48) % 97
        elif 65 <= byte <= 90:
            rest = (rest * 100 + byte - 55) % 97
        else:
            return False
    return rest == 1


def _iso3166(part: bytes) -> bool:
    from gatescan.core.tags import lint_codes

    return lint_codes.has_number(lint_codes.COUNTRIES, part)


def _iso3166999(part: bytes) -> bool:
    return part == b"999" or _iso3166(part)


def _iso3166alpha2(part: bytes) -> bool:
    from gatescan.core.tags import lint_codes

    return lint_codes.has_pair(lint_codes.COUNTRY_PAIRS, part)


def _iso4217(part: bytes) -> bool:
    from gatescan.core.tags import lint_codes

    return lint_codes.has_number(lint_codes.CURRENCIES, part)


def _packagetype(part: bytes) -> bool:
    from gatescan.core.tags import lint_codes

    return lint_codes.is_package(part)


def _couponcode(part: bytes) -> bool:
    from gatescan.core.tags import lint_coupon

    return lint_coupon.is_coupon(part)


def _couponposoffer(part: bytes) -> bool:
    from gatescan.core.tags import lint_coupon

    return lint_coupon.is_offer(part)


# In the order of make_ai_table.LINTERS, behind those that lint.py has itself
_CHECKS: "tuple[Callable[[bytes], bool], ...]" = (
    _yyyymmdd,
    _hh,
    _sixty,
    _sixty,
    _hhmi,
    _zero,
    _nonzero,
    _nozeroprefix,
    _hasnondigit,
    _hyphen,
    _yesno,
    _winding,
    _iso5218,
    _importeridx,
    _mediatype,
    _pieceoftotal,
    _posinseqslash,
    _pcenc,
    _latitude,
    _longitude,
    _csumalpha,
    _iban,
    _iso3166,
    _iso3166999,
    _iso3166alpha2,
    _iso4217,
    _packagetype,
    _couponcode,
    _couponposoffer,
)
