"""Whether a reader's line is driven, as whoever is plugged in does: seen without asking it."""

from gatescan.core.compat import TYPE_CHECKING, const

if TYPE_CHECKING:
    from typing import Callable

_MISSES = const(2)  # in a row: one look may fall into a byte, which begins low


class LineWatch:
    """`look` now and then while nothing is scanned; `gone` once nobody was there for a while."""

    def __init__(self, held: "Callable[[str], bool]", name: str) -> None:
        """`held(name)` tells whether the line of the reader `name` is driven at the moment."""
        self._held = held
        self._name = name
        self._heard = 0
        self._misses = 0

    def look(self, heard: int) -> None:
        """`heard`: bytes since the start; whoever sends is there."""
        if heard != self._heard or self._held(self._name):
            self._misses = 0
        elif self._misses < _MISSES:
            self._misses += 1
        self._heard = heard

    @property
    def gone(self) -> bool:
        """Whether nobody was there at the last looks."""
        return self._misses >= _MISSES
