"""RDM6300 reader (125 kHz, EM4100 cards) on a UART: two equal frames make an identity.

The frame's XOR passes noise (notes on ghost reads: all reported ghosts have a good checksum), so
one frame means nothing. The reader repeats a present card about every 65 ms.
"""

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.tags.rdm6300 import Rdm6300Decoder
from gatescan.drivers.ticks import ticks_add, ticks_diff

if TYPE_CHECKING:
    from gatescan.drivers.barcode_line import Uart

_CONFIRM_MS = const(200)  # the second equal frame must come within this
_ABSENT_MS = const(300)  # no frame of the card for this long: it was taken away
_UNWATCHED_MS = const(100)  # a longer gap between ticks was the program's, not the card's
_CHUNK_BYTES = const(32)
_CHUNKS_A_TICK = const(8)


class Rdm6300:
    """Call `tick` often; `take` gives each presence of a card once."""

    def __init__(self, uart: "Uart") -> None:
        self._uart = uart
        self._chunk = bytearray(_CHUNK_BYTES)
        self.decoder = Rdm6300Decoder()
        self._candidate: int | None = None
        self._candidate_ms = 0
        self._present: int | None = None
        self._present_ms = 0
        self._ticked_ms: int | None = None
        self._new: int | None = None
        self.taken_ms = 0  # when the card last taken was confirmed
        self._new_ms = 0
        self.heard = 0  # bytes since the start: whether there is a reader at all
        self.unconfirmed = 0  # frames that were not followed by an equal one in time

    @property
    def present(self) -> "int | None":
        """The 40-bit id of the card that lies on the reader, or None."""
        return self._present

    def tick(self, now_ms: int) -> None:
        """Read what has arrived; never waits."""
        if self._ticked_ms is not None:
            # A flash erase keeps the program busy; time without a look is not absence.
            gap_ms = ticks_diff(now_ms, self._ticked_ms)
            if gap_ms > _UNWATCHED_MS:
                self._present_ms = ticks_add(self._present_ms, gap_ms - _UNWATCHED_MS)
        self._ticked_ms = now_ms
        for _ in range(_CHUNKS_A_TICK):
            count = self._uart.readinto(self._chunk)
            if not count:
                break
            self.heard += count
            for i in range(count):
                card = self.decoder.feed(self._chunk[i])
                if card is not None:
                    self._frame(card, now_ms)
        if self._present is not None and ticks_diff(now_ms, self._present_ms) > _ABSENT_MS:
            self._present = None
        if self._candidate is not None and ticks_diff(now_ms, self._candidate_ms) > _CONFIRM_MS:
            self._candidate = None
            self.unconfirmed += 1

    def take(self) -> "int | None":
        """The 40-bit id of a card that was laid on since the last call, or None."""
        card = self._new
        self._new = None
        self.taken_ms = self._new_ms
        return card

    def _frame(self, card: int, now_ms: int) -> None:
        if card == self._present and ticks_diff(now_ms, self._present_ms) <= _ABSENT_MS:
            self._present_ms = now_ms
            return
        if card == self._candidate and ticks_diff(now_ms, self._candidate_ms) <= _CONFIRM_MS:
            self._candidate = None
            self._present = card
            self._present_ms = now_ms
            self._new = card
            self._new_ms = now_ms
            return
        if self._candidate is not None:
            self.unconfirmed += 1
        self._candidate = card
        self._candidate_ms = now_ms
