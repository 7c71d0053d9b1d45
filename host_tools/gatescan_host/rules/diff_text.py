"""A comparison of two orders as a table for people."""

from io import StringIO

from rich.console import Console
from rich.table import Table

from gatescan.core.law import citation, names
from gatescan.core.law.policy import Outcome
from gatescan_host.rules import wording
from gatescan_host.rules.diff import Comparison, Row

_WIDTH = 130  # columns: the table is printed or mailed, not only read on a screen


def text_of(told: Comparison) -> str:
    """One line that says what changes, and a numbered table of the changes."""
    verdicts = sum(row.of_verdict() for row in told.rows)
    duties = len(told.rows) - verdicts
    asked = f"{told.compared:,} combinations compared"
    if not told.rows:
        return f"{told.old} -> {told.new}: no verdict changes; {asked}."
    out = StringIO()
    table = Table("no.", "institution", "channel", "category", "other facts", show_lines=True)
    for side in (f"old: {told.old}", f"new: {told.new}"):
        table.add_column(side, no_wrap=True)
    for number, row in enumerate(told.rows, 1):
        table.add_row(
            str(number), _codes(row.institutions, names.INSTITUTIONS),
            _codes(row.channels, names.CHANNELS), _codes(row.categories, names.CATEGORIES),
            wording.any_of(row.named()) or "defaults",
            _answer(row.old), _answer(row.new) + _duties(row))
    Console(file=out, width=_WIDTH, highlight=False, markup=False).print(table)
    changes = f"{verdicts} changes of a verdict" if verdicts else "no verdict changes"
    more = f", {duties} of duties alone" if duties else ""
    return (f"{told.old} -> {told.new}: {changes}{more}; {asked}, {told.changed:,} differ.\n"
            + out.getvalue().rstrip())


def _codes(given: tuple[int, ...], table: tuple[str, ...]) -> str:
    if len(given) == len(table):
        return "all"
    if len(given) > len(table) // 2:
        missing = (name for code, name in enumerate(table) if code not in given)
        return "all but " + ", ".join(missing)
    return ", ".join(table[code] for code in given)


def _answer(outcome: Outcome) -> str:
    lines = [names.VERDICTS[outcome.verdict]]
    if outcome.authority >= 0:
        lines.append(names.AUTHORITIES[outcome.authority])
    return "\n".join([*lines, *(citation.format(packed) for packed in outcome.citations)])


def _duties(row: Row) -> str:
    """The duties that come and go, a line each: `+SEAL`, `-LABEL`."""
    old = {*row.old.obligations, *row.old.session}
    new = {*row.new.obligations, *row.new.session}
    signed = [f"+{names.OBLIGATIONS[code]}" for code in sorted(new - old)]
    signed += [f"-{names.OBLIGATIONS[code]}" for code in sorted(old - new)]
    return "".join(f"\n{one}" for one in signed)
