"""Lets something happen once in a while: what strangers can cause must not fill the journal."""

from gatescan.drivers.ticks import ticks_diff


class Limiter:
    """`allow` says yes at most once in `period_ms`; `tick` must be called now and then."""

    def __init__(self, period_ms: int) -> None:
        self._period_ms = period_ms
        self._last_ms: int | None = None

    @property
    def waiting(self) -> bool:
        """Whether it happened a short while ago."""
        return self._last_ms is not None

    def tick(self, now_ms: int) -> None:
        """Forget a time that is over: a difference of ticks means nothing after six days."""
        if self._last_ms is not None and ticks_diff(now_ms, self._last_ms) >= self._period_ms:
            self._last_ms = None

    def allow(self, now_ms: int) -> bool:
        """Whether it may happen now; then it may not for a while."""
        self.tick(now_ms)
        if self._last_ms is not None:
            return False
        self._last_ms = now_ms
        return True
