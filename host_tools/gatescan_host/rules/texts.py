"""The words that a scanner shows: in both languages, short enough, in characters it can draw.

Codes have the words of the shared lists (`law/provisions.json`). The words of a citation are the
`gloss` of its rules, so that each order brings its own.
"""

import textwrap
from functools import cache
from typing import Any

from gatescan.core.law import citation
from gatescan.core.screens.layout import COLUMNS
from gatescan_host.rules import codes
from gatescan_host.rules.orders import OrderError
from gatescan_host.rules.rulebook import Rulebook

LANGUAGES = ("da", "en")  # LANG_* is the position
LINES = 3
KINDS = ("categories", "verdicts", "obligations", "authorities")  # X_* is the position
# What the panel font draws: printable ASCII and these; a test compares them with the font.
CHARACTERS = frozenset(map(chr, range(32, 127))) | frozenset("§·ÅÆÉØäåæéöø–‖…↑→↓✋✓✕")


def fault(lines: list[str]) -> tuple[str, str] | None:
    """What is wrong with the lines of one text and what to do; None when they can be shown."""
    if not lines or not all(line.strip() for line in lines):
        return "has an empty text", "give it words"
    if len(lines) > LINES:
        return f"takes {len(lines)} lines, at most {LINES} are shown", "shorten it"
    for line in lines:
        if len(line) > COLUMNS:
            return f'"{line}" has {len(line)} characters, a line takes {COLUMNS}', "shorten it"
        for char in line:
            if char not in CHARACTERS:
                return (f'"{line}" has the character {char!r} (U+{ord(char):04X}), which the '
                        "scanner cannot draw", "write it with another one")
    return None


def of_codes() -> list[list[list[list[str]]]]:
    """The words of KINDS, by number and language, for a table.

    Raises OrderError naming file, list, code and language of the first one that cannot be shown.
    """
    found = []
    for kind in KINDS:
        entries: list[dict[str, Any]] = list(codes.provisions()[kind])
        if kind == "categories":
            entries.sort(key=lambda entry: entry["num"])
        found.append([_of_code(kind, entry) for entry in entries])
    return found


def _of_code(kind: str, entry: dict[str, Any]) -> list[list[str]]:
    by_language = []
    for language in LANGUAGES:
        lines: list[str] = entry["display"].get(language, [])
        wrong = fault(lines)
        if wrong:
            raise OrderError(f"provisions.json, {kind}, {entry['code']}, {language}: "
                             f"{wrong[0]}; {wrong[1]}.")
        by_language.append(lines)
    return by_language


@cache
def wrapped(gloss: str) -> tuple[str, ...]:
    """The lines of a gloss as they would stand on the panel."""
    return tuple(textwrap.wrap(gloss, COLUMNS, break_long_words=False, break_on_hyphens=False))


def check(book: Rulebook) -> None:
    """Raise OrderError, with the line, for a citation or a gloss that cannot be shown."""
    for rule in book.rules:
        place = rule.loc[:2]
        gloss = book.file.rule(place).gloss
        wrong = fault([citation.format(rule.citation)])
        if wrong:
            raise book.file.error((*place, "citation"), f"the citation {wrong[0]}", wrong[1])
        for language in LANGUAGES:
            wrong = fault(list(wrapped(getattr(gloss, language))))
            if wrong:
                raise book.file.error((*place, "gloss"), f"the gloss ({language}) {wrong[0]}",
                                      wrong[1])
