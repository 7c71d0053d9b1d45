"""A scanner with an RDM6300 alone: every card is one tag, and nothing else has to be loaded."""

from gatescan.core.compat import TYPE_CHECKING
from gatescan.core.tags import em4100
from gatescan.drivers.rdm6300 import Rdm6300

if TYPE_CHECKING:
    from typing import Any

    from gatescan.core.seals.look import SealRead
    from gatescan.core.tags.scheme import Tag


class CardReader:
    """Same face as app/rfid_readers.py."""

    lost = False  # it only speaks when a card lies there

    def __init__(self, board: "Any") -> None:
        self._reader = Rdm6300(board.rfid_uart())
        self.tick = self._reader.tick

    @property
    def heard(self) -> int:
        """Bytes since the start: whether there is a reader at all."""
        return self._reader.heard

    @property
    def taken_ms(self) -> int:
        """When the card last taken was confirmed."""
        return self._reader.taken_ms

    def take(self) -> "tuple[Tag, SealRead | None] | None":
        """A card that was laid on, None for none: noise with a good checksum is nobody's."""
        card = self._reader.take()
        tag = em4100.read(card) if card is not None else None
        return (tag, None) if tag is not None and tag.key is not None else None

    def report(self) -> "list[dict[str, Any]]":
        """Model, version and state of each reader."""
        return [{"model": "RDM6300", "version": "", "state": "ready" if self.heard else ""}]
