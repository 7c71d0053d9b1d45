"""The RFID readers of a scanner that has others than an RDM6300: one field at a time."""

from gatescan.app import reading
from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.seals.look import SealRead
from gatescan.core.tags.scheme import refused
from gatescan.drivers import rfid
from gatescan.drivers.rfid.fields import Fields

if TYPE_CHECKING:
    from typing import Any

    from gatescan.core.tags.scheme import Tag
    from gatescan.drivers.rfid import Reader, Sighting

_R200_BAUD = const(115_200)  # manual V2.3.3, 2.1
_SEVERAL = "Several tags lie on the reader: hold one tag to it."
_UNREAD = "The tag could not be read whole: hold it still, or classify the item by hand."
_NO_EPC = "The RFID tag has no EPC: classify the item by hand."


class RfidReaders:
    """Call `tick` often, then `take` until it gives None."""

    def __init__(self, board: "Any", kinds: "tuple[str, ...]") -> None:
        """`kinds`: those of settings.READERS that are wired; only their code is loaded."""
        self._fields = Fields(tuple([_reader(board, kind) for kind in kinds]))
        self.tick = self._fields.tick
        self.taken_ms = 0
        self._told: list[Reader] = []  # readers whose trouble with a tag was told

    @property
    def heard(self) -> int:
        """Bytes and answers since the start: whether there is a reader at all."""
        return sum([reader.heard for reader in self._fields.readers])

    @property
    def lost(self) -> bool:
        """Whether one of the readers does not answer."""
        return any(reader.state == rfid.SILENT for reader in self._fields.readers)

    def take(self) -> "tuple[Tag, SealRead | None] | None":
        """A tag that was laid on one of the readers, and what else it says; None for none."""
        found = self._fields.take()
        if found is not None:
            reader, sighting = found
            self.taken_ms = reader.taken_ms
            try:
                return reading.again(_tag_of, sighting)
            except MemoryError:
                return refused(reading.FULL), None
        for reader in self._fields.readers:
            if not (reader.several or reader.unread):
                if reader in self._told:
                    self._told.remove(reader)
            elif reader not in self._told:
                self._told.append(reader)
                return refused(_SEVERAL if reader.several else _UNREAD), None
        return None

    def report(self) -> "list[dict[str, Any]]":
        """Model, version and state of each reader."""
        return [
            {"model": one.model, "version": one.version, "state": one.state}
            for one in self._fields.readers
        ]


def _reader(board: "Any", kind: str) -> "Any":
    if kind == "rdm6300":
        from gatescan.drivers.rfid.em4100 import Em4100Reader

        return Em4100Reader(board.rfid_uart())
    if kind == "r200":
        from gatescan.drivers.rfid.r200 import R200

        uart = board.rfid_uart()
        uart.set_baud(_R200_BAUD)
        return R200(uart)
    if kind == "pn532":
        from gatescan.drivers.rfid.pn532 import Pn532
        from gatescan.drivers.rfid.pn532_bus import I2cBus

        return Pn532(I2cBus(board.nfc_i2c()), board.nfc_reset())
    from gatescan.drivers.rfid.mfrc522 import Mfrc522

    spi, cs = board.nfc_spi()
    return Mfrc522(spi, cs)  # it has a command for that; the line belongs to a PN532


def _tag_of(sighting: "Sighting") -> "tuple[Tag, SealRead | None]":
    """What a sighting identifies, and what a seal among them has to say."""
    if sighting.kind == rfid.RK_EM4100:
        from gatescan.core.tags import em4100

        return em4100.read(sighting.uid), None
    if sighting.kind == rfid.RK_EPC:
        if sighting.data is None:
            return refused(_NO_EPC), None
        from gatescan.core.tags import epc

        return epc.read(sighting.data), None
    if sighting.kind == rfid.RK_DOCUMENT:
        from gatescan.core.tags import documents

        return documents.tag_of(documents.kind_of_application(sighting.uid)), None
    from gatescan.core.tags import chip_ids

    if sighting.kind == rfid.RK_ISO15693:
        return chip_ids.iso15693(sighting.uid), None
    seen = SealRead(sighting.uid, sighting.data, sighting.tamper)
    return chip_ids.iso14443a(sighting.uid), seen
