"""Which parts are known not to work; loaded when that is asked (see rare.py).

Of light and sounder nothing can be known: they are only driven. A reader is missing when nobody
holds its line, or when it answered once and does not any more; one that only sends may simply be
idle.
"""

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.screens import SCR_FAULT, SCR_READER_MISSING, Screen, strings, system_screen

if TYPE_CHECKING:
    from gatescan.app.scanner import Scanner

# positions in PARTS of core/screens/da.py and en.py
NAMES = ("display", "button_ok", "button_back", "barcode", "rfid")
_DISPLAY = const(0)
_BUTTON_OK = const(1)
_BUTTON_BACK = const(2)
_BARCODE = const(3)
_RFID = const(4)


def missing(scanner: "Scanner") -> "list[str]":
    """The names of the parts that do not work, as far as that can be known."""
    return [NAMES[number] for number in _missing(scanner)]


def announce(scanner: "Scanner") -> None:
    """At the start: show and sound what is missing, and keep it on the idle screen.

    Without a display the fault's light and tone are all that can tell.
    """
    found = _missing(scanner)
    _note(scanner, found)
    if found:
        _show(scanner, found)


def note(scanner: "Scanner") -> None:
    """Bring the idle screen's list up to date; what is missing only now is shown and sounded.

    Not over an answer that nobody has read, nor in the middle of an item.
    """
    before = scanner.checkpoint.notices
    found = _missing(scanner)
    _note(scanner, found)
    now = scanner.checkpoint.notices
    if now == before or scanner.panel.unread or not scanner.checkpoint.at_rest:
        return
    if [line for line in now if line not in before]:
        _show(scanner, found)
    elif not scanner.checkpoint.visit_open:
        scanner.panel.show_idle(scanner.checkpoint.idle_screen())


def _show(scanner: "Scanner", found: "list[int]") -> None:
    lines = strings(scanner.checkpoint.lang).PARTS
    extra = tuple(lines[number] for number in found)
    which = SCR_FAULT if found[0] < _BARCODE else SCR_READER_MISSING
    screen = system_screen(which, scanner.checkpoint.lang, extra)
    if which == SCR_FAULT:  # its own lines are about a restart
        screen = Screen(screen.big, extra, screen.light, screen.tone)
    scanner.panel.show_fault(screen)


def _note(scanner: "Scanner", found: "list[int]") -> None:
    lines = strings(scanner.checkpoint.lang).PARTS
    # With the display the line about it is back as well: it has nothing to say there.
    scanner.checkpoint.notices = tuple(lines[number] for number in found if number != _DISPLAY)


def _missing(scanner: "Scanner") -> "list[int]":
    gate = scanner.gate
    found = [] if scanner.panel.display_present else [_DISPLAY]
    ok, back = gate.buttons.jammed()
    if ok:
        found.append(_BUTTON_OK)
    if back:
        found.append(_BUTTON_BACK)
    held = scanner.board.line_held
    barcode, rfid = gate.lost
    if barcode or (not gate.barcode.heard and not held("barcode")):
        found.append(_BARCODE)
    if rfid or (not gate.rfid.heard and not held("rfid")):
        found.append(_RFID)
    return found
