"""Which application identifiers need, exclude or contradict one another.

Source: GS1 General Specifications section 4.14 (data relationships), as the GS1 Barcode Syntax
Dictionary writes it down.
"""

from gatescan.core.compat import TYPE_CHECKING
from gatescan.core.tags import ai

if TYPE_CHECKING:
    from collections.abc import Sequence

_HAND = ": classify the item by hand."
_SERIES = b"n"  # 394n: any of that series
_SIGNATURE = "8030"
# Keys whose serial is optional, and their length without it
_SERIAL_LATER = (("253", 13), ("255", 13), ("8003", 14))


def fault_of(ais: "Sequence[tuple[str, str]]") -> "str | None":
    """None when the pairs (application identifier, value) go together, else one sentence.

    Repeated with the same value they are one; the values are valid each by itself.
    """
    values: "dict[str, str]" = {}
    for name, value in ais:
        if values.get(name, value) != value:
            return "(%s) stands twice with different values%s" % (name, _HAND)
        values[name] = value
    present = ("|" + "|".join(values) + "|").encode()
    for name, _ in ais:  # in order: the same sentence from every interpreter
        own = name.encode()
        entry = ai.find(own)
        rule = ai.excluded_by(entry)
        if rule == b"=":
            rule = own[:3] + _SERIES
        if rule:
            for token in rule.split(b","):
                if _beside(present, token, own):
                    return "(%s) must not stand beside (%s)%s" % (name, token.decode(), _HAND)
        rule = ai.required_by(entry)
        if rule and not _met(present, rule, own):
            return "(%s) lacks what it belongs to%s" % (name, _HAND)
    if _SIGNATURE in values:
        for name, length in _SERIAL_LATER:
            if len(values.get(name, "")) == length:
                return "(%s) needs its serial number beside a signature%s" % (name, _HAND)
    return None


def _met(present: bytes, rule: bytes, own: bytes) -> bool:
    """Whether all of one group of `01+21,02` are there."""
    for group in rule.split(b","):
        for token in group.split(b"+"):
            if not _beside(present, token, own):
                break
        else:
            return True
    return False


def _beside(present: bytes, token: bytes, own: bytes) -> bool:
    """Whether an identifier that `token` means stands in `present` (|01|21|), besides `own`.

    Those of a series have one length, so their first digits tell them.
    """
    if token[-1:] != _SERIES:
        return token != own and b"|" + token + b"|" in present
    stem = b"|" + token.rstrip(_SERIES)
    at = present.find(stem)
    while at >= 0:
        end = present.find(b"|", at + 1)
        if present[at + 1 : end] != own:
            return True
        at = present.find(stem, end)
    return False
