"""Items that wear a seal: no verdict before the seal was looked at, and none as if it were whole.

A seal is intact, missing, another one, that of another item, opened, copied or not to be read
(codes.SO_*). All but the first and the last count as a broken seal before the law.
"""

from gatescan.core import codes, judgement
from gatescan.core.answers import NOT_LOGGED, Answers, Asked, Step
from gatescan.core.compat import TYPE_CHECKING
from gatescan.core.journal import record
from gatescan.core.screens import SCR_SEAL_CHECK, SCR_SEAL_FOUND, SCR_SEAL_WRONG, Screen

if TYPE_CHECKING:
    from collections.abc import Callable

    from gatescan.core.seals.look import Counters, SealRead
    from gatescan.core.table.reader import Table
    from gatescan.core.table.records import TagRecord


class SealedItems(Answers):
    """What the gate asks and answers about seals."""

    def __init__(self, lang: int, rows: int) -> None:
        Answers.__init__(self, lang, rows)
        # gives the counters that were seen of seals; asked when one of those is scanned
        self.counters: Callable[[], Counters] | None = None

    def _ask_for_seal(self, asked: Asked) -> Step:
        """An item that the table knows sealed: nothing is said of it before its seal was read."""
        judged = judgement.by_hand(asked.category, 0, SCR_SEAL_CHECK, self._policy)
        step = self._decided(judged, asked.mark)
        self._waiting = asked
        return step

    def _seal(
        self,
        table: "Table",
        entry: "TagRecord",
        mark: bytes,
        seen: "SealRead | None",
        waiting: "Asked | None",
    ) -> "list[Step]":
        """A seal: that of the item that waits for it, or one to be put on."""
        from gatescan.core.seals.look import look  # a few times a visit

        used = self._steps.is_used(mark)
        if waiting is not None:
            found = look(table, entry, waiting.seal, used, seen, self.counters)
            return self._answer(waiting, found, mark)
        if not self._steps.seal_due or used:
            return [self._say(NOT_LOGGED, self._system(SCR_SEAL_WRONG), mark)]
        found = look(table, entry, 0, used, seen, self.counters)
        if found != codes.SO_INTACT:
            screen = self._system(SCR_SEAL_FOUND + found)
            return [Step(record.JK_SEAL_CHECK, screen, mark, None, found)]
        self._steps.seal(mark)
        return [self._ask(record.JK_SEALED, mark, codes.O_SEAL)]

    def _answer(self, asked: Asked, found: int, mark: bytes) -> "list[Step]":
        """The verdict on an item after a look at its seal: SO_* `found` on the seal `mark`.

        What the look found stands before the verdict; OK leads on to that.
        """
        shown = self._system(SCR_SEAL_FOUND + found)
        looked = self._say(record.JK_SEAL_CHECK, shown, mark, found)
        if found == codes.SO_UNREADABLE:
            self._waiting = asked
            return [looked]
        self._for_whom = asked.for_whom
        flags = asked.flags
        if found != codes.SO_INTACT:
            flags = flags & ~codes.TF_SEALED | codes.TF_SEAL_BROKEN
        step = self._judge(
            asked.mark, asked.category, asked.attributes, flags, asked.registered, seal=found
        )
        if found != codes.SO_INTACT:
            self._page = -1
            screen = Screen(shown.big, shown.lines, step.screen.light, step.screen.tone)
            step = Step(step.kind, screen, step.tag, step.judged, step.detail)
        return [looked, step]
