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
_READ_MS = const(4000)  # a guard has read an answer by then
_LOOK_MS = const(4000)  # after so long without a new screen the display is set up anew


class Panel:
    """`show(screen)` puts word, lines, light and tone out at once."""

    def __init__(self, board: "Any") -> None:
        self._board = board
        self._display = Display(Ssd1306(board.i2c_display()))
        self._light = Light(board.light_pixel())
        self._sounder = Sounder(board.sounder_pwm())
        self._observe = board.observe
        self._watchdog = None
        self._fault_until_ms = 0
        self._in_fault = False
        self._looked_ms = 0
        self._shown_ms = 0
        self.unread = False  # an answer stands there that was not read yet
        self.shown: Screen | None = None
        self.screens = 0  # shown since start

    @property
    def display_present(self) -> bool:
        """Whether the display took the last picture."""
        return self._display.panel.answers

    def show(self, screen: "Screen") -> None:
        """Light and tone first: they are what the guard's eyes and ears need."""
        now_ms = ticks_ms()
        self._in_fault = False
        self._light.show(screen.light, now_ms)
        if screen.tone != "silent":
            self._sounder.play(screen.tone, now_ms)
        self._display.show(screen)
        self._looked_ms = now_ms
        self._shown_ms = now_ms
        self.unread = True
        self.shown = screen
        self.screens += 1
        if self._observe is not None:
            self._observe(
                "screen",
                lines=[screen.big] + list(screen.lines),
                light=screen.light,
                tone=screen.tone,
            )

    def show_idle(self, screen: "Screen") -> None:
        """Show what answers nobody: it may be replaced at any time."""
        self.show(screen)
        self.unread = False

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
                self.show_idle(idle_screen())
            if self.unread and ticks_diff(now_ms, self._shown_ms) >= _READ_MS:
                self.unread = False
            if ticks_diff(now_ms, self._looked_ms) >= _LOOK_MS:
                self.look_after_display()
            await sleep_ms(_TICK_MS)

    def look_after_display(self) -> bool:
        """Set the display up anew with the present picture; whether it took it.

        So a loose plug or a held bus needs no restart.
        """
        self._looked_ms = ticks_ms()
        panel = self._display.panel
        if not panel.answers:
            panel.reopen(self._board.i2c_display())  # which also frees a bus that is held
        return panel.show()
