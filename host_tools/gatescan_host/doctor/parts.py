"""What the scanner's self-test found, in words; the codes are those of app/selftest.py there."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from gatescan_host.doctor.finding import Finding, Result

_RESULTS = (Result.PASS, Result.FAIL, Result.LOOK)

# code -> (what was found, what to do)
_CODES = {
    "display_silent": (
        "does not answer",
        "Check its four wires (3V3, GND, SDA, SCL) and its address, 0x3C. Light and tone still "
        "tell the verdict, but nobody can read its steps: whatever is no plain yes, inspect.",
    ),
    "look": ("can only be driven", "Look at it: `gatescan selftest --ask` shows three colours."),
    "listen": ("can only be driven", "Listen to it: `gatescan selftest --ask` plays a tone."),
    "press": ("not pressed", "Press them: `gatescan selftest --ask` watches."),
    "button_ok": ("OK is down all the time", "Free the button or its wire from ground."),
    "button_back": ("BACK is down all the time", "Free the button or its wire from ground."),
    "barcode_unplugged": (
        "nobody holds its line",
        "Check the plug, the supply and the wire from the engine's TX to barcode_rx.",
    ),
    "barcode_lost": (
        "does not answer any more",
        "Check its plug and its supply; it is looked for again by itself.",
    ),
    "barcode_silent": ("not heard since the start", "Scan any barcode, then test again."),
    "wire": (
        "what went out did not come back",
        "Check the wire from barcode_tx to barcode_rx, or test without --wire.",
    ),
    "rfid_unplugged": (
        "nobody holds its line",
        "Check the plug, its 5 V and the divider from its TX to rfid_rx.",
    ),
    "rfid_lost": (
        "does not answer",
        "Check its plug, its supply and the `--reader` of `gatescan provision`.",
    ),
    "rfid_silent": ("not heard since the start", "Hold a card to it, then test again."),
    "clock_not_set": (
        "not set", "Run `gatescan time --set`; until then all is looked at by hand.",
    ),
    "clock_jumps": (
        "has jumped", "Run `gatescan time --set`; if it happens again, change the board.",
    ),
    "flash_full": ("nearly full", "Fetch the events with `gatescan log pull`, then test again."),
    "flash_fault": ("does not keep what is written", "Fetch the events, then change the board."),
    "journal_damaged": (
        "its newest events do not follow from each other",
        "Fetch them with `gatescan log pull` and secure the scanner: somebody or a fault changed "
        "its flash.",
    ),
    "journal_full": ("nearly full", "Fetch the events with `gatescan log pull`."),
    "settings_damaged": ("both copies are damaged", "Hold BACK and run `gatescan provision`."),
    "settings_none": ("no keys yet", "Run `gatescan provision`."),
    "settings_one": (
        "one copy of two is left and the other cannot be written",
        "Fetch the events with `gatescan log pull`, restart the scanner and test again.",
    ),
    "table_none": ("none", "Run `gatescan sync`; until then all is looked at by hand."),
    "table_expired": ("expired", "Build a new table and run `gatescan sync`."),
    "memory": ("nearly used up", "Restart the scanner; tell its maintainer if it happens again."),
    "link_fault": ("a request failed inside the scanner", "Tell the scanner's maintainer."),
    "tasks": ("a task has failed and was restarted", "Fetch the log: it says which and when."),
    "watchdog": ("the program hung and was restarted", "Fetch the log, tell the maintainer."),
}

# what the figure of a part that passes means; times are written as dates
_FIGURES = {
    "barcode": "{} bytes heard",
    "rfid": "{} bytes heard",
    "clock": "{} UTC",
    "flash": "{} bytes free",
    "journal": "room for {} events",
    "settings": "{} good copies",
    "table": "valid until {} UTC",
    "memory": "largest free block {} bytes",
    "link": "{} damaged frames dropped",
    "tasks": "{} restarts",
    "start": "last start: {}",
}
_TIMES = ("clock", "table")
_ORDER = (
    "display", "light", "sounder", "buttons", "barcode", "rfid", "clock", "flash", "journal",
    "settings", "table", "memory", "link", "tasks", "start",
)  # fmt: skip


def findings(parts: Mapping[str, Sequence[Any]]) -> list[Finding]:
    """The scanner's answer (name -> [result, code, figure]), what a person can touch first."""
    known = [name for name in _ORDER if name in parts]
    return [_finding(name, *parts[name]) for name in [*known, *(parts.keys() - set(known))]]


def _finding(name: str, result: int, code: str, figure: Any) -> Finding:
    outcome = _RESULTS[result] if 0 <= result < len(_RESULTS) else Result.LOOK
    if outcome is Result.PASS:
        return Finding(name, outcome, _figure(name, figure))
    said, remedy = _CODES.get(
        code, (f"says {code!r}", "Update the host tools: they do not know this code.")
    )
    return Finding(name, outcome, said, remedy)


def _figure(name: str, figure: Any) -> str:
    if figure is None or name not in _FIGURES:
        return "works"
    if name in _TIMES:
        figure = datetime.fromtimestamp(figure, UTC).strftime("%Y-%m-%d %H:%M")
    return _FIGURES[name].format(figure)
