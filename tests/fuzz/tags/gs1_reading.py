"""A second reading of GS1 data, made of regular expressions: the judge of what the parsers say.

Source: GS1 General Specifications, 1.4 (prefixes), 3 (application identifiers), 4.14 (which go
together), 7.8.5 (predefined lengths), 7.9 (check digit). It says what must hold of every string
that is read, not all that must.
"""

import re
from collections.abc import Sequence

Pairs = Sequence[tuple[str, str]]

# AIs, value (X: CSET 82, Y: CSET 39, Z: CSET 64,
# L and A: capital letters, with digits), then: cN check digit of the first N characters,
# dN date at N whose day may be 00, DN date with a day
_FORMS = r"""
00 \d{18} c18|01,02,03 \d{14} c14|10,21,22,243,254,7020,7021,7022,8002,8012 X{1,20}
11-13,15-17 \d{6} d0|20 \d\d|235 X{1,28}|240,241,250,251,400,403,7002,90 X{1,30}
242 \d{1,6}|253 \d{13}X{0,17} c13|255 \d{13}\d{0,12} c13|30,37 \d{1,8}
3100-3105,3110-3115,3120-3125,3130-3135,3140-3145,3150-3155,3160-3165 \d{6}
3200-3205,3210-3215,3220-3225,3230-3235,3240-3245,3250-3255,3260-3265,3270-3275 \d{6}
3280-3285,3290-3295,3300-3305,3310-3315,3320-3325,3330-3335,3340-3345,3350-3355 \d{6}
3360-3365,3370-3375,3400-3405,3410-3415,3420-3425,3430-3435,3440-3445,3450-3455 \d{6}
3460-3465,3470-3475,3480-3485,3490-3495,3500-3505,3510-3515,3520-3525,3530-3535 \d{6}
3540-3545,3550-3555,3560-3565,3570-3575,3600-3605,3610-3615,3620-3625,3630-3635 \d{6}
3640-3645,3650-3655,3660-3665,3670-3675,3680-3685,3690-3695,3950-3955,8005 \d{6}
3900-3909,3920-3929 \d{1,15}|3910-3919,3930-3939 \d{3}\d{1,15}|3940-3943,8111 \d{4}
401,8004,7023 (?=\d{4})X{4,30}|402 \d{17} c17|410-417 \d{13} c13|420 X{1,20}
421 \d{3}X{1,9}|422,424,426 \d{3}|423,425 (\d{3}){1,5}|427 X{1,3}
4300,4301,4310,4311,4320 X{1,35}|4302-4306,4312-4316,7257 X{1,70}|4307,4317 L{2}
4308,4319 X{1,30}|4309 \d{20}|4318 X{1,20}|4321-4323 [01]|4324,4325 \d{10} d0|4326 \d{6} D0
4330-4333 \d{6}-?|7001 \d{13}|7003 \d{10} D0|7004 \d{1,4}|7006 \d{6} D0|7007 \d{6}(\d{6})? D0
7005 X{1,12}|7008 X{1,3}|7009 X{1,10}|7010 X{1,2}|7011 \d{6}(\d{4})? D0|7030-7039 \d{3}X{1,27}
7040 \d(?=...$)XXZ|7041 A{1,4}|710-717,7240 X{1,20}|7230-7239 X{3,30}|7241 \d\d
7242,8020 X{1,25}|7250 \d{8}|7251 \d{12}|7252 [0129]|7253,7254,7259 X{1,40}|7255 X{1,10}
7256 X{1,90}|7258 \d/\d|8001 \d{14}|8003 0\d{13}X{0,16} c14|8006,8026 \d{18} c14
8007 A{1,34}|8008 \d{8}(\d\d){0,2} D0|8009 X{1,50}|8010 (?=\d{4})Y{4,30}|8011 [1-9]\d{0,11}
8013,8014 (?=\d{4})X{6,25}|8017,8018 \d{18} c18|8019 \d{1,10}|8030 Z{1,90}|8040,8041 \d{15}
8042 \d{32}|8043 \d{18,20}|8110,8112 \d{1,70}|8200 X{1,70}|91-99 X{1,90}
"""
_SETS = {"X": r"""[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]""", "Y": "[-#/0-9A-Z]", "Z": "[-_0-9A-Za-z=]",
         "L": "[A-Z]", "A": "[0-9A-Z]"}  # fmt: skip
_PREDEFINED = {"00": 18, "01": 14, "02": 14, "03": 14, "04": 16, "20": 2, "41": 13}
_PREDEFINED.update({str(n): 6 for n in (*range(11, 20), *range(31, 37))})
# What must, and what must not, stand beside: the most frequent of section 4.14
_NEEDS = {
    "02": "37", "37": "02 8026", "10": "01 02 03 8006 8026", "21": "01 03 8006", "22": "01",
    "11": "01 02 03 8006 8026", "17": "01 02 03 255 8006 8026", "235": "01", "254": "414",
    "8011": "8010", "8019": "8017 8018", "8020": "415", "415": "8020", "240": "01 02 03 8006 8026",
    "250": "21", "403": "00", "4300": "00", "8200": "01", "8111": "255", "30": "01 02",
}  # fmt: skip
_EXCLUDES = (("01", "02"), ("01", "37"), ("01", "03"), ("01", "8006"), ("21", "235"),
             ("8017", "8018"), ("420", "421"), ("01", "255"))  # fmt: skip
