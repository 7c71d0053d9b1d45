"""The piezo sounder: what the PWM block plays on its pin."""

from rp2040py.peripherals.pwm import CSR_EN, PWMChannel
from rp2040py.rp2040 import RP2040

from emulated_pico.models.timebase import Timebase

_SETTLE_NS = 20_000  # freq() and duty_u16() write several registers; nobody hears between them
_FUNCTION_PWM = 4
_SIXTEENTH = 16  # the divider counts in sixteenths


class Sounder:
    """`hz` now; `history` of (ms, hz) at every change, 0 = silent."""

    def __init__(self, gpio: int, time: Timebase, present: bool) -> None:
        self.history: list[tuple[float, int]] = []
        self._gpio = gpio
        self._time = time
        self._present = present
        self._mcu: RP2040 | None = None

    @property
    def hz(self) -> int:
        """Frequency heard, 0 = silent."""
        return self.history[-1][1] if self.history else 0

    def attach(self, mcu: RP2040) -> None:
        """Power on."""
        if not self._present:
            return
        self._mcu = mcu
        channel = mcu.pwm.channels[self._gpio // 2 % 8]
        alarm = mcu.clock.create_alarm(lambda: self._changed(self._heard(channel)))
        write = channel.write_register

        def write_register(offset: int, value: int) -> None:
            write(offset, value)
            alarm.schedule(_SETTLE_NS)

        channel.write_register = write_register

    def power_off(self) -> None:
        """Silent."""
        self._mcu = None
        self._changed(0)

    def _heard(self, channel: PWMChannel) -> int:
        assert self._mcu is not None
        level = channel.cc >> 16 if self._gpio % 2 else channel.cc & 0xFFFF
        selected = self._mcu.gpio[self._gpio].function_select == _FUNCTION_PWM
        if not (channel.csr & CSR_EN and selected and 0 < level <= channel.top):
            return 0
        divider = (channel.div & 0xFFF) / _SIXTEENTH or 256
        return round(self._mcu.clk_sys / (divider * (channel.top + 1)))

    def _changed(self, hz: int) -> None:
        if hz != self.hz:
            self.history.append((self._time.now_ms, hz))
