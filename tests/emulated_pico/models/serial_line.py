"""A reader on a UART: sends bytes at its baud rate, paced by the emulated clock."""

from collections import deque

from rp2040py.clock.clock import IAlarm
from rp2040py.peripherals.uart import RPUART
from rp2040py.rp2040 import RP2040

from emulated_pico.models.timebase import Timebase
from emulated_pico.parts import pins

_BITS = 10  # start, eight, stop
_TOLERANCE = 0.04  # of the baud rate; beyond it the last bits are sampled wrongly


class SerialLine:
    """The wire from a reader into the Pico, and back."""

    def __init__(
        self, name: str, number: int, time: Timebase, present: bool, loopback: bool
    ) -> None:
        self.name = name
        self.present = present
        self.sent_ms = 0.0  # when the stop bit of the last byte had arrived
        self.garbled = 0  # bytes that arrived while the Pico listened at another baud rate
        self.unheard = 0  # bytes that arrived before the Pico had switched its UART on
        self.received = bytearray()  # what the Pico has sent to the reader
        self._number = number
        self._time = time
        self._loopback = loopback
        self._queue: deque[tuple[float, int, int]] = deque()  # arrival ms, byte, baud
        self._uart: RPUART | None = None
        self._alarm: IAlarm | None = None
        self._lost_before = 0

    def attach(self, mcu: RP2040) -> None:
        """Power on; whoever is there holds the idle line high."""
        self._uart = mcu.uart[self._number]
        if self.present:
            mcu.gpio[pins()[f"{self.name}_rx"]].set_input_value(True)
        self._alarm = mcu.clock.create_alarm(self._arrive)
        self._uart.on_byte = self._transmitted

    def power_off(self) -> None:
        """What was on its way arrives nowhere."""
        self._lost_before = self.lost
        self._queue.clear()
        self._uart = self._alarm = None

    @property
    def lost(self) -> int:
        """Bytes that found the UART's FIFO of 32 full, since the machine was built."""
        return self._lost_before + getattr(self._uart, "lost_bytes", 0)

    @property
    def busy(self) -> bool:
        """True while bytes are on their way."""
        return bool(self._queue)

    def send(self, data: bytes, baud: int = 9600, at_ms: float | None = None) -> float:
        """Put `data` on the wire from `at_ms` (now) on, after what is under way.

        Gives the time in ms at which the last byte will have arrived. Raises RuntimeError when
        the part is absent or the power is off.
        """
        if not self.present:
            raise RuntimeError(f"this rig has no {self.name}: give Parts({self.name}=True)")
        if self._alarm is None:
            raise RuntimeError(f"the {self.name} cannot send: call power_on() first")
        idle = not self._queue
        at = self._time.now_ms if at_ms is None else max(at_ms, self._time.now_ms)
        if self._queue:
            at = max(at, self._queue[-1][0])
        for value in data:
            at += _BITS * 1000 / baud
            self._queue.append((at, value, baud))
        if idle and self._queue:
            self._alarm.schedule(self._time.wait_ns(self._queue[0][0]))
        return at

    def _arrive(self) -> None:
        assert self._uart is not None and self._alarm is not None
        _, value, baud = self._queue.popleft()
        if not (self._uart.enabled and self._uart.baud_divider):
            self.unheard += 1
        elif abs(self._uart.baud_rate / baud - 1) > _TOLERANCE:
            self.garbled += 1
            self._uart.feed_byte(~value & 0xFF)
        else:
            self._uart.feed_byte(value)
        self.sent_ms = self._time.now_ms
        if self._queue:
            self._alarm.schedule(self._time.wait_ns(self._queue[0][0]))

    def _transmitted(self, value: int) -> None:
        self.received.append(value)
        if self._loopback and self._uart is not None and self._uart.baud_divider:
            self.send(bytes((value,)), self._uart.baud_rate)
