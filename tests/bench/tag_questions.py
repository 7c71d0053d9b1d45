"""How Gatescan, biip and epcpy are asked for barcodes and EPCs: see compare_tags.py.

An answer is a value, or None for a refusal. Pairs are (application identifier, value).
"""

import re
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple
from urllib.parse import unquote

from biip import parse as biip_parse
from biip.gs1_digital_link_uris import GS1DigitalLinkURI
from biip.gs1_messages import GS1Message
from epcpy import (
    epc_pure_identity_to_gs1_element,
    epc_pure_identity_to_scheme,
    hex_to_tag_encodable,
)

from fuzz.tags import gs1_reading
from gatescan.core.tags import barcode, digital_link, element_string, epc, lint, ndef
from gatescan.core.tags.names import NAMES
from gatescan.core.tags.percent import unescape
from gatescan.core.tags.scheme import Tag
from gatescan_host.tags import make_ai_table
from host.tags.epc_uris import element_strings

Vector = dict[str, Any]
Ask = Callable[[Vector], Any]
ANY = object()  # whatever is answered, as long as it is no refusal


class Kind(NamedTuple):
    """`want` gives the expected value, None for a refusal; a peer's place may hold a reason."""

    name: str
    file: str
    select: Callable[[Vector], bool]
    want: Ask
    gatescan: "Ask | str"
    biip: "Ask | str"
    epcpy: "Ask | str"


def of_kind(kind: str, **more: str) -> Callable[[Vector], bool]:
    def select(vector: Vector) -> bool:
        matches = all(re.search(form, str(vector.get(name, ""))) for name, form in more.items())
        return vector["kind"] == kind and matches

    return select


def if_ok(value: Ask) -> Ask:
    return lambda vector: value(vector) if vector.get("ok") else None


def anything(_: Vector) -> object:
    return ANY


def bracketed(text: str) -> "list[tuple[str, str]] | None":
    """The pairs of `(01)..(10)..`, None for what is not in that notation."""
    if not re.fullmatch(r"(\(\d{2,4}\)[^(]*)+", text):
        return None
    return re.findall(r"\((\d+)\)([^(]*)", text)


def raw(text: str) -> str:
    """An element string as readers send it; GS1's engine writes ^ for FNC1."""
    return text[1:].replace("^", "\x1d")


def _pairs(tag: Tag) -> "list[tuple[str, str]] | None":
    return list(tag.ais) if tag.error is None else None


def _elements(elements: Iterable[Any]) -> "list[tuple[str, str]]":
    return [(element.ai.ai, element.value) for element in elements]


def separated(data: str) -> "list[tuple[str, str]] | None":
    pairs, fault = element_string.separate(data.encode())
    return None if fault else pairs


def valid(text: str) -> "list[tuple[str, str]] | None":
    pairs = bracketed(text)
    return None if pairs is None or element_string.fault_of(pairs) else pairs


def biip_message(text: str) -> "list[tuple[str, str]]":
    return _elements(GS1Message.parse(text).element_strings)


def biip_hri(text: str) -> "list[tuple[str, str]]":
    return _elements(GS1Message.parse_hri(text).element_strings)


def biip_link(text: str) -> "list[tuple[str, str]]":
    return _elements(GS1DigitalLinkURI.parse(text).element_strings)


def link_of(text: str) -> "list[tuple[str, str]] | None":
    return _pairs(digital_link.read(text.encode(), False))


def scanned(text: str) -> "list[tuple[str, str]] | None":
    """A string without FNC1 in first place is a scan without a symbology identifier."""
    return separated(raw(text)) if text[:1] == "^" else _pairs(barcode.parse(text.encode()))


def biip_scanned(text: str) -> "list[tuple[str, str]] | None":
    if text[:1] == "^":
        return biip_message(raw(text))
    message = biip_parse(text).gs1_message
    return _elements(message.element_strings) if message else None


def lints(vector: Vector) -> "object | None":
    data, name = vector["input"].encode(), vector["linter"]
    sets = {"csetnumeric": 0, "cset82": 1, "cset39": 2, "cset64": 3}
    if name in sets:
        return ANY if lint.in_set(sets[name], data) else None
    return ANY if lint.passes(make_ai_table.LINTERS.index(name) + 1, data) else None


def unescaped(vector: Vector) -> object:
    data = vector["input"].encode()
    return unescape(data), unescape(data, True)


def number_of(vector: Vector) -> "str | None":
    """A number by the barcode that carries so many digits; UPC-A comes with 13."""
    value = vector["value"]
    mark = {8: "]E4", 12: "]E00", 13: "]E0", 14: "]I1"}.get(len(value), "]E0")
    tag = barcode.parse((mark + value).encode())
    return tag.gtin or (tag.text if tag.error is None else None)


def is_local(vector: Vector) -> "bool | None":
    value = vector["value"]
    mark = {8: "]E4", 12: "]E00", 13: "]E0", 14: "]I1"}[len(value)]
    tag = barcode.parse((mark + value).encode())
    return NAMES[tag.scheme] == "restricted" if tag.error is None else None


def _whole_words(digits: str) -> bytes:
    return bytes.fromhex(digits + "0" * (-len(digits) % 4))


def epc_of(vector: Vector) -> Any:
    return _pairs(epc.read(_whole_words(vector["hex"])))


def epcpy_of(vector: Vector) -> Any:
    uri = hex_to_tag_encodable(vector["hex"]).epc_uri
    pairs = element_strings(uri)
    return list(pairs) if pairs else uri


def of_uri(vector: Vector) -> Any:
    return list(element_strings(vector["uri"]) or ()) or vector["uri"]


def of_path(vector: Vector) -> Any:
    """The pairs of a Digital Link's path and query."""
    path, _, query = vector["dl_path"].partition("?")
    found = re.findall(r"/(\d+)/([^/]+)", path) + re.findall(r"(\d+)=([^&]+)", query)
    return [(ai, unquote(value)) for ai, value in found]


def by_input(read: Callable[[str], Any], name: str = "input") -> Ask:
    return lambda vector: read(vector[name])


def biip_link_want(vector: Vector) -> Any:
    want = vector.get("expected")
    if vector["test"] == "test_parse_error" or want is None:
        return None
    if isinstance(want, str):
        return bracketed(want)
    return [(element["ai"]["ai"], element["value"]) for element in want["element_strings"]]


def epcpy_any(vector: Vector) -> object:
    epc_pure_identity_to_scheme(vector["uri"])
    return ANY


def sgtin_of(vector: Vector) -> Any:
    """By the URI record of an NFC tag: abbreviation 1E is urn:epc:id:."""
    payload = b"\x1e" + vector["uri"][11:].encode()
    return _pairs(ndef.read(bytes((0xD1, 1, len(payload))) + b"U" + payload))


def epcpy_uri(vector: Vector) -> Any:
    return bracketed(epc_pure_identity_to_gs1_element(vector["uri"]).gs1_element_string())


def is_uri(vector: Vector) -> bool:
    """Not those that are valid and do not fit one of the binary schemes."""
    return vector["kind"] in ("epc_uri", "epc_invalid") and "kwargs" not in vector


def of_engine(vector: Vector) -> Any:
    """The pairs that GS1's engine has, by a reading that is not Gatescan's."""
    return gs1_reading.separated(raw(vector["expected"]).encode()) if "expected" in vector else ANY
