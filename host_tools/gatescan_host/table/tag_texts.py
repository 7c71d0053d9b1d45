"""The tags of a site file, `kind:value` -> the identity that a scanner makes of the same tag."""

from gatescan.core.tags import barcode, chip_ids, em4100, epc, gtin
from gatescan.core.tags.names import NAMES
from gatescan.core.tags.scheme import S_TEXT, Tag, refused


def read(tag: str) -> Tag:
    """Identity of a tag as TagText of site/fields.py writes it; `error` is set for none."""
    kind, _, value = tag.partition(":")
    if kind == "em4100":
        return em4100.read(bytes.fromhex(value))
    if kind == "nfc":
        return chip_ids.iso14443a(bytes.fromhex(value))
    if kind == "iso15693":
        return chip_ids.iso15693(bytes.fromhex(value))
    if kind == "text":
        return _text(value)
    found = epc.read(bytes.fromhex(value)) if kind == "epc" else text_tag(value)
    if found.error:
        return found
    if found.inferred:
        return refused("begin it with the symbology identifier that the reader sends, as ]d2.")
    if gtin.is_product(found.key):
        return refused("it names a product, not one piece: use a code with a serial number.")
    return found


def text_tag(text: str) -> Tag:
    """What a scanner makes of a barcode with this text."""
    return barcode.parse(text.encode())


def _text(value: str) -> Tag:
    found = text_tag(value)
    if found.error or found.scheme == S_TEXT:
        return found
    return refused(
        f"it reads as a number of kind {NAMES[found.scheme]}: give the item a tag of its own."
    )
