"""One canonical key for what GS1 keys name, whether a barcode, a web address or an EPC says it.

Keys: a GTIN as gtin.key_of has it; one piece of that product has the serial's ASCII characters
behind it. Every other GS1 key: S_GTIN's place is taken by S_GS1, then come the digits of its
application identifier and its value, then each qualifier that tells pieces apart, with a group
separator before it. Batch, dates and measures tell no pieces apart and are no part of a key.
"""

from gatescan.core.compat import TYPE_CHECKING
from gatescan.core.tags import gtin
from gatescan.core.tags.scheme import S_GS1, S_GTIN, Tag, refused

if TYPE_CHECKING:
    from collections.abc import Sequence

# Keys by what they say of the thing at hand, the most telling first (General Specifications 3);
# behind each the qualifiers that tell pieces apart.
_KEYS = (
    ("8006", ("21",)),
    ("00", ()),
    ("8004", ()),
    ("8003", ()),
    ("253", ()),
    ("255", ()),
    ("8010", ("8011",)),
    ("8017", ("8019",)),
    ("8018", ("8019",)),
    ("8013", ()),
    ("414", ("254", "7040")),
    ("417", ("7040",)),
    ("415", ("8020",)),
    ("402", ()),
    ("401", ()),
)
_NO_KEY = "The code names no product and no single thing: classify the item by hand."


def tag_of(scheme: int, ais: "Sequence[tuple[str, str]]", inferred: bool = False) -> Tag:
    """The tag that element strings name.

    `scheme`: S_* of the carrier; `ais`: (application identifier, value) in order, valid each by
    itself and with the others. Without a GS1 key among them the tag is refused.
    """
    values = dict(ais)
    digits = values.get("01") or values.get("03")
    if digits is not None:
        return _product(scheme, digits, values, ais, inferred)
    for name, qualifiers in _KEYS:
        if name in values:
            key = bytes((S_GS1,)) + (name + values[name]).encode()
            serial = None
            for qualifier in qualifiers:
                if qualifier in values:
                    serial = values[qualifier]
                    key += b"\x1d" + (qualifier + serial).encode()
            product = values[name][:14] if name == "8006" else None
            return Tag(scheme, product, serial, tuple(ais), None, None, key, inferred, False, None)
    return refused(_NO_KEY, inferred)


def _product(
    scheme: int,
    digits: str,
    values: "dict[str, str]",
    ais: "Sequence[tuple[str, str]]",
    inferred: bool,
) -> Tag:
    number = digits.encode()
    kind = gtin.scheme_of(number)
    key = gtin.key_of(kind, number)
    serial = values.get("21")
    third = values.get("235")  # its space of numbers is another one
    if kind != S_GTIN:
        # A number that looks like a product and is none, whatever carries it.
        return Tag(kind, None, None, tuple(ais), digits, None, key, inferred, False, None)
    if serial is not None:
        key += serial.encode()
    elif third is not None:
        serial = third
        key += b"\x1d235" + third.encode()
    return Tag(scheme, digits, serial, tuple(ais), None, None, key, inferred, False, None)
