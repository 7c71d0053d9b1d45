"""The readers wired to the simulated board, and the hand that lays tags on them."""

from binascii import unhexlify

from gatescan.core.compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, Callable

    from sim_nfc_tag import NfcTag

    Bytes = bytes | bytearray | memoryview

KINDS = ("rdm6300", "r200", "pn532", "mfrc522")
_R200_BAUD = 115200
_STUCK = {"pn532": "hung", "mfrc522": "dead"}


class R200Line:
    """The UART of an R200: at another speed neither understands the other."""

    def __init__(self, reader: "Any") -> None:
        self._reader = reader
        self._baud = 9600  # of the firmware's UART

    def set_baud(self, baud: int) -> None:
        """The firmware's UART changes its speed."""
        self._baud = baud

    def readinto(self, buf: bytearray) -> "int | None":
        """What the reader has sent; None when nothing has come."""
        count: int | None = self._reader.readinto(buf)
        if self._baud != _R200_BAUD:
            for i in range(count or 0):
                buf[i] = buf[i] * 37 + 91 & 0xFF | 0x81
        return count

    def write(self, data: "bytes | memoryview") -> int:
        """Take what the firmware sends."""
        if self._baud == _R200_BAUD:
            self._reader.write(data)
        return len(data)


class OpenI2c:
    """A bus with its pull-ups and nobody on it."""

    def writeto(self, address: int, data: "Bytes") -> int:
        """Nobody acknowledges."""
        raise OSError(5)  # EIO, as on the Pico

    def readfrom_into(self, address: int, buf: "bytearray | memoryview") -> None:
        """Nobody acknowledges."""
        raise OSError(5)


class OpenSpi:
    """A bus whose MISO is pulled up and led nowhere."""

    def write_readinto(self, out: "Bytes", into: "bytearray | memoryview") -> None:
        """Ones only."""
        for i in range(len(into)):
            into[i] = 0xFF


class Readers:
    """One reader of `kind`; the line of an RDM6300 is there beside each but the R200."""

    def __init__(self, kind: str) -> None:
        """ValueError for a kind that is none of KINDS."""
        self.kind = kind
        self.reader: Any = None
        if kind == "r200":
            from sim_r200 import SimR200

            self.reader = SimR200()
        elif kind == "pn532":
            from sim_pn532 import SimPn532I2c

            self.reader = SimPn532I2c()
        elif kind == "mfrc522":
            from sim_mfrc522 import SimMfrc522

            self.reader = SimMfrc522()
        elif kind != "rdm6300":
            raise ValueError("No such RFID reader: choose one of %s." % ", ".join(KINDS))
        self._laid: list[Any] = []

    def i2c(self) -> "Any":
        """The second I2C bus."""
        return self.reader if self.kind == "pn532" else OpenI2c()

    def spi(self) -> "tuple[Any, Callable[[int], object]]":
        """The SPI bus and the select pin on it."""
        if self.kind == "mfrc522":
            return (self.reader, self.reader.cs)
        return (OpenSpi(), _nowhere)

    def reset(self) -> "Callable[[int], object]":
        """The pin that switches an NFC reader off."""
        return self.reader.reset if self.kind in _STUCK else _nowhere

    def lay(self, tag: "dict[str, Any]") -> None:
        """Lay a tag beside those that lie there already.

        Texts of `tag` are hex but for `kind` and `status`: "uid" and "type4" have `uid` (and
        `ndef`), "type2" `uid`, `ndef`, `tamper`; "ntag424" `uid`, `file_key`, `meta_key`, `ctr` of
        its next message, `status`; "epc" has `epc`. ValueError or KeyError for one that is none
        of these, or that this reader cannot see.
        """
        laid: Any
        if self.reader is None or (tag["kind"] == "epc") != (self.kind == "r200"):
            raise ValueError("no reader for %s" % tag["kind"])
        if self.kind == "r200":
            laid = unhexlify(tag["epc"])
            self.reader.lay(laid)
        else:
            laid = _nfc_tag(tag)
            self.reader.air.lay(laid)
        self._laid.append(laid)

    def take_away(self) -> None:
        """Take every tag away."""
        where = self.reader if self.kind == "r200" else getattr(self.reader, "air", None)
        for tag in self._laid:
            where.take_away(tag)
        self._laid = []

    def fault(self, order: "dict[str, Any]") -> None:
        """`what`: "unplug"; "hang", which a PN532 does until its reset pin is low and an MFRC522
        for good; "plug", which ends both; "mute" with `count` answers that do not come; "flip"
        with the `bit` of the next answer that arrives wrong.

        ValueError for another thing, or one that this reader does not do.
        """
        what, reader = order["what"], self.reader
        if reader is None:
            raise ValueError("an RDM6300 has no faults to order")
        if what in ("unplug", "plug"):
            reader.unplug("out" if what == "unplug" else "in")
        elif what == "hang" and self.kind in _STUCK:
            reader.plug = _STUCK[self.kind]
        elif what == "mute" and self.kind == "pn532":
            reader.mute = order.get("count", 1)
        elif what in ("mute", "flip"):
            line = reader if self.kind != "mfrc522" else reader.air
            if what == "mute":
                line.lose = order.get("count", 1)
            else:
                line.flip = order.get("bit", 0)
        else:
            raise ValueError("no such fault of a reader: %s" % what)


