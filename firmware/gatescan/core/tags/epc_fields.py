"""What every binary EPC is made of: a cursor over its bits, numbers, characters, and GS1 keys."""

from gatescan.core.compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Tuple

    # scheme S_*, AI of the key, its value, serial ("" when there is none), further (AI, value)
    Decoded = Tuple[int, str, str, str, Tuple[Tuple[str, str], ...]]

# Application identifiers of the keys; the coding tables name them by their place.
KEY_AIS = ("01", "00", "414", "8003", "8004", "8018", "8017", "253", "8010", "255", "8006")


class EpcError(Exception):
    """An EPC that must be refused; its text says what is wrong with it, as part of a sentence."""


class Bits:
    """A cursor over the bits of `data`, most significant first."""

    def __init__(self, data: "bytes | bytearray | memoryview") -> None:
        self._data = bytes(data)
        self._at = 0

    def left(self) -> int:
        """Number of bits that were not taken yet."""
        return len(self._data) * 8 - self._at

    def skip(self, count: int) -> None:
        """Pass over `count` bits; raises EpcError when there are fewer."""
        if count > self.left():
            raise EpcError("it is cut short")
        self._at += count

    def take(self, count: int) -> int:
        """The next `count` bits as an unsigned number; raises EpcError when there are fewer."""
        start = self._at
        self.skip(count)
        last = self._at + 7 >> 3
        value = int.from_bytes(self._data[start >> 3 : last], "big")
        return (value >> last * 8 - self._at) & ((1 << count) - 1)

    def number(self, count: int, digits: int) -> str:
        """The next `count` bits as a decimal number with zeros on the left (TDS 14.4.3)."""
        value = self.take(count)
        if value >= 10**digits:
            raise EpcError("a number in it is too large")
        return ("0" * digits + str(value))[-digits:] if digits else ""

    def text7(self, count: int, most: int) -> str:
        """The next `count` bits as 7-bit characters that zeros fill up (TDS 14.4.2, 14.4.5)."""
        out = bytearray()
        ended = False
        for _ in range(count // 7):
            char = self.take(7)
            if not char:
                ended = True
            elif ended:
                raise EpcError("characters follow the end of its serial number")
            else:
                out.append(char)
        if self.take(count % 7) or not 0 < len(out) <= most:
            raise EpcError("its serial number has a wrong length")
        return bytes(out).decode()

    def end(self) -> None:
        """Raises EpcError unless only zeros are left: readers send whole 16-bit words."""
        while self.left():
            if self.take(min(24, self.left())):
                raise EpcError("data follow its end")
