"""Every provision of a law: its role, its rules and the cases that its rules really decide."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from gatescan.core.law import names
from gatescan_host.rules import codes, orders, wording
from gatescan_host.rules.account import Entry, account
from gatescan_host.rules.rulebook import Rulebook
from gatescan_host.rules.trace import COUNTS, Bite, Trace, Tracer


@dataclass(frozen=True)
class Row:
    """One provision: what the order makes of it and which cases show it."""

    entry: Entry
    decides: tuple[str, ...]  # cases whose first citation its rules give
    takes_part: tuple[str, ...]  # further cases whose answer rests on its rules as well
    cells: tuple[str, ...]  # of the default matrix, whose answer rests on its rules

    def as_json(self) -> dict[str, Any]:
        """The row as plain data for --json."""
        entry = self.entry
        return {
            "provision": entry.provision, "citation": entry.citation,
            "gloss": entry.gloss.model_dump(), "role": entry.role,
            "rules": [{"rule": rule.name, "phase": rule.phase,
                       "verdict": None if rule.verdict is None else names.VERDICTS[rule.verdict]}
                      for rule in entry.rules],
            "codes": list(entry.codes), "held_by": entry.held_by,
            "note": entry.note and entry.note.model_dump(),
            "decides": list(self.decides), "takes_part": list(self.takes_part),
            "cells": list(self.cells),
        }


@dataclass(frozen=True)
class Coverage:
    """The account of an order with the cases that show it."""

    order_id: str
    rows: tuple[Row, ...]
    cases: int
    cells: int

    def as_json(self) -> dict[str, Any]:
        """The account as plain data for --json."""
        return {"order": self.order_id, "provisions": len(self.rows), "cases": self.cases,
                "cells": self.cells,
                "roles": dict(Counter(row.entry.role for row in self.rows)),
                "without_case": [row.entry.provision for row in self.without_case()],
                "rows": [row.as_json() for row in self.rows]}

    def without_case(self) -> list[Row]:
        """The provisions with rules that neither case nor cell shows."""
        return [row for row in self.rows
                if row.entry.rules and not (row.decides or row.takes_part or row.cells)]


def coverage(book: Rulebook) -> Coverage:
    """Account for every provision; evaluate the cases of the law model and those of the order.

    Raises OrderError for an order that does not account for a provision (account.py).
    """
    entries = account(book.file, book)
    tracer = Tracer(book)
    law = book.file.order.law is not None  # cases and matrix belong to a law model
    cases = [*(codes.cases() if law else ()), *orders.cases_of(book.file.order.order_id)]
    traces = {case["id"]: tracer.trace(wording.vector_of_case(case)) for case in cases}
    cells = {f"{facts['institution']}/{facts['category']}": tracer.trace(wording.vector_of(facts))
             for facts in (matrix() if law else [])}
    return Coverage(book.file.order.order_id,
                    tuple(_row(entry, traces, cells) for entry in entries), len(cases), len(cells))


def matrix() -> list[dict[str, Any]]:
    """The facts of the default matrix (model.md section 5): each category at a visit, anywhere."""
    return [{"institution": institution, "channel": "visit", "category": category,
             "has_institution_player": True,
             **({"amount_dkk": 1000} if category == "cash" else {})}
            for institution in names.INSTITUTIONS for category in names.CATEGORIES]


def _row(entry: Entry, cases: dict[str, Trace], cells: dict[str, Trace]) -> Row:
    decides = tuple(name for name, trace in cases.items()
                    if any(bite.first for bite in _counted(entry, trace)))
    return Row(entry, decides,
               tuple(name for name, trace in cases.items()
                     if name not in decides and _counted(entry, trace)),
               tuple(name for name, trace in cells.items() if _counted(entry, trace)))


def _counted(entry: Entry, trace: Trace) -> list[Bite]:
    """What the rules of a provision do to an answer, where codes are named by raising one."""
    own = {rule.name for rule in entry.rules}
    wanted = {names.OBLIGATIONS.index(code) for code in entry.codes}
    return [bite for bite in trace.bites
            if bite.rule.name in own and bite.effect in COUNTS
            and (not wanted or wanted & set(bite.raised))]


def text_of(told: Coverage) -> str:
    """The account as a table for people."""
    lines = []
    for row in told.rows:
        entry = row.entry
        lines.append(f"{entry.citation}  [{entry.provision}] {entry.role}: {entry.gloss.en}")
        if entry.note:
            held = f" ({entry.held_by})" if entry.held_by else ""
            lines.append(f"    {entry.note.en}{held}")
        if entry.rules:
            listed = (f"{rule.name}" + ("" if rule.verdict is None
                                        else f" {names.VERDICTS[rule.verdict]}")
                      for rule in entry.rules)
            lines.append("    rules: " + ", ".join(listed))
        for word, cases in (("decides", row.decides), ("takes part in", row.takes_part)):
            if cases:
                lines.append(f"    {word}: {_some(cases)}")
        if row.cells:
            lines.append(f"    cells of the default matrix: {len(row.cells)}")
    roles = ", ".join(f"{count} {role}" for role, count in Counter(
        row.entry.role for row in told.rows).items())
    bare = [row.entry.citation for row in told.without_case()]
    lines.append(f"{len(told.rows)} provisions: {roles}; {told.cases} cases and "
                 f"{told.cells} cells of the default matrix evaluated.")
    if bare:
        lines.append(f"No case and no cell shows: {'; '.join(bare)}.")
    return "\n".join(lines)


def _some(cases: tuple[str, ...]) -> str:
    more = f" and {len(cases) - 8} more" if len(cases) > 8 else ""
    return ", ".join(cases[:8]) + more
