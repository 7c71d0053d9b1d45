"""What tells the guard something: display, light, sounder. Missing parts are skipped."""


from gatescan.app.runtime import sleep_ms
from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.drivers.display import Display
from gatescan.drivers.light import Light
from gatescan.drivers.sounder import Sounder
from gatescan.drivers.ssd1306 import Ssd1306
from gatescan.drivers.ticks import ticks_add, ticks_diff, ticks_ms

if TYPE_CHECKING:
    from typing import Any, Callable

    from gatescan.core.screens import Screen

_TICK_MS = const(20)
_FAULT_SHOWN_MS = const(4000)  # then the idle screen says that work goes on


class Panel:
    """`show(screen)` puts word, lines, light and tone out at once."""

    def __init__(self, board: "Any") -> None:
        bus = board.i2c_display()
        self._display = Display(Ssd1306(bus)) if bus is not None else None
        self._light = Light(board.light_pixel())
        self._sounder = Sounder(board.sounder_pwm())
        self._observe = board.observe
        self._watchdog = None
        self._fault_until_ms = 0
        self._in_fault = False
        self.shown: Screen | None = None

    @property
    def display_present(self) -> bool:
        """Whether a display answered at start."""
        return self._display is not None

    def show(self, screen: "Screen") -> None:
        """Light and tone first: they are what the guard's eyes and ears need."""
        now_ms = ticks_ms()
        self._in_fault = False
        self._light.show(screen.light, now_ms)
        if screen.tone != "silent":
            self._sounder.play(screen.tone, now_ms)
        if self._display is not None:
            self._display.show(screen)
        self.shown = screen
        if self._observe is not None:
            self._observe(
                "screen",
                lines=[screen.big] + list(screen.lines),
                light=screen.light,
                tone=screen.tone,
            )

    def show_fault(self, screen: "Screen") -> None:
        """Show a fault for a while; `serve` then goes back to the idle screen."""
        self.show(screen)
        self._in_fault = True
        self._fault_until_ms = ticks_add(ticks_ms(), _FAULT_SHOWN_MS)

    def guard(self, watchdog: "Any") -> None:
        """Feed `watchdog` from now on: a program that hangs restarts by itself."""
        self._watchdog = watchdog

    async def serve(self, idle_screen: "Callable[[], Screen]") -> None:
        """Carry on patterns and tones, for ever."""
        while True:
            now_ms = ticks_ms()
            self._light.tick(now_ms)
            self._sounder.tick(now_ms)
            if self._watchdog is not None:
                self._watchdog.feed()
            if self._in_fault and ticks_diff(now_ms, self._fault_until_ms) >= 0:
                self.show(idle_screen())
            await sleep_ms(_TICK_MS)
