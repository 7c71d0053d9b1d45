"""A push button to ground; the Pico's pull-up holds the pin high."""

from rp2040py.rp2040 import RP2040


class Button:
    """Stays pressed over a power cycle, as a finger does."""

    def __init__(self, name: str, gpio: int, present: bool) -> None:
        self.pressed = False
        self._name = name
        self._gpio = gpio
        self._present = present
        self._mcu: RP2040 | None = None

    def attach(self, mcu: RP2040) -> None:
        """Power on."""
        self._mcu = mcu
        self._apply()

    def power_off(self) -> None:
        """The finger stays where it is."""
        self._mcu = None

    def press(self) -> None:
        """Short the pin to ground. Raises RuntimeError where there is no button."""
        if not self._present:
            raise RuntimeError(f"this rig has no {self._name} button: give Parts(buttons=True)")
        self.pressed = True
        self._apply()

    def release(self) -> None:
        """Let go."""
        self.pressed = False
        self._apply()

    def _apply(self) -> None:
        if self._mcu is None:
            return
        pin = self._mcu.gpio[self._gpio]
        if self.pressed:
            pin.set_input_value(False)
        else:
            pin.release_input()