def fault_engine(engine: "Any", order: "dict[str, Any]") -> None:
    """`what`: "unplug", "plug", "restart", "mute" with `count` commands that it does not hear;
    "reset" to factory settings, "setup_code" with `address` and `value`, "damage" with `count`
    packets, where this engine knows it. ValueError for another thing.
    """
    what = order["what"]
    if not hasattr(engine, "plugged"):
        raise ValueError("an engine that only sends has no faults to order")
    if what == "mute":
        engine.mute = order.get("count", 1)
    elif what == "unplug":
        engine.unplug()
    elif what in ("plug", "restart"):
        engine.power_on()
    elif what == "reset" and hasattr(engine, "factory_reset"):
        engine.factory_reset()
    elif what == "setup_code" and hasattr(engine, "setup_code"):
        engine.setup_code(order["address"], order["value"])
    elif what == "damage" and hasattr(engine, "damage"):
        engine.damage = order.get("count", 1)
    else:
        raise ValueError("no such fault of this engine: %s" % what)


def obey(order: "dict[str, Any]", readers: Readers, engine: "Any") -> None:
    """Carry out an order to "lay", "take_away", or for the "reader" or the "engine"."""
    what = order["do"]
    if what == "lay":
        readers.lay(order["tag"])
    elif what == "take_away":
        readers.take_away()
    elif what == "reader":
        readers.fault(order)
    elif what == "engine":
        fault_engine(engine, order)


def _nfc_tag(tag: "dict[str, Any]") -> "NfcTag":
    from sim_nfc_tag import NfcTag, Type2Tag, Type4Tag

    kind, uid = tag["kind"], unhexlify(tag["uid"])
    if kind == "uid":
        return NfcTag(uid)
    if kind == "ntag424":
        from cryptolib import aes
        from sim_sun_seal import SunSeal

        status = tag.get("status", "CC")
        seal = SunSeal(
            aes,
            uid,
            unhexlify(tag["file_key"]),
            _bytes(tag, "meta_key"),
            tag.get("ctr", 0),
            None if status is None else status.encode(),
        )
        return Type4Tag(uid, seal)
    ndef = _bytes(tag, "ndef") or b""
    if kind == "type2":
        return Type2Tag(uid, ndef, tamper=_bytes(tag, "tamper"))
    if kind == "type4":
        return Type4Tag(uid, ndef)
    raise ValueError("no such tag: %s" % kind)


def _bytes(tag: "dict[str, Any]", name: str) -> "bytes | None":
    text = tag.get(name)
    return None if text is None else unhexlify(text)


def _nowhere(level: int) -> None:
    """A pin that leads nowhere."""
