"""Makes valid GS1 data: application identifiers that stand together, as element strings."""

import random

from fuzz.tags.gs1_reading import checked

Pairs = list[tuple[str, str]]

_CSET82 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-./_!\"%&'()*+,:;<=>?"
_DIGITS = "0123456789"
# GS1 prefixes with other rules than products have, and plain ones
_STARTS = ("95", "5701", "0", "02", "04", "2", "977", "978", "979", "98", "99", "050", "0000001",
           "00000012", "4", "8", "40", "47", "00000000")  # fmt: skip
# Beside a product: at most one of each group
_BESIDE_PRODUCT = (
    "10", "11", "13", "15", "16", "17", "20", "21 235", "22", "240", "241", "242", "243", "251",
    "400", "422", "7240", "8012", "8200", "90", "91", "99", "710", "3103", "3302", "8005", "30",
)  # fmt: skip
_BESIDE_SSCC = (
    "400",
    "403",
    "410",
    "413",
    "420",
    "3302",
    "90",
    "98",
    "4302",
    "4307",
    "4308",
    "4309",
    "4321",
    "4324",
    "4330",
    "7041",
)
# Values that chance would not find
_READY = {
    "4307": ("DK", "GB"), "4309": ("02790858483015297971",), "4324": ("2612312359", "2612000000"),
    "4330": ("002500", "002500-"), "7041": ("8", "200", "X3"), "422": ("208", "752", "276"),
    "423": ("208752", "276"), "426": ("208",), "3910": ("208123",), "3932": ("9780299",),
    "7003": ("2612311230",), "7007": ("261231", "261231270101"), "7011": ("2612312359",),
    "7040": ("1ABC", "0---"), "7241": ("01", "10", "80"), "7250": ("20000229",), "7258": ("1/2",),
    "7251": ("200002292359",), "7252": ("0", "9"), "8001": ("00100001000190",), "7259": ("A+B",),
    "8007": ("GB82WEST12345698765432", "NO9386011117947"), "8008": ("26123123", "261231235959"),
    "8013": ("1987654Ad4X4bL5ttr2310c2K",), "8014": ("1987654Ad4X4bL5ttr2310c2K",),
    "8026": ("095212345432130102",), "8030": ("AQID", "aGVsbG8="),
    "8110": ("012345699999915110123",),
    "8112": ("001234569999990123456",), "4302": ("A+B%20", "%41"), "4321": ("0", "1"),
    "8111": ("0050",), "7030": ("208ABC", "999A"), "7230": ("EM1",), "8012": ("1.2", "v"),
}  # fmt: skip
_FIXED = ("00", "01", "02", "11", "13", "15", "16", "17", "20", "3103", "3302", "410", "413",
          "414", "415", "417")  # fmt: skip


def text(rng: random.Random, most: int) -> str:
    """Characters of CSET 82; often a few, sometimes digits that look like an identifier."""
    size = rng.randint(1, most if rng.random() < 0.2 else min(8, most))
    letters = _DIGITS if rng.random() < 0.3 else _CSET82
    return "".join(rng.choices(letters, k=size))


def digits(rng: random.Random, size: int) -> str:
    """That many digits."""
    return str(rng.randrange(10**size)).zfill(size)


def gtin14(rng: random.Random) -> str:
    """A GTIN of any range of numbers, filled up to 14 digits."""
    start = rng.choice(("0", "0", "0", "1", "9")) + rng.choice(_STARTS)
    return checked((start + digits(rng, 13))[:13])


def value(rng: random.Random, ai: str) -> str:
    """A value that is good for one of the identifiers above."""
    if ai in _READY and (ai != "8012" or rng.random() < 0.5):
        return rng.choice(_READY[ai])
    if ai in ("10", "21", "22", "243", "400", "403", "710", "8012", "254", "7240", "420"):
        return text(rng, 20)
    if ai in ("235", "240", "241", "251", "90", "4308"):
        return text(rng, 28)
    if ai in ("91", "98", "99", "8200"):
        return text(rng, 70)
    if ai in ("11", "13", "15", "16", "17"):
        return f"{rng.randrange(100):02}{rng.randint(1, 12):02}{rng.randint(0, 28):02}"
    if ai == "20":
        return digits(rng, 2)
    if ai in ("30", "242"):
        return digits(rng, rng.randint(1, 6))
    if ai in ("3103", "3302", "8005"):
        return digits(rng, 6)
    return checked("95" + digits(rng, 10))  # 410 to 417


