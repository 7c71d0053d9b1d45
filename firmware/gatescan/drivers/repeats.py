"""Scans that come again: the same item still in view, or a weak code that needs a second look.

Engines that read all the time send a code again and again. Each code has a window of its own, so
the next item counts at once. Codes without a check digit are misread now and then: such a code
counts when it was read twice (AIM identifiers: ISO/IEC 15424:2008).
"""

import hashlib

from gatescan.core.compat import const
from gatescan.core.tags import barcode, gtin
from gatescan.drivers.ticks import ticks_diff

NEW = const(1)  # a scan that counts
AGAIN = const(2)  # counted a moment ago: to be shown as "already scanned"
ONCE_MORE = const(3)  # a weak code, seen once: it counts when it comes again

_WINDOW_MS = const(1500)
_CONFIRM_MS = const(2000)
_CODES = const(8)  # remembered; an item stands in view with few others
_DIGEST_BYTES = const(8)
_CODE = const(0)
_SEEN_MS = const(1)
_COUNTED = const(2)
_ITF14_CHARS = const(17)  # with its identifier
_TRADE_DIGITS = (8, 12, 13, 14)  # without an identifier, other digits may be a piece of an ITF


def weak(line: bytes) -> bool:
    """Whether nothing in the code proves that it was read right: one look is not enough."""
    if line[:1] == b"]" and len(line) > 1:
        if line[1] == 0x49:  # I
            return len(line) < _ITF14_CHARS
        return line[1] in barcode.WEAK_LETTERS
    return gtin.all_digits(line) and len(line) not in _TRADE_DIGITS


class Repeats:
    """Remembers the last codes; `look` tells what a scan is."""

    def __init__(self, window_ms: int = _WINDOW_MS) -> None:
        """`window_ms`: a code seen again within this time after it was last seen is the same."""
        self._window_ms = window_ms
        # [digest, ms when it was last seen, whether it has counted]; the oldest first
        self._codes: list[list] = []

    def forget(self) -> None:
        """What was seen has been dealt with: the same code is a new scan."""
        self._codes.clear()

    def look(self, line: bytes, now_ms: int) -> int:
        """NEW, AGAIN or ONCE_MORE for a scan at `now_ms`.

        A code in view keeps its window open, however long it stays.
        """
        # A digest, for what was scanned may be somebody's document: it is not kept.
        code = hashlib.sha256(line).digest()[:_DIGEST_BYTES]
        entry = self._entry(code, now_ms)
        since_ms = ticks_diff(now_ms, entry[_SEEN_MS])
        entry[_SEEN_MS] = now_ms
        if entry[_COUNTED]:
            return AGAIN
        if entry[_CODE] is None:
            entry[_CODE] = code
            if weak(line):
                return ONCE_MORE
        elif not 0 <= since_ms <= _CONFIRM_MS:
            return ONCE_MORE
        entry[_COUNTED] = True
        return NEW

    def _entry(self, code: bytes, now_ms: int) -> list:
        """The entry of this code, the newest now; a new one when it was not seen lately."""
        codes = self._codes
        for i in range(len(codes)):
            if codes[i][_CODE] == code:
                entry = codes.pop(i)
                codes.append(entry)
                if entry[_COUNTED]:
                    gone_ms = ticks_diff(now_ms, entry[_SEEN_MS])
                    if not 0 <= gone_ms <= self._window_ms:
                        entry[_CODE] = None
                        entry[_COUNTED] = False
                return entry
        if len(codes) < _CODES:
            codes.append([None, now_ms, False])
        else:
            entry = codes.pop(0)
            entry[_CODE] = None
            entry[_COUNTED] = False
            entry[_SEEN_MS] = now_ms
            codes.append(entry)
        return codes[-1]
