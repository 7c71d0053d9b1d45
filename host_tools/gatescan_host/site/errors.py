"""Mistakes in site files: each names the file, the line, what is wrong and what to do."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from gatescan_host.errors import Exit, GatescanError


class Place(NamedTuple):
    """A line of a file that people edit; line 0 = the file as a whole."""

    path: Path
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" if self.line else str(self.path)


class SiteError(GatescanError):
    """One or more mistakes; `problems` holds a sentence for each, with its place in front."""

    exit_code = Exit.FAILED

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class Problems:
    """Collects mistakes so that a person sees all of them at once, up to a readable number."""

    LIMIT = 50

    def __init__(self) -> None:
        self._found: list[tuple[str, int, str]] = []
        self._dropped = 0

    def add(self, place: Place, sentence: str) -> None:
        """`sentence`: what is wrong and what to do, without the place."""
        if len(self._found) < self.LIMIT:
            self._found.append((str(place.path), place.line, f"{place}: {sentence}"))
        else:
            self._dropped += 1

    def raise_if_any(self) -> None:
        """Raise SiteError when something was added, in the order of files and lines."""
        if not self._found:
            return
        sentences = [text for _, _, text in sorted(self._found)]
        if self._dropped:
            sentences.append(f"... and {self._dropped} more: mend these first.")
        raise SiteError(sentences)