def _some(rng: random.Random, groups: tuple[str, ...]) -> Pairs:
    chosen = rng.sample(groups, min(len(groups), rng.choice((0, 0, 1, 1, 2, 3))))
    names = [rng.choice(group.split()) for group in chosen]
    return [(ai, value(rng, ai)) for ai in names]


def good_pairs(rng: random.Random) -> Pairs:
    """Pairs with one key, the key first."""
    kind = rng.randrange(18)
    if kind < 8:
        return [("01", gtin14(rng)), *_some(rng, _BESIDE_PRODUCT)]
    if kind == 8:
        pairs = [("00", checked("3" + "95" + digits(rng, 14))), *_some(rng, _BESIDE_SSCC)]
        if rng.random() < 0.4:
            pairs += [("02", gtin14(rng)), ("37", str(rng.randint(1, 9999)))]
        return pairs
    if kind == 9:
        total = rng.randint(1, 99)
        piece = f"{rng.randint(1, total):02}{total:02}"
        return [("8006", gtin14(rng) + piece), *_some(rng, ("10", "17", "21", "240", "90"))]
    if kind == 10:
        serial = text(rng, 16) if rng.random() < 0.5 else ""
        return [("8003", "0" + checked("95" + digits(rng, 10)) + serial)]
    if kind == 11:
        return [(rng.choice(("8004", "401")), "9521" + text(rng, 26))]
    if kind == 12:
        serial = text(rng, 17) if rng.random() < 0.5 else ""
        return [("253", checked("95" + digits(rng, 10)) + serial)]
    if kind == 13:
        return [("255", checked("95" + digits(rng, 10)) + digits(rng, rng.randint(1, 12)))]
    if kind == 14:
        if rng.random() < 0.3:
            return [("8013", value(rng, "8013"))]
        if rng.random() < 0.3:
            iban = [("8007", value(rng, "8007"))] if rng.random() < 0.7 else []
            return [("415", value(rng, "415")), ("8020", text(rng, 25)), *iban]
        return [("402", checked("95" + digits(rng, 14)))]
    if kind == 15:
        return [("414", value(rng, "414")), *_some(rng, ("254", "90"))]
    if kind == 16:
        part = "9521" + "".join(rng.choices("ABCDEF#-/0123456789", k=rng.randint(1, 20)))
        more = [("8011", str(rng.randrange(1, 10**12)))] if rng.random() < 0.6 else []
        return [("8010", part), *more]
    relation = rng.choice(("8017", "8018"))
    more = [("8019", digits(rng, rng.randint(1, 10)))] if rng.random() < 0.5 else []
    if relation == "8018" and rng.random() < 0.3:
        more += [
            (ai, value(rng, ai)) for ai in rng.choice((("7250",), ("7251", "7252"), ("7241",)))
        ]
    return [(relation, checked("95" + digits(rng, 15))), *more]


def rare_pairs(rng: random.Random) -> Pairs:
    """Pairs of identifiers that few codes have, whether or not they may stand together."""
    return [(ai, value(rng, ai)) for ai in rng.sample(sorted(_READY), rng.randint(1, 3))]


def element_string(rng: random.Random, pairs: Pairs) -> bytes:
    """As a reader with separators sends them, with some that nobody needs."""
    out = b"\x1d" if rng.random() < 0.05 else b""
    for n, (ai, content) in enumerate(pairs):
        out += (ai + content).encode()
        if n + 1 < len(pairs) and (ai not in _FIXED or rng.random() < 0.05):
            out += b"\x1d"
    return out + (b"\x1d" if rng.random() < 0.05 else b"")
