"""Emulated time that goes on over power cycles."""

from rp2040py.clock.clock import IClock


class Timebase:
    """Milliseconds since the machine was built; time stands still while power is off."""

    def __init__(self) -> None:
        self._clock: IClock | None = None
        self._before_ms = 0.0

    def start(self, clock: IClock) -> None:
        """Power on: `clock` begins at 0."""
        self._clock = clock

    def stop(self) -> None:
        """Power off."""
        self._before_ms = self.now_ms
        self._clock = None

    @property
    def now_ms(self) -> float:
        """Now."""
        running = 0.0 if self._clock is None else self._clock.nanos / 1e6
        return self._before_ms + running

    def wait_ns(self, at_ms: float) -> float:
        """Nanoseconds from now until `at_ms`, never negative."""
        return max(0.0, (at_ms - self.now_ms) * 1e6)
