"""What is to be done once per hand-over (section 30), told when the visit is closed."""

from gatescan.core.compat import TYPE_CHECKING
from gatescan.core.screens import SCR_VISIT_CLOSED, Screen, system_screen
from gatescan.core.table.format import X_OBLIGATION

if TYPE_CHECKING:
    from gatescan.core.table.reader import Table


def duty_screens(table: "Table", duties: "list[int]", lang: int, rows: int) -> "list[Screen]":
    """The duties (O_*) in words on as many screens of `rows` lines as they take, at least one."""
    screens: list[Screen] = []
    lines: tuple[str, ...] = ()
    room = rows - 1  # one line says that the visit is closed
    for duty in sorted(duties):
        text = table.text(X_OBLIGATION, duty, lang)
        if lines and len(lines) + len(text) > room:
            screens.append(system_screen(SCR_VISIT_CLOSED, lang, lines))
            lines = ()
        lines += text
    screens.append(system_screen(SCR_VISIT_CLOSED, lang, lines))
    return screens
