"""GS1 Digital Link: a web address that carries GS1 keys -> one identity. It is never followed.

Source: GS1 Digital Link Standard, URI Syntax 1.6, sections 4 and 5; older forms by versions 1.0
to 1.2 (shortened GTINs, names in place of numbers, `;` between attributes). The host and the
path before the key are never trusted: anybody can print them.
"""

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.tags import element_string, gtin, identity
from gatescan.core.tags.ai_table import LINK_KEYS, PATH_ONLY
from gatescan.core.tags.percent import unescape
from gatescan.core.tags.scheme import S_DIGITAL_LINK, refused

if TYPE_CHECKING:
    from gatescan.core.tags.scheme import Tag

MAX_LINK_BYTES = const(512)

# RFC 3986: what a host name and its port, and what any part of an address may hold
_HOST = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-.:[]"
_ADDRESS = _HOST + b"/%_~?#@!$&'()*+,;="

# Names that versions 1.0 to 1.2 allowed in place of numbers
_NAMES = (
    b" gtin=01 sscc=00 ser=21 lot=10 cpv=22 gdti=253 gcn=255 ginc=401 gsin=402 gln=414"
    b" party=417 glnx=254 grai=8003 giai=8004 itip=8006 cpid=8010 cpsn=8011 gmn=8013"
    b" gsrnp=8017 gsrn=8018 srin=8019 refno=8020 "
)

_HAND = " Classify the item by hand."
NO_PRODUCT = "The web address names no product." + _HAND
_BROKEN = "The web address is damaged: scan the barcode again." + _HAND
_ORDER = "The parts of the web address do not belong together." + _HAND
_COMPRESSED = "Compressed web addresses are not read." + _HAND
_TWO_READINGS = "The 8 digits in the web address fit a GTIN-8 and a UPC-E." + _HAND


class _LinkError(Exception):
    """A Digital Link that must be refused; its text is the sentence."""


def looks_like(data: bytes) -> bool:
    """True for a web address whose scheme is written in one case, as the standard wants it."""
    return data.startswith((b"http://", b"https://", b"HTTP://", b"HTTPS://"))


def read(data: "bytes | bytearray | memoryview", inferred: bool) -> "Tag":
    """The tag that a web address names.

    `inferred`: no symbology identifier came with it. Never raises: what names no GS1 key for
    certain has `error` set and no key.
    """
    if len(data) > MAX_LINK_BYTES:
        return refused("The web address is too long for a tag." + _HAND, inferred)
    try:
        ais = _pairs(bytes(data))
    except _LinkError as why:
        sentence = why.args[0]
        return refused(sentence, inferred, sentence == _TWO_READINGS)
    fault = element_string.fault_of(ais)
    if fault is not None:
        return refused(fault, inferred)
    return identity.tag_of(S_DIGITAL_LINK, ais, inferred)


def _pairs(data: bytes) -> "list[tuple[str, str]]":
    """(AI, value) of the path, then those of the query; raises _LinkError."""
    if not looks_like(data):
        raise _LinkError(NO_PRODUCT)
    if data.strip(_ADDRESS):  # stops at the first character that is none of these
        raise _LinkError(_BROKEN)
    _, _, rest = data.partition(b"//")
    host, slash, rest = rest.partition(b"/")
    if not host or not slash or host.strip(_HOST):
        raise _LinkError(NO_PRODUCT)
    address = rest.split(b"#", 1)[0].split(b"?", 1)
    path = _path(address[0].split(b"/"))
    if not _in_order([ai for ai, _ in path]):
        raise _LinkError(_ORDER)
    pairs = [(ai, _value(ai, value, False)) for ai, value in path]
    if len(address) == 2:
        _add_query(address[1], path, pairs)
    return [(ai.decode(), value) for ai, value in pairs]


def _look_up(table: bytes, name: bytes) -> "bytes | None":
    """What stands behind `name=` in a table of words."""
    at = table.find(b" " + name + b"=")
    if at < 0:
        return None
    at += len(name) + 2
    return table[at : table.find(b" ", at)]


def _path(segments: "list[bytes]") -> "list[tuple[bytes, bytes]]":
    """The last primary key in the path and what follows it, as it stands there.

    From the end on, every second segment must be an application identifier, up to the key.
    """
    path: "list[tuple[bytes, bytes]]" = []
    i = len(segments) - 2
    while i >= 0:
        ai = segments[i]
        if ai.isalpha():
            ai = _look_up(_NAMES, ai) or ai
        if not ai.isdigit():
            break
        path.insert(0, (ai, segments[i + 1]))
        if _look_up(LINK_KEYS, ai) is not None:
            return path
        i -= 2
    last = segments[-1]
    if last[:2] in (b"eh", b"ex") and len(last) >= 18:
        raise _LinkError(_COMPRESSED)
    raise _LinkError(NO_PRODUCT)


def _in_order(names: "list[bytes]") -> bool:
    """True when the qualifiers `names[1:]` follow one order that the key `names[0]` allows."""
    for order in (_look_up(LINK_KEYS, names[0]) or b"").split(b"|"):
        allowed = order.split(b",")
        at = 0
        for name in names[1:]:
            if name not in allowed[at:]:
                break
            at = allowed.index(name) + 1
        else:
            return True
    return False


def _value(ai: bytes, raw: bytes, query: bool) -> str:
    """The value behind `ai`, without percent signs, and a GTIN with all its digits."""
    value = unescape(raw, query)
    if not value:
        raise _LinkError(_BROKEN)
    if max(value) > 126:
        raise _LinkError(_BROKEN)
    if ai == b"01" and len(value) in (8, 12, 13) and value.isdigit():
        if len(value) == 8 and gtin.check_ok(value, 0, 8) and gtin.upce_expand(value):
            raise _LinkError(_TWO_READINGS)
        value = gtin.to_gtin14(value)
    return value.decode()


def _add_query(
    query: bytes, path: "list[tuple[bytes, bytes]]", pairs: "list[tuple[bytes, str]]"
) -> None:
    """Append the attributes in the query; names that are not numbers are somebody else's."""
    names = [ai for ai, _ in path]
    for part in query.replace(b";", b"&").split(b"&"):
        ai, equals, raw = part.partition(b"=")
        if not equals or not ai.isdigit():
            continue
        if b" " + ai + b" " in PATH_ONLY or ai in [name for name, _ in pairs]:
            raise _LinkError(_ORDER)
        if ai == b"10":  # the one qualifier that may be an attribute, where the path has no place
            for i in range(1, len(names) + 1):
                if _in_order(names[:i] + [ai] + names[i:]):
                    raise _LinkError(_ORDER)
        pairs.append((ai, _value(ai, raw, True)))
