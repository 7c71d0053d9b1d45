"""UTC from a real-time clock, and the honesty to say when it is not known.

The RP2040's clock restarts at 2021-01-01 with every loss of power, and it has no battery. A time
before this firmware was built is therefore no time. Also a clock that jumps while the scanner
runs, against the millisecond ticks, is lost until it is set again.
"""

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.drivers.ticks import ticks_diff

if TYPE_CHECKING:
    from typing import Protocol

    class Rtc(Protocol):
        """What the driver needs of `machine.RTC`."""

        def datetime(self, __when: "tuple[int, ...]" = ...) -> "tuple[int, ...] | None":
            """Get or set (year, month, day, weekday, hour, minute, second, subsecond)."""


_DAY_S = const(86400)
_DAYS_TO_1970 = const(719468)  # from 0000-03-01
_BUILD_UTC = 1767225600  # 2026-01-01: no earlier time can be right
_END_UTC = 4102444800  # 2100-01-01: no later time can be
_JUMP_S = const(5)  # more than rounding and a long flash erase explain


def utc_of(parts: "tuple[int, ...]") -> int:
    """Seconds since 1970 of (year, month, day, weekday, hour, minute, second, ...), proleptic.

    Days are counted in years from 1 March, so that the leap day is the last of its year.
    """
    year, month, day = parts[0], parts[1], parts[2]
    if month <= 2:  # January and February belong to the year before
        year -= 1
        month += 12
    days = year * 365 + year // 4 - year // 100 + year // 400
    days += (153 * (month - 3) + 2) // 5 + day - 1 - _DAYS_TO_1970
    return days * _DAY_S + parts[4] * 3600 + parts[5] * 60 + parts[6]


def parts_of(utc_s: int) -> "tuple[int, int, int, int, int, int, int, int]":
    """(year, month, day, weekday 0 = Monday, hour, minute, second, 0) of seconds since 1970."""
    days, rest = divmod(utc_s, _DAY_S)
    weekday = (days + 3) % 7
    days += _DAYS_TO_1970
    era, day_of_era = divmod(days, 146097)
    year_of_era = (
        day_of_era - day_of_era // 1460 + day_of_era // 36524 - day_of_era // 146096
    ) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    month = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * month + 2) // 5 + 1
    year = era * 400 + year_of_era
    month += 3
    if month > 12:
        month -= 12
        year += 1
    return (year, month, day, weekday, rest // 3600, rest // 60 % 60, rest % 60, 0)


class Clock:
    """`is_set` says whether `utc()` may be believed."""

    def __init__(self, rtc: "Rtc") -> None:
        self._rtc = rtc
        self.losses = 0  # jumps seen since start
        self._seen_ms = 0
        self._seen_utc = 0  # 0: nothing to compare with yet
        self.is_set = self._read() != 0

    def set_utc(self, utc_s: int, now_ms: int) -> bool:
        """Set the clock; False, and nothing changed, for a time that cannot be right."""
        if not _BUILD_UTC <= utc_s < _END_UTC:
            return False
        self._rtc.datetime(parts_of(utc_s))
        self._seen_utc = utc_s
        self._seen_ms = now_ms
        self.is_set = True
        return True

    def utc(self) -> int:
        """Seconds since 1970, or 0 while the clock is not set."""
        return self._read() if self.is_set else 0

    def tick(self, now_ms: int) -> None:
        """Compare with the ticks; call at least once a minute while the scanner runs."""
        if not self.is_set:
            return
        utc = self._read()
        if self._seen_utc and utc:
            drift_s = utc - self._seen_utc - ticks_diff(now_ms, self._seen_ms) // 1000
            if not -_JUMP_S <= drift_s <= _JUMP_S:
                utc = 0
        if utc == 0:
            self.is_set = False
            self.losses += 1
        self._seen_utc = utc
        self._seen_ms = now_ms

    def _read(self) -> int:
        parts = self._rtc.datetime()
        utc = utc_of(parts) if parts else 0
        return utc if _BUILD_UTC <= utc < _END_UTC else 0
