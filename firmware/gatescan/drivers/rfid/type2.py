"""Reads the NDEF message of an NFC Forum Type 2 tag and the tamper state of an NTAG 213 TT.

Reader-neutral: `command` is what to send next, `answer` takes what came back. Sources: NFC Forum
Type 2 Tag 1.2 (memory, TLV), NTAG213/215/216 and NTAG 213 TT data sheets (READ, GET_VERSION,
READ_TT_STATUS).
"""

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.tags.ndef import message_of_type2

if TYPE_CHECKING:
    Bytes = bytes | bytearray | memoryview

MAX_NDEF_BYTES = const(512)
DONE = const(0)  # the steps in which a reading ends, whatever the tag; its own count from 2 on
FAILED = const(1)
_BUFFER_BYTES = const(656)  # such a message, and 128 bytes of other blocks before it
_BLOCK = const(16)  # bytes of one READ: four pages
_HEADER = const(2)  # pages 0 to 3: UID, lock bytes, capability container
_MEMORY = const(3)
_VERSION = const(4)
_TAMPER = const(5)
_CC = const(12)

_TLV_NULL = const(0x00)
_TLV_CONTROLS = b"\x01\x02"  # lock control, memory control
_TLV_NDEF = const(0x03)
_TLV_END = const(0xFE)

_NTAG_213_TT = b"\x04\x04\x02\x03\x00\x0f"  # GET_VERSION without its first and last byte


class Reading:
    """One reading of one tag; `begin` it, then command and answer until `done` or `failed`."""

    _step: int

    @property
    def done(self) -> bool:
        """Whether all there is was read; what was found is then there."""
        return self._step == DONE

    @property
    def failed(self) -> bool:
        """Whether this reading is lost; another one may succeed."""
        return self._step == FAILED


class Type2(Reading):
    """The reading of a Type 2 tag: of `message` and `tamper`."""

    def __init__(self) -> None:
        self._buffer = bytearray(_BUFFER_BYTES)  # the tag's memory from page 0 on
        self.tamper: bytes | None = None
        self.begin(b"", False)

    def begin(self, uid: bytes, lenient: bool) -> None:
        """Start with the tag that has this UID.

        `lenient`: a tag that does not answer GET_VERSION has none (after this was tried in vain);
        otherwise that is a failure, for a seal whose answer was lost must not pass as a label.
        """
        self._uid = uid
        self._lenient = lenient
        self._step = _HEADER
        self._fill = 0
        self._area_end = 0
        self.message: bytes | None = None  # the NDEF message, or None when the tag holds none
        self.tamper = None

    def command(self) -> bytes:
        """What to send next, without CRC."""
        if self._step == _VERSION:
            return b"\x60"
        if self._step == _TAMPER:
            return b"\xa4\x00"
        return bytes((0x30, self._fill // 4))

    def answer(self, data: "Bytes | None") -> None:
        """Take the answer without CRC: b"" when the tag said no (NAK), None when it is lost."""
        step = self._step
        if data is None or not len(data):
            # No tag with a tamper loop refuses GET_VERSION; a page that cannot be read may hold
            # what the tag is about.
            settled = step == _VERSION and (data is not None or self._lenient)
            self._step = DONE if settled else FAILED
        elif step == _VERSION:
            if len(data) != 8:
                self._step = FAILED
            else:
                self._step = _TAMPER if bytes(data[1:7]) == _NTAG_213_TT else DONE
        elif step == _TAMPER:
            self.tamper = bytes(data)
            self._step = DONE if len(data) == 5 else FAILED
        elif len(data) != _BLOCK:
            self._step = FAILED
        elif step == _HEADER:
            self._header(data)
        else:
            self._memory(data)

    def _header(self, data: "Bytes") -> None:
        # The tag that answers must be the one that was selected (bytes 3 and 8 are check bytes).
        if bytes(data[0:3]) + bytes(data[4:8]) != self._uid:
            self._step = FAILED
            return
        self._keep(data)
        readable = data[_CC] == 0xE1 and data[_CC + 1] >> 4 == 1 and data[_CC + 3] >> 4 == 0
        self._area_end = _BLOCK + 8 * data[_CC + 2]
        self._step = _MEMORY if readable and data[_CC + 2] else _VERSION

    def _keep(self, data: "Bytes") -> None:
        self._buffer[self._fill : self._fill + _BLOCK] = data
        self._fill += _BLOCK

    def _memory(self, data: "Bytes") -> None:
        self._keep(data)
        needed = self._needed()
        if needed <= self._fill or self._fill >= self._area_end:
            self.message = message_of_type2(memoryview(self._buffer)[: self._fill])
            if self.message is not None or not needed or self._fill >= self._area_end:
                too_long = self.message is not None and len(self.message) > MAX_NDEF_BYTES
                self._step = FAILED if too_long else _VERSION
                return
            # Bytes that lock control blocks set aside make it longer than it seems: read on.
        if min(needed, self._area_end) > _BUFFER_BYTES or self._fill + _BLOCK > _BUFFER_BYTES:
            self._step = FAILED

    def _needed(self) -> int:
        """How far to read at least: the end of the NDEF block as far as it is known, 0 when the
        blocks end before one (Type 2 Tag 2.3).
        """
        buffer, fill = self._buffer, self._fill
        at = _BLOCK
        aside = False  # what looks like the end may be among bytes that were set aside
        while at < fill:
            kind = buffer[at]
            if kind == _TLV_END:
                return fill if aside else 0
            aside = aside or kind in _TLV_CONTROLS
            if kind == _TLV_NULL:
                at += 1
                continue
            long = at + 1 < fill and buffer[at + 1] == 0xFF
            value = at + (4 if long else 2)
            if value > fill:
                return value
            at = value + (buffer[at + 2] << 8 | buffer[at + 3] if long else buffer[at + 1])
            if kind == _TLV_NDEF:
                return at
        return at + 1
