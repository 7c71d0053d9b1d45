"""Reads the NDEF file of an NFC Forum Type 4 tag (NTAG 424 DNA): APDUs out, answers in.

Source: NFC Forum Type 4 Tag 2.0, chapter 5; NT4H2421Tx data sheet. The file's id comes from the
capability container (E104 on every NTAG 424). A card without that application is asked whether
it is a passport or a payment card; of those nothing but that is read.
"""

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.drivers.rfid.type2 import DONE, FAILED, MAX_NDEF_BYTES, Reading

if TYPE_CHECKING:
    Bytes = bytes | bytearray | memoryview

CHUNK_BYTES = const(48)  # of one READ BINARY: its frame takes 6 ms on a 100 kHz bus
_APPLICATION = const(2)
_SELECT_CC = const(3)
_READ_CC = const(4)
_SELECT_FILE = const(5)
_READ_LENGTH = const(6)
_READ_FILE = const(7)
_DOCUMENT = const(8)  # and the next one: the applications in _DOCUMENTS
_CC_BYTES = const(15)

_SELECT_APPLICATION = b"\x00\xa4\x04\x00\x07\xd2\x76\x00\x00\x85\x01\x01\x00"
# ICAO 9303-10, 3.2 (passports); EMV Book B, 3.3 (payment cards)
_DOCUMENTS = (b"\xa0\x00\x00\x02\x47\x10\x01", b"2PAY.SYS.DDF01")
# not supported, not found, wrong P1-P2, instruction, class (ISO/IEC 7816-4, 5.6)
_NOT_THERE = (0x6A81, 0x6A82, 0x6A86, 0x6D00, 0x6E00)
_SELECT_BY_ID = b"\x00\xa4\x00\x0c\x02"


class Type4(Reading):
    """The reading of a Type 4 tag: of `message`, or of `document`."""

    def __init__(self) -> None:
        self._message = bytearray(MAX_NDEF_BYTES)
        self.begin()

    def begin(self) -> None:
        """Start with the tag that is selected."""
        self._step = _APPLICATION
        self._file = b"\xe1\x03"
        self._chunk = CHUNK_BYTES
        self._length = 0
        self._fill = 0
        self._found = False
        self.document: bytes | None = None  # the application of a passport or payment card

    @property
    def message(self) -> "bytes | None":
        """The NDEF message, or None when the tag holds none."""
        return bytes(memoryview(self._message)[: self._fill]) if self._found else None

    def command(self) -> bytes:
        """The APDU to send next."""
        step = self._step
        if step == _APPLICATION:
            return _SELECT_APPLICATION
        if step >= _DOCUMENT:
            name = _DOCUMENTS[step - _DOCUMENT]
            return b"\x00\xa4\x04\x00" + bytes((len(name),)) + name + b"\x00"
        if step in (_SELECT_CC, _SELECT_FILE):
            return _SELECT_BY_ID + self._file
        at, count = 0, _CC_BYTES
        if step == _READ_LENGTH:
            count = 2
        elif step == _READ_FILE:
            at = 2 + self._fill
            count = min(self._chunk, self._length - self._fill)
        return bytes((0x00, 0xB0, at >> 8, at & 0xFF, count))

    def answer(self, data: "Bytes | None") -> None:
        """Take the response APDU; None when it is lost."""
        if data is None or len(data) < 2:
            self._step = FAILED
            return
        count = len(data) - 2
        good = data[count] == 0x90 and data[count + 1] == 0
        step = self._step
        if step >= _DOCUMENT:
            if good:
                self.document = _DOCUMENTS[step - _DOCUMENT]
            last = good or step + 1 == _DOCUMENT + len(_DOCUMENTS)
            self._step = DONE if last else step + 1
        elif not good:
            # A card without the application holds no message for us; one that stops in the
            # middle was not read.
            none = (data[count] << 8 | data[count + 1]) in _NOT_THERE
            if none and step == _APPLICATION:
                self._step = _DOCUMENT
            else:
                self._step = DONE if none and step == _SELECT_CC else FAILED
        elif step == _READ_CC:
            self._container(data, count)
        elif step == _READ_LENGTH:
            self._begin_file(data, count)
        elif step == _READ_FILE:
            self._content(data, count)
        else:
            self._step = step + 1

    def _container(self, data: "Bytes", count: int) -> None:
        """CCLEN(2) version MLe(2) MLc(2), then the file control TLV 04 06 id(2) size(2) access."""
        if count != _CC_BYTES:
            self._step = FAILED
            return
        readable = data[2] >> 4 in (2, 3) and data[7] == 4 and data[8] == 6 and data[13] == 0
        most = data[3] << 8 | data[4]
        if not readable or most < _CC_BYTES:
            self._step = DONE
            return
        self._file = bytes(data[9:11])
        self._chunk = min(CHUNK_BYTES, most)
        self._step = _SELECT_FILE

    def _begin_file(self, data: "Bytes", count: int) -> None:
        self._length = data[0] << 8 | data[1] if count == 2 else MAX_NDEF_BYTES + 1
        if self._length > MAX_NDEF_BYTES:
            self._step = FAILED
        else:
            self._step = _READ_FILE if self._length else DONE
            self._found = not self._length

    def _content(self, data: "Bytes", count: int) -> None:
        if count != min(self._chunk, self._length - self._fill):
            self._step = FAILED
            return
        self._message[self._fill : self._fill + count] = data[:count]
        self._fill += count
        if self._fill == self._length:
            self._found = True
            self._step = DONE
