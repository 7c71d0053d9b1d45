"""A piezo sounder on a PWM pin: plays the tones of core.screens.signals, never waits."""

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.screens.signals import LOUD_TONES, TONES
from gatescan.drivers.ticks import ticks_diff

if TYPE_CHECKING:
    from typing import Protocol

    class Pwm(Protocol):
        """What the driver needs of `machine.PWM`."""

        def freq(self, __hz: int) -> None:
            """Set the frequency."""

        def duty_u16(self, __duty: int) -> None:
            """Set the duty, 65535 = always high."""


# Loudness of a piezo follows the duty up to one half; each step about doubles it.
_DUTY = (0, 500, 1500, 4000, 12000, 32768)
VOLUME_MAX = const(5)
_LOUD_FLOOR = const(4)  # refusals and faults never play below this volume


class Sounder:
    """`play(name)` starts a tone, `tick(now_ms)` carries it on."""

    def __init__(self, pwm: "Pwm", volume: int = VOLUME_MAX) -> None:
        self._pwm = pwm
        self.name = "silent"
        self._steps: tuple[tuple[int, int], ...] = ()
        self._at = 0
        self._since = 0
        self._duty = 0
        self.volume = VOLUME_MAX
        self.set_volume(volume)
        pwm.duty_u16(0)

    def set_volume(self, volume: int) -> None:
        """Volume 0 (only the loud tones sound) to 5, from the next tone on."""
        self.volume = max(0, min(VOLUME_MAX, volume))

    @property
    def busy(self) -> bool:
        """True while a tone plays."""
        return self._at < len(self._steps)

    def play(self, name: str, now_ms: int) -> None:
        """Start tone `name` in place of the one that plays: the newest answer is the one heard.

        An unknown name plays the fault tone.
        """
        if name not in TONES:
            name = "fault"
        self.name = name
        self._steps = TONES[name]
        volume = self.volume
        if name in LOUD_TONES and volume < _LOUD_FLOOR:
            volume = _LOUD_FLOOR
        self._duty = _DUTY[volume]
        self._at = 0
        self._sound(now_ms)

    def tick(self, now_ms: int) -> None:
        """Go on to the next step when its time has come; call every 20 ms or so.

        One step a call, timed from the call: after a long pause of the program a pulse comes late
        but is never skipped, because the number of pulses is the meaning.
        """
        if self._at < len(self._steps) and (
            ticks_diff(now_ms, self._since) >= self._steps[self._at][1]
        ):
            self._at += 1
            self._sound(now_ms)

    def _sound(self, now_ms: int) -> None:
        self._since = now_ms
        hz = self._steps[self._at][0] if self._at < len(self._steps) else 0
        if hz:
            self._pwm.freq(hz)
        self._pwm.duty_u16(self._duty if hz else 0)
