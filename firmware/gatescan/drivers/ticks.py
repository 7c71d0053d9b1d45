"""Millisecond ticks that wrap round: MicroPython's own, or the same arithmetic on CPython."""

try:
    from time import ticks_add, ticks_diff, ticks_ms  # type: ignore[attr-defined]
except ImportError:
    from time import monotonic

    _PERIOD = 1 << 30  # ms, as on the RP2040 (MicroPython, `time.ticks_ms`)

    def ticks_ms() -> int:
        """Milliseconds since some moment, wrapping at 2**30."""
        return int(monotonic() * 1000) & (_PERIOD - 1)

    def ticks_add(ticks: int, delta: int) -> int:
        """`ticks` moved by `delta` ms, wrapped."""
        return (ticks + delta) & (_PERIOD - 1)

    def ticks_diff(end: int, start: int) -> int:
        """Signed ms from `start` to `end`, right for spans below 2**29 ms (6 days)."""
        return ((end - start + _PERIOD // 2) & (_PERIOD - 1)) - _PERIOD // 2


__all__ = ["ticks_add", "ticks_diff", "ticks_ms"]