# Section 1.4.2; what is not here is a product's
_PREFIXES = (
    ("restricted", 20, 29), ("restricted", 40, 49), ("restricted", 200, 299), ("coupon", 50, 59),
    ("coupon", 980, 999), ("issn", 977, 977), ("isbn", 978, 979),
)  # fmt: skip
_NUMBERS = {"gtin": 1, "restricted": 4, "isbn": 5, "issn": 6, "coupon": 7}
# Keys that are no GTIN, the most telling first, and the qualifiers that tell pieces apart
_OTHER_KEYS = (
    ("8006", "21"), ("00", ""), ("8004", ""), ("8003", ""), ("253", ""), ("255", ""),
    ("8010", "8011"), ("8017", "8019"), ("8018", "8019"), ("8013", ""), ("414", "254 7040"),
    ("417", "7040"), ("415", "8020"), ("402", ""), ("401", ""),
)  # fmt: skip


def _forms() -> dict[str, tuple[re.Pattern[str], list[str]]]:
    out = {}
    for row in _FORMS.replace("\n", "|").strip("|").split("|"):
        names, form, *checks = row.split(" ")
        form = re.sub("[XYZLA]", lambda sign: _SETS[sign[0]], form)
        for part in names.split(","):
            first, _, last = part.partition("-")
            for number in range(int(first), int(last or first) + 1):
                out[str(number).zfill(len(first))] = (re.compile(form), checks)
    return out


FORMS = _forms()


def check_digit(digits: str) -> str:
    """The digit that belongs behind `digits`."""
    odd, even = digits[-1::-2], digits[-2::-2]
    return str(-(3 * sum(map(int, odd)) + sum(map(int, even))) % 10)


def checked(digits: str) -> str:
    """`digits` with their check digit."""
    return digits + check_digit(digits)


def fits(digits: str) -> bool:
    """Whether the last digit is the check digit."""
    return checked(digits[:-1]) == digits


def good_value(ai: str, value: str) -> bool:
    """False where the value can not be one of that application identifier."""
    if ai not in FORMS:
        return False
    form, checks = FORMS[ai]
    if form.fullmatch(value) is None or not value.isascii():
        return False
    for check in checks:
        number = int(check[1:])
        if check[0] == "c" and not fits(value[:number]):
            return False
        month, day = int(value[2:4] if check[0] in "dD" else 1), value[4:6]
        if check[0] in "dD" and not (1 <= month <= 12 and int(day) <= 31):
            return False
        if check[0] == "D" and day == "00":
            return False
    return True


def good_together(pairs: Pairs) -> bool:
    """False where one of the pairs can not stand beside another, or lacks it."""
    values: dict[str, str] = {}
    for ai, value in pairs:
        if values.setdefault(ai, value) != value:
            return False
    for ai, needed in _NEEDS.items():
        if ai in values and not any(other in values for other in needed.split()):
            return False
    return not any(a in values and b in values for a, b in _EXCLUDES)


def good(pairs: Pairs) -> bool:
    """False where the pairs can not be what a GS1 carrier says."""
    return all(good_value(*pair) for pair in pairs) and good_together(pairs)


def _name_at(rest: str) -> str:
    """The application identifier at the start, "" where none is."""
    for size in (2, 3, 4):
        if rest[:size] in FORMS:
            return rest[:size]
    return ""


def separated(data: bytes) -> "list[tuple[str, str]] | None":
    """The pairs of an element string, None where it is none."""
    pairs = []
    for part in data.split(b"\x1d"):
        if not part.isascii():
            return None
        rest = part.decode()
        while rest:
            ai = _name_at(rest)
            if not ai:
                return None
            size = _PREDEFINED.get(ai[:2], len(rest))
            value, rest = rest[len(ai) : len(ai) + size], rest[len(ai) + size :]
            if not good_value(ai, value):
                return None
            pairs.append((ai, value))
    return pairs or None


def kind_of(gtin14: str) -> str:
    """`gtin`, or what else a number of that prefix is."""
    if re.match("0{6}[02]", gtin14):
        return "restricted"
    if gtin14.startswith("0" * 6):
        return "gtin"
    for kind, first, last in _PREFIXES:
        if first <= int(gtin14[1:4]) <= last:
            return kind
    return "gtin"


def number_key(gtin14: str) -> bytes:
    """The key of a number without more."""
    return bytes([_NUMBERS[kind_of(gtin14)]]) + int(gtin14[:-1]).to_bytes(7, "big")


def key_of(pairs: Pairs) -> "bytes | None":
    """The key of what the pairs name, None where they name nothing."""
    values = dict(pairs)
    gtin = values.get("01", values.get("03"))
    if gtin:
        key = number_key(gtin)
        if key[0] != 1:
            return key
        if "21" in values:
            return key + values["21"].encode()
        return key + (b"\x1d235" + values["235"].encode() if "235" in values else b"")
    for ai, qualifiers in _OTHER_KEYS:
        if ai in values:
            more = [q + values[q] for q in qualifiers.split() if q in values]
            return b"\x02" + "\x1d".join([ai + values[ai], *more]).encode()
    return None
