"""GS1 element strings: the content of GS1-128, DataBar, GS1 DataMatrix, GS1 QR and GS1 DotCode.

Source: GS1 General Specifications 7.8 (how elements follow one another) and 4.14 (which go
together). Nothing is guessed: what can be separated in two ways is refused.
"""

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.tags import ai, associations, identity, lint
from gatescan.core.tags.scheme import S_GS1, Tag, refused

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_DATA_BYTES = const(512)
MAX_ELEMENTS = const(32)
_SEPARATOR = b"\x1d"  # GS, which readers send for FNC1
_MAX_TRIES = const(128)  # places for a lost separator; the Pico takes 0.2 to 0.6 ms for each
_HAND = " Classify the item by hand."
_MANY = "The code holds too many elements for a tag." + _HAND
_LOST = "The reader leaves the separators out: set it to send GS (ASCII 29)." + _HAND
_REPLACED = "The reader replaces the separators: set it to send GS (ASCII 29)." + _HAND
# What readers put in place of a separator; none of it but <GS> is allowed in a value.
_SUBSTITUTES = (b"|", b"^", b"~", b"{GS}", b"[GS]", b"\xe2\x90\x9d")
_SPELT_OUT = b"<GS>"


def read(data: bytes, inferred: bool) -> Tag:
    """The tag that an element string names.

    `data`: what follows the symbology identifier, without FNC1 in first place; `inferred`: no
    symbology identifier said that it is one. Never raises: what cannot be told for certain has
    `error` set and no key.
    """
    if len(data) > MAX_DATA_BYTES:
        return refused("The code is too long for a tag." + _HAND, inferred)
    ais, fault = separate(data)
    if fault is None:
        fault = associations.fault_of(ais)
    if _SPELT_OUT in data or (fault is not None and any(mark in data for mark in _SUBSTITUTES)):
        return refused(_REPLACED, inferred, True)
    if inferred and _SEPARATOR not in data and _another_way(data, ais):
        return refused(_LOST, True, True)
    if fault is not None:
        return refused(fault, inferred)
    return identity.tag_of(S_GS1, ais, inferred)


def fault_of(ais: "Sequence[tuple[str, str]]") -> "str | None":
    """None when the pairs (application identifier, value) are valid and go together.

    Else one sentence that says what is wrong and what to do. For pairs from other carriers: web
    addresses and EPCs.
    """
    if len(ais) > MAX_ELEMENTS:
        return _MANY
    for name, value in ais:
        try:
            digits, content = name.encode(), value.encode()
        except ValueError:
            return "The code holds unprintable characters." + _HAND
        entry = ai.find(digits)
        if not entry or ai.digits_of(entry) != len(digits):
            return _unknown(digits)
        fault = lint.fault_of(name, entry, content)
        if fault is not None:
            return fault
    return associations.fault_of(ais)


def separate(data: bytes) -> "tuple[list[tuple[str, str]], str | None]":
    """The pairs (application identifier, value) of an element string, in order.

    Behind them None, or one sentence on what ended the separation. Each value is valid by
    itself; whether they go together is up to associations.fault_of. Separators that nobody
    needs are skipped: readers send one for FNC1 in first place, at the end, or after a value of
    predefined length.
    """
    ais: "list[tuple[str, str]]" = []
    at, end = 0, len(data)
    while at < end:
        if data[at] == _SEPARATOR[0]:
            at += 1
            continue
        entry = ai.find(data, at)
        if not entry:
            return ais, _unknown(data[at : at + 4])
        if len(ais) == MAX_ELEMENTS:
            return ais, _MANY
        begin = at + ai.digits_of(entry)
        name = data[at:begin].decode()
        at = data.find(_SEPARATOR, begin)
        if at < 0:
            at = end
        length = ai.predefined_length(entry)
        if length:
            at = min(at, begin + length)
        value = data[begin:at]
        fault = lint.fault_of(name, entry, value)
        if fault is not None:
            return ais, fault
        ais.append((name, value.decode()))
    return ais, None if ais else "The code is empty." + _HAND


def _unknown(digits: bytes) -> str:
    if digits.isdigit():
        return "The application identifier (%s) is not known.%s" % (digits.decode(), _HAND)
    return "The code holds something that is no application identifier." + _HAND


def _another_way(data: bytes, ais: "list[tuple[str, str]]") -> bool:
    """Whether `data` without separators is valid in another way than as `ais`, or looks so.

    `ais`: what separate() made of it. Values of predefined length leave no choice, so the search
    begins behind those; it is given up for a yes when it takes too long.
    """
    begin = tries = 0
    while begin < len(ais) and ai.predefined_length(ai.find(ais[begin][0].encode())):
        begin += 1
    waiting = [(sum(len(name) + len(value) for name, value in ais[:begin]), ais[:begin])]
    while waiting:
        at, pairs = waiting.pop()
        if at == len(data):
            if pairs != ais and associations.fault_of(pairs) is None:
                return True
            continue
        entry = ai.find(data, at)
        if not entry:
            continue
        begin = at + ai.digits_of(entry)
        name = data[at:begin].decode()
        length = ai.predefined_length(entry)
        for end in range(begin + (length or 1), (begin + length if length else len(data)) + 1):
            tries += 1
            if tries > _MAX_TRIES:
                return True
            if end < len(data) and not ai.find(data, end):
                continue
            value = data[begin:end]
            if lint.fault_of(name, entry, value) is None:
                waiting.append((end, pairs + [(name, value.decode())]))
    return False
