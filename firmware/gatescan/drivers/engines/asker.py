"""One question at a time to an engine: sent whole, waited for, given up in time."""

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.drivers.ticks import ticks_diff

if TYPE_CHECKING:
    from gatescan.drivers.barcode_line import Uart
    from gatescan.drivers.engines.splitter import Splitter

# An engine drops a command that stays incomplete for 400 ms (GM65-S manual 8.2): after that a
# repeated one cannot be taken for the rest of the first.
_REPLY_MS = const(450)
_HAND_OVER_MS = const(300)  # a command the UART does not take in this time is given up


class Asker:
    """`ask`, then `tick` until `open` ends: `close` was called, or `tick` said "overdue"."""

    def __init__(self, splitter: "Splitter") -> None:
        self._splitter = splitter
        self._pending = b""  # what the UART did not take yet
        self._since_ms = 0

    @property
    def open(self) -> bool:
        """Whether a question is on its way or waits for its answer."""
        return bool(self._pending) or self._splitter.asked

    def ask(self, uart: "Uart", question: bytes, now_ms: int) -> None:
        """Send a question."""
        self._splitter.asked = True
        self._splitter.sent = self._pending = question
        self._since_ms = now_ms
        self._hand_over(uart, now_ms)

    def tick(self, uart: "Uart", now_ms: int) -> bool:
        """Send what is left of the question; True when its answer is overdue: it is closed."""
        if self._pending:
            self._hand_over(uart, now_ms)
        elif self._splitter.asked and ticks_diff(now_ms, self._since_ms) >= _REPLY_MS:
            self._splitter.asked = False
            return True
        return False

    def close(self) -> None:
        """The answer has come."""
        self._splitter.asked = False

    def say(self, uart: "Uart", data: bytes) -> None:
        """Send what needs no answer, unless a question is half out."""
        if not self._pending:
            uart.write(data)

    def _hand_over(self, uart: "Uart", now_ms: int) -> None:
        self._pending = self._pending[uart.write(self._pending) or 0 :]
        if not self._pending:
            self._since_ms = now_ms
        elif ticks_diff(now_ms, self._since_ms) > _HAND_OVER_MS:
            self._pending = b""  # the engine has forgotten its part by the time of the next try
            self._since_ms = now_ms
