"""The RDM6300 with the face of every other reader: EM4100 cards, 125 kHz."""

from gatescan.core.compat import TYPE_CHECKING
from gatescan.drivers.rdm6300 import Rdm6300
from gatescan.drivers.rfid import PROBING, READY, RK_EM4100, Sighting

if TYPE_CHECKING:
    from typing import Callable

    from gatescan.drivers.barcode_line import Uart


class Em4100Reader:
    """It sends only when a card lies there, so that silence tells nothing: `state` is READY from
    its first byte on. `power(level)` switches its supply, low = off; None when it is not wired:
    its field is then always on, which the other bands do not mind, and `dark` says nothing.
    """

    several = unread = busy = False  # two cards at once give noise, which Rdm6300 refuses
    lost = retries = dropped = 0
    version = ""

    def __init__(self, uart: "Uart", power: "Callable[[int], object] | None" = None) -> None:
        self._reader = Rdm6300(uart)
        self._power = power
        self.model = ""
        self.state = PROBING
        self.dark = True
        if power is not None:
            power(0)

    @property
    def heard(self) -> int:
        """Bytes since the start."""
        return self._reader.heard

    @property
    def bad(self) -> int:
        """Frames that were damaged, or not repeated."""
        return self._reader.decoder.bad + self._reader.unconfirmed

    @property
    def taken_ms(self) -> int:
        """When the card last taken was confirmed."""
        return self._reader.taken_ms

    def tick(self, now_ms: int) -> None:
        """Read what has arrived; never waits."""
        self._reader.tick(now_ms)
        if self.heard and not self.model:
            self.model = "RDM6300"
            self.state = READY

    def take(self) -> "Sighting | None":
        """A card that was laid on since the last call, or None."""
        card = self._reader.take()
        if card is None:
            return None
        return Sighting(RK_EM4100, card.to_bytes(5, "big"), None, None)

    def field(self, on: bool, now_ms: int) -> None:
        """Switch the supply, where it is wired."""
        if self._power is not None:
            self._power(1 if on else 0)
            self.dark = not on
