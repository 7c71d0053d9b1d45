"""The host's end of the USB serial port: splits console text from SMP frames."""

from collections import deque

from rp2040py.clock.clock import IAlarm, IClock
from rp2040py.usb.cdc import USBCDC

import in_slices
from gatescan.core.smp.frame import FrameReader

_START, _GO_ON = b"\x06\x09", b"\x04\x14"  # Zephyr documentation, "SMP over console"
_LF = 0x0A
_FRAME_BYTES = 4096
_PACKET_BYTES = 64
_PACKET_NS = 53_000  # USB 2.0, 5.8.4: 19 bulk packets of 64 bytes a full-speed frame
_ROOM = 256  # bytes queued in the model at most


class UsbHost:
    """Takes what comes, sends at the pace of a full-speed bus."""

    def __init__(self) -> None:
        self.frames: list[bytes] = []
        self._console = bytearray()
        self._raw = bytearray()
        self._line = bytearray()  # of a frame, from its marker on
        self._begun = b""  # a byte that may be the first of a marker
        self._reader = FrameReader(_FRAME_BYTES)
        self._out: deque[int] = deque()
        self._cdc: USBCDC | None = None
        self._alarm: IAlarm | None = None

    def attach(self, cdc: USBCDC, clock: IClock) -> None:
        """Power on."""
        self._cdc = cdc
        self._alarm = clock.create_alarm(self._send)
        cdc.on_serial_data = self._take

    def power_off(self) -> None:
        """The cable is dead; what was not sent is gone."""
        self._out.clear()
        self._line.clear()
        self._begun = b""
        self._cdc = self._alarm = None

    @property
    def console(self) -> str:
        """Everything that came and was no frame."""
        return self._console.decode("utf-8", "replace")

    def write(self, data: bytes) -> None:
        """Queue bytes for the Pico. Raises RuntimeError while the power is off."""
        if self._alarm is None:
            raise RuntimeError("nothing to write to: call power_on() first")
        idle = not self._out
        self._out.extend(data)
        if idle and data:
            self._alarm.schedule(1000)

    @property
    def pending(self) -> int:
        """Bytes written and not yet taken by the bus."""
        return len(self._out)

    def read(self) -> bytes:
        """The raw bytes since the last call, frames and text."""
        data = bytes(self._raw)
        self._raw.clear()
        return data

    def _send(self) -> None:
        assert self._cdc is not None and self._alarm is not None
        if self._cdc.tx_fifo.item_count < _ROOM:
            for _ in range(min(_PACKET_BYTES, len(self._out))):
                self._cdc.send_serial_byte(self._out.popleft())
        if self._out:
            self._alarm.schedule(_PACKET_NS)

    def _take(self, data: bytes | bytearray) -> None:
        self._raw += data
        for value in data:
            self._split(value)

    def _split(self, value: int) -> None:
        if self._line:
            self._line.append(value)
            if value == _LF:
                self.frames += in_slices.messages(self._reader, bytes(self._line))
                self._line.clear()
            return
        marker = self._begun + bytes((value,))
        if marker in (_START, _GO_ON):
            self._line += marker
            self._begun = b""
        elif value in (_START[0], _GO_ON[0]):
            self._console += self._begun
            self._begun = bytes((value,))
        else:
            self._console += marker
            self._begun = b""
