"""One item before the law: facts, verdict, what stands on the screen, what goes into the log."""

from collections import namedtuple

from gatescan.core import codes
from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.journal import record
from gatescan.core.law import citation, facts
from gatescan.core.law.policy import Outcome
from gatescan.core.screens import (
    SCR_CLOCK_NOT_SET,
    SCR_JOURNAL_FULL,
    SCR_NO_TABLE,
    SCR_NO_VISIT,
    SCR_TABLE_STALE,
    strings,
    system_screen,
    verdict_pages,
    verdict_screen,
)
from gatescan.core.table.format import X_AUTHORITY, X_CATEGORY, X_OBLIGATION

if TYPE_CHECKING:
    from gatescan.core.law.policy import Policy
    from gatescan.core.screens import Screen
    from gatescan.core.table.reader import Table

NO_SEAL = const(-1)  # no seal was looked at

# what may speak against trusting the table; the number is the position in CONDITIONS
COND_OK = const(0)
COND_NO_TABLE = const(1)
COND_EXPIRED = const(2)
COND_CLOCK = const(3)
COND_JOURNAL = const(4)
COND_NO_VISIT = const(5)  # of an item, not of the scanner: no visit card was read before it
CONDITIONS = ("ok", "no_table", "expired", "clock_not_set", "journal_full", "no_visit")
SCREENS = (  # the screen of each
    -1, SCR_NO_TABLE, SCR_TABLE_STALE, SCR_CLOCK_NOT_SET, SCR_JOURNAL_FULL, SCR_NO_VISIT,
)  # fmt: skip

# verdict, category: codes; outcome: Outcome with the obligations still open; flags: JF_* without
# the clock's; why: SCR_* that replaces the verdict's own screen, -1 = none; seal: SO_* or NO_SEAL
Judgement = namedtuple("Judgement", ("verdict", "category", "outcome", "flags", "why", "seal"))


def by_hand(category: int, flags: int, why: int, policy: "Policy | None" = None) -> Judgement:
    """The answer to every doubt: a person looks; `policy` says which provision to cite."""
    cited = policy.unsure.citations if policy is not None else ()
    outcome = Outcome(codes.V_MANUAL_INSPECTION, -1, (), cited, (codes.O_EXAMINE,))
    return Judgement(codes.V_MANUAL_INSPECTION, category, outcome, flags, why, NO_SEAL)


def judge(
    policy: "Policy",
    vector: list,
    condition: int,
    done: "tuple[int, ...] | list[int]" = (),
    seal: int = NO_SEAL,
) -> Judgement:
    """Ask the law about `vector`.

    `done`: obligations (O_*) that were carried out on this very item; when none is left of an
    allow_after, the item may be handed out. A `condition` other than COND_OK turns every
    verdict milder than manual inspection into manual inspection, never one into a milder one.
    `seal`: what a look at the item's seal has found, to be shown.
    """
    outcome = policy.evaluate(vector)
    category = vector[facts.F_CATEGORY]
    flags = record.make_flags(
        False,
        COND_OK < condition < COND_NO_VISIT,
        vector[facts.F_FOR_WHOM],
        vector[facts.F_SEALED],
        vector[facts.F_LABELLED],
        vector[facts.F_REGISTERED_TO],
    )
    verdict = outcome.verdict
    if verdict == codes.V_ALLOW_AFTER and done:
        left = tuple(o for o in outcome.obligations if o not in done)
        outcome = Outcome(verdict, outcome.authority, left, outcome.citations, outcome.session)
        if not left:
            verdict = codes.V_ALLOW
    if condition != COND_OK and verdict < codes.V_MANUAL_INSPECTION:
        return by_hand(category, flags, SCREENS[condition], policy)
    return Judgement(verdict, category, outcome, flags, -1, seal)


def pages(judged: Judgement, table: "Table | None", lang: int, rows: int) -> int:
    """How many pages of `rows` lines the screen of a judgement has."""
    if judged.why >= 0 or table is None:
        return 1
    return verdict_pages(*_texts(judged, table, lang), rows)


def screen(
    judged: Judgement, table: "Table | None", lang: int, rows: int, page: int = 0
) -> "Screen":
    """The screen of a judgement: its own, or the reason why a person must look."""
    if judged.why >= 0 or table is None:
        return system_screen(judged.why, lang)
    return verdict_screen(*_texts(judged, table, lang), page, rows)


def _texts(
    judged: Judgement, table: "Table", lang: int
) -> "tuple[int, tuple[str, ...], str, tuple[tuple[str, ...], ...], int]":
    outcome = judged.outcome
    steps = [table.text(X_OBLIGATION, number, lang) for number in outcome.obligations]
    if outcome.authority >= 0:
        steps.insert(0, table.text(X_AUTHORITY, outcome.authority, lang))
    what = table.text(X_CATEGORY, judged.category, lang)
    if judged.seal == codes.SO_INTACT:
        what += (strings(lang).SEAL_INTACT,)
    return (
        judged.verdict,
        what,
        citation.format(outcome.citations[0]) if outcome.citations else "",
        tuple(steps),
        lang,
    )
