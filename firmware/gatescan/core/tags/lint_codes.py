"""Code lists that values of application identifiers are checked against.

ISO 3166-1 (numeric and alpha-2), ISO 4217 numeric with codes lately withdrawn, UN/CEFACT
Recommendation 21 with GS1's own PackageTypeCodes; as of July 2026.
"""

# Bit n of these, counted from the first byte's highest one, is number n.
COUNTRIES = (
    b"\x08\xa8\x88\x89\x88\x88\xb8\x88\x8a\xa8\x0a\x28\x88\x88\x88\x88\x08\x88\x88\x8a"
    b"\x22\x23\x28\x89\x88\x18\x8a\x22\x21\xe3\x22\xa2\x2a\x2a\x18\x00\x88\x88\x88\x88"
    b"\x88\x8a\x88\x88\x88\x88\x88\x88\x88\x82\x88\xa2\x62\x2a\x22\xa2\x22\x22\x22\x22"
    b"\x88\x08\xb8\x88\x88\x88\x97\x08\x08\x22\x22\x22\x2d\xe1\x02\x88\x88\x88\xa2\x22"
    b"\x32\x0a\x1b\x22\x22\x22\xa2\x03\xe2\x08\x08\xc8\x08\x88\x88\xa8\x88\x88\x88\x9a"
    b"\x89\x00\x20\x21\xe0\x80\x22\x2a\x00\x08\x21\x02\x00\x00\x00\x00\x00\x00\x00\x00"
    b"\x00\x00\x00\x00\x00"
)
CURRENCIES = (
    b"\x00\x88\x00\x00\x88\x08\xb8\x08\x88\x80\x08\x20\x80\x88\x08\x08\x08\x80\x80\x88"
    b"\x00\x22\x00\x08\x80\x10\x82\x02\x02\x82\x20\x00\x02\x02\x00\x00\x08\x00\x00\x00"
    b"\x88\x88\x08\x88\x88\x88\x80\x80\x08\x8a\x88\xa2\x62\x22\x20\x02\x02\x22\x00\x00"
    b"\x88\x00\xa0\x80\x88\x08\x0c\x00\x08\x22\x02\x00\x20\x22\x02\x88\x80\x00\x00\x20"
    b"\x12\x02\x00\x00\x00\x20\x20\x02\xa2\x00\x00\x80\x00\x08\x88\x88\x00\x88\x88\x00"
    b"\x81\x00\x20\x20\x20\x80\x00\x28\x00\x00\x22\x00\x04\x00\x00\x0f\xe6\xad\xbf\xdf"
    b"\xfd\xfd\xfc\xe2\x25"
)

# Codes of two characters: every first one with all the second ones behind it.
COUNTRY_PAIRS = (
    b" ADEFGILMOQRSTUWXZ BABDEFGHIJLMNOQRSTVWYZ CACDFGHIKLMNORUVWXYZ DEJKMOZ ECEGHRST FIJKMOR "
    b"GABDEFGHILMNPQRSTUWY HKMNRTU IDELMNOQRST JEMOP KEGHIMNPRWYZ LABCIKRSTUVY "
    b"MACDEFGHKLMNOPQRSTUVWXYZ NACEFGILOPRUZ OM PAEFGHKLMNRSTWY QA REOSUW "
    b"SABCDEGHIJKLMNORSTVXYZ TCDFGHJKLMNORTVWZ UAGMSYZ VACEGINU WFS YET ZAMW "
)
PACKAGE_PAIRS = (
    b" 1ABDFGW 2C 3AH 434ABCDFGH 5HLM 6HP 7AB 8ABC AABCDFGHIJLMPTV B4BCDEFGHIJKLMNOPQRSTUVWXYZ "
    b"CABCDEFGHIJKLMNOPQRSTUVWXYZ DABCGHIJKLMNPRSTUVWXY E123CDEFGHIN FBCDEILOPRTWX GBILRUYZ "
    b"HABCGNR IABCDEFGHKLNZ JBCGRTY KGI LEGTUVZ MABCERSTWX NAEFGSTUV OABCDEFKTU "
    b"P2ABCDEFGHIJKLNOPRTUVXYZ QABCDFGHJKLMNPQRS RDGJKLOTZ S1ABCDEHIKLMOPSTUVWXYZ "
    b"T1BCDEGIKLNORSTUVWYZ UCN VAGIKLNOPQRSY WABCDFGHJKLMNPQRSTUVWXYZ X3ABCDFGHJK "
    b"YABCDFGHJKLMNPQRSTVWXYZ ZABCDFGHJKLMNPQRSTUVWXYZ "
)
# Codes of one or three
PACKAGES = (
    b" 200 201 202 203 204 205 206 210 211 212 8 9 APE BGE BME BRI CBL CCE DPE FOB FPE LAB MPE "
    b"OPE PAE PLP POP PPE PUE RB1 RB2 RB3 RCB SEC STL TEV THE TRE TTE TWE UUE WRP X11 X12 X15 "
    b"X16 X17 X18 X19 X20 "
)


def has_number(bits: bytes, part: bytes) -> bool:
    """Whether the three digits `part` are one of the numbers in `bits`."""
    if len(part) != 3 or not part.isdigit():
        return False
    number = int(part)
    return bits[number >> 3] & 128 >> (number & 7) != 0


def has_pair(pairs: bytes, part: bytes) -> bool:
    """Whether the two characters `part` are one of the codes in `pairs`."""
    at = pairs.find(b" " + part[:1])
    if len(part) != 2 or at < 0 or part[1:] == b" ":
        return False
    return pairs.find(part[1:], at + 2, pairs.find(b" ", at + 1)) > 0


def is_package(part: bytes) -> bool:
    """Whether `part` is the code of a kind of package."""
    if len(part) == 2:
        return has_pair(PACKAGE_PAIRS, part)
    return bool(part) and b" " not in part and b" " + part + b" " in PACKAGES
