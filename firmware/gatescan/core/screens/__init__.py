"""What the guard sees and hears, as data: the word, up to five lines, a light and a tone."""

from collections import namedtuple

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.screens import layout

if TYPE_CHECKING:
    from types import ModuleType

LANG_DA = const(0)
LANG_EN = const(1)

# big: the word; lines: at most five of at most 21 characters; light, tone: names in `signals`
Screen = namedtuple("Screen", ("big", "lines", "light", "tone"))

# screens of the scanner itself; the number is the position in da.SYSTEM and en.SYSTEM
SCR_BOOT = const(0)
SCR_READY = const(1)  # no visit open
SCR_VISIT_OPEN = const(2)
SCR_SEAL_SCAN = const(3)
SCR_LABEL = const(4)
SCR_SCAN_AGAIN = const(5)
SCR_NO_TABLE = const(6)
SCR_TABLE_STALE = const(7)
SCR_CLOCK_NOT_SET = const(8)
SCR_JOURNAL_FULL = const(9)
SCR_READER_MISSING = const(10)
SCR_FAULT = const(11)
SCR_ALREADY = const(12)
SCR_UNREADABLE = const(13)
SCR_SEAL_WRONG = const(14)
SCR_UPDATING = const(15)
SCR_VISIT_CLOSED = const(16)
SCR_NO_VISIT = const(17)  # an item was scanned before the visit card
SCR_FOR_INMATE = const(18)
SCR_FOR_VISITOR = const(19)
SCR_FOR_STAFF = const(20)
SCR_STEPS_OPEN = const(21)  # the visit cannot close: an item waits for its seal or label

SCR_SEAL_CHECK = const(22)  # the item's own seal is to be scanned
SCR_ONCE_MORE = const(29)  # a weak barcode counts when it was read twice
SCR_SEAL_FOUND = const(22)  # with SO_MISSING to SO_UNREADABLE added: what a look at it found

# (light, tone) of a verdict; the number of the verdict is the position (codes.V_*)
_SIGNALS = (
    ("inspect", "inspect"),  # out of scope is no clearance: a person decides
    ("allow", "allow"),
    ("after", "after"),
    ("inspect", "inspect"),
    ("money", "after"),
    ("money", "limit"),
    ("hold", "hold"),
    ("hold", "hold"),
    ("refuse", "refuse"),
    ("report", "report"),
)
_MANUAL = const(3)  # codes.V_MANUAL_INSPECTION: the answer to every doubt
_OUT_OF_SCOPE = const(0)  # codes.V_OUT_OF_SCOPE


def strings(lang: int) -> "ModuleType":
    """The built-in strings of a language, loaded on demand; an unknown `lang` gives Danish."""
    if lang == LANG_EN:
        from gatescan.core.screens import en as module
    else:
        from gatescan.core.screens import da as module  # type: ignore[no-redef]
    return module


def verdict_screen(
    verdict: int,
    category_lines: "tuple[str, ...]",
    citation: str,
    step_lines: "tuple[str | tuple[str, ...], ...]",
    lang: int,
    page: int = 0,
    rows: int = layout.ROWS,
) -> Screen:
    """The screen of a verdict (codes.V_*).

    `step_lines` holds lines, or tuples of lines that belong together and stay on one page. A page
    beyond the last shows the last. Only page 0 carries the tone: turning a page is no new answer.
    An unknown verdict reads as manual inspection. Never raises on any numbers or strings.
    """
    if not 0 <= verdict < len(_SIGNALS):
        verdict = _MANUAL
    text = strings(lang)
    steps = tuple(step_lines)
    if verdict == _OUT_OF_SCOPE:
        steps = (text.NO_CLEARANCE,) + steps
    light, tone = _SIGNALS[verdict]
    lines = layout.page_lines(category_lines, citation, steps, page, rows)
    return Screen(text.VERDICTS[verdict], lines, light, "silent" if page > 0 else tone)


def verdict_pages(
    verdict: int,
    category_lines: "tuple[str, ...]",
    citation: str,
    step_lines: "tuple[str | tuple[str, ...], ...]",
    lang: int,
    rows: int = layout.ROWS,
) -> int:
    """Number of pages that `verdict_screen` has for the same arguments, at least 1."""
    steps = tuple(step_lines)
    if verdict == _OUT_OF_SCOPE:
        steps = (strings(lang).NO_CLEARANCE,) + steps
    return layout.page_count(category_lines, citation, steps, rows)


def system_screen(which: int, lang: int, extra: "tuple[str, ...]" = ()) -> Screen:
    """A screen of the scanner itself (SCR_*); `extra` lines (a pseudonym, a code) come last.

    An unknown number gives the fault screen.
    """
    table = strings(lang).SYSTEM
    if not 0 <= which < len(table):
        which = SCR_FAULT
    parts = table[which].split("|")
    lines = parts[3:]
    lines.extend(layout.clip(line) for line in extra)
    return Screen(parts[0], tuple(lines[: layout.ROWS]), parts[1], parts[2])
