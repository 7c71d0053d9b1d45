"""Two glove-sized buttons, active low: debounced, short and long presses, no chords."""

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.drivers.ticks import ticks_diff

if TYPE_CHECKING:
    from typing import Protocol

    class Pin(Protocol):
        """What the driver needs of `machine.Pin`."""

        def value(self) -> int:
            """0 while the button is pressed."""
            ...


EV_NONE = const(0)
EV_OK = const(1)
EV_OK_LONG = const(2)
EV_BACK = const(3)
EV_BACK_LONG = const(4)

_DEBOUNCE_MS = const(30)  # a level counts when it has been steady this long
_LONG_MS = const(800)
_STUCK_MS = const(15000)  # nobody presses this long: a jammed button


class _Button:
    """One pin; `tick` gives 0 nothing, 1 short press, 2 long press."""

    def __init__(self, pin: "Pin") -> None:
        self._pin = pin
        self._level = -1  # not read yet
        self._since = 0  # ms, when the level was first seen
        self._pressed_at = 0
        self._was_up = False  # what is held at power-on is no press
        self._spent = True  # this press gives no (further) event
        self.pressed = False
        self.stuck = False

    def tick(self, now_ms: int) -> int:
        """Read the pin."""
        level = self._pin.value()
        if level != self._level:
            self._level = level
            self._since = now_ms
        if ticks_diff(now_ms, self._since) < _DEBOUNCE_MS:
            return 0
        if level:
            return self._up()
        return self._down(now_ms)

    @property
    def jammed(self) -> bool:
        """Whether it has been down since the start, or for too long."""
        return self.stuck or not (self._was_up or self._pin.value())

    def cancel(self) -> None:
        """Let the present press pass without an event."""
        self._spent = True

    def _up(self) -> int:
        event = 1 if self.pressed and not self._spent else 0
        self.pressed = False
        self.stuck = False
        self._was_up = True
        return event

    def _down(self, now_ms: int) -> int:
        if not self.pressed:
            self.pressed = True
            self._pressed_at = now_ms
            self._spent = not self._was_up
        held_ms = ticks_diff(now_ms, self._pressed_at)
        if held_ms >= _STUCK_MS:
            self.stuck = True
        if held_ms >= _LONG_MS and not self._spent:
            self._spent = True
            return 2
        return 0


class Buttons:
    """`tick(now_ms)` returns one EV_* a call."""

    def __init__(self, pins: "tuple[Pin, Pin]") -> None:
        self._ok = _Button(pins[0])
        self._back = _Button(pins[1])
        self._waiting = EV_NONE

    @property
    def stuck(self) -> bool:
        """True while a button has been down longer than anybody presses."""
        return self._ok.stuck or self._back.stuck

    def jammed(self) -> "tuple[bool, bool]":
        """Per button (ok, back): down since the start, or longer than anybody presses."""
        return self._ok.jammed, self._back.jammed

    def tick(self, now_ms: int) -> int:
        """Read both pins; EV_NONE or one event. Call every 10 to 20 ms."""
        ok = self._ok.tick(now_ms)
        back = self._back.tick(now_ms)
        if self._ok.pressed and self._back.pressed:
            # Both at once is a hand leaning on the case, not an answer.
            self._ok.cancel()
            self._back.cancel()
            return EV_NONE
        event = self._waiting
        self._waiting = EV_NONE
        if ok:
            event, self._waiting = _queue(event, EV_OK + ok - 1)
        if back:
            if self._waiting:
                return event  # three events in 20 ms are no person
            event, self._waiting = _queue(event, EV_BACK + back - 1)
        return event


def _queue(first: int, new: int) -> "tuple[int, int]":
    return (first, new) if first else (new, EV_NONE)
