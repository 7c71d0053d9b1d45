"""What every answer at the gate has in common: the tag's mark, the law's verdict, what to show.

The guard's workflow (visit.py) is built on it.
"""

import hashlib
from collections import namedtuple

from gatescan.core import codes, item, judgement
from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.journal import record
from gatescan.core.law import facts
from gatescan.core.screens import (
    SCR_LABEL,
    SCR_NO_TABLE,
    SCR_SCAN_AGAIN,
    SCR_SEAL_SCAN,
    SCR_UNREADABLE,
    Screen,
    system_screen,
)
from gatescan.core.steps import Steps
from gatescan.core.table.format import X_OBLIGATION
from gatescan.core.tags import gtin
from gatescan.core.tags.scheme import S_GTIN

if TYPE_CHECKING:
    from gatescan.core.judgement import Judgement
    from gatescan.core.law.policy import Policy
    from gatescan.core.table.reader import Table
    from gatescan.core.table.records import Inmate
    from gatescan.core.tags.scheme import Tag

NOT_LOGGED = const(0)  # a step that leaves no event

# kind: record.JK_* or NOT_LOGGED; tag: 8 bytes of the journal; judged: Judgement or None when
# nothing was decided; detail: what the kind puts into the record's category
Step = namedtuple("Step", ("kind", "screen", "tag", "judged", "detail"))

# What is asked about an item: mark: its tag in the journal; category, attributes (CA_*), flags
# (TF_*), registered (REGISTERED_*), for_whom (FOR_*); seal: number of the seal it has in the table
Asked = namedtuple(
    "Asked", ("mark", "category", "attributes", "flags", "registered", "for_whom", "seal")
)


class Answers:
    """The state of one gate that answers depend on."""

    def __init__(self, lang: int, rows: int) -> None:
        self.lang = lang
        self.rows = rows  # lines below the word that the panel shows well
        self.condition = judgement.COND_NO_TABLE
        self._table: Table | None = None
        self._policy: Policy | None = None
        self._steps = Steps()
        self._close()

    def _close(self) -> None:
        self._inmate: Inmate | None = None
        self._inmate_index = -1
        self._for_whom = item.FOR_INMATE
        self._steps.drop()
        self._duties: list[int] = []
        self._judged: Judgement | None = None  # on the screen now
        self._page = 0
        self._asked = False  # the screen asks for the open item's next step
        self._more: list[Screen] = []  # screens that OK leads through
        self._waiting: Asked | None = None  # the item whose seal is to be scanned

    def _mark(self, tag: "Tag") -> bytes:
        """The tag as the journal keeps it: a retail code, or a keyed hash."""
        if tag.key is None:
            return record.NO_TAG
        if gtin.is_product(tag.key):
            return record.retail_tag(S_GTIN, int(tag.gtin))
        salt = self._table.meta["salt"] if self._table is not None else b""
        return record.keyed_tag(tag.key[0], hashlib.sha256(salt + tag.key).digest())

    def _judge(
        self,
        mark: bytes,
        category: int,
        attributes: int,
        flags: int = 0,
        registered: int = item.REGISTERED_NONE,
        amount_dkk: "int | None" = None,
        seal: int = judgement.NO_SEAL,
    ) -> Step:
        """Ask the law about an item; `seal`: what a look at its seal has found (SO_*)."""
        table, policy = self._table, self._policy
        if table is None or policy is None:
            return self._decided(judgement.by_hand(category, 0, SCR_NO_TABLE), mark)
        settled = self._steps.take_settled(mark)
        vector = item.site_vector(table)
        if settled is not None:
            flags |= settled.flags
            if settled.flags & codes.TF_SEALED:
                flags &= ~codes.TF_SEAL_BROKEN
        item.describe(vector, category, attributes, flags)
        vector[facts.F_FOR_WHOM] = self._for_whom
        vector[facts.F_REGISTERED_TO] = registered
        vector[facts.F_AMOUNT_DKK] = amount_dkk
        condition = self.condition
        if self._inmate is not None:
            item.concern(vector, category, self._inmate)
        elif condition == judgement.COND_OK and self._for_whom == item.FOR_INMATE:
            # Whose lists apply is not known: no item is cleared before the visit card is read.
            condition = judgement.COND_NO_VISIT
        done = settled.done if settled else ()
        return self._decided(judgement.judge(policy, vector, condition, done, seal), mark)

    def _decided(self, judged: "Judgement", mark: bytes) -> Step:
        obligations = judged.outcome.obligations
        if judged.verdict == codes.V_ALLOW_AFTER or (
            # a broken seal: looked at by a person, who seals it anew (A18)
            judged.verdict == codes.V_MANUAL_INSPECTION and codes.O_SEAL in obligations
        ):
            self._steps.begin(mark, obligations)
        else:
            self._steps.close()
        for duty in judged.outcome.session:
            if duty not in self._duties:
                self._duties.append(duty)
        self._judged, self._page, self._asked, self._more = judged, 0, False, []
        self._waiting = None
        # "The next item is the visitor's" holds for the very next thing, readable or not.
        self._for_whom = item.FOR_INMATE
        screen = judgement.screen(judged, self._table, self.lang, self.rows)
        kind = record.JK_TAG_REFUSED if judged.why == SCR_UNREADABLE else record.JK_SCAN
        return Step(kind, screen, mark, judged, judged.category)

    def _ask(self, kind: int, mark: bytes, detail: int = 0) -> Step:
        """Ask for the open item's next step, or for its second scan."""
        self._judged, self._asked, self._more, self._waiting = None, True, [], None
        return Step(kind, self._next_step(), mark, None, detail)

    def _next_step(self) -> Screen:
        """What is to be done now about the open item, or that it is to be scanned again."""
        open_item = self._steps.open
        if open_item is None:
            return self._system(SCR_SCAN_AGAIN)
        obligation = open_item.todo[0]
        if obligation == codes.O_SEAL:
            return self._system(SCR_SEAL_SCAN)
        plain = self._system(SCR_LABEL)
        if obligation == codes.O_LABEL or self._table is None:
            return plain
        lines = self._table.text(X_OBLIGATION, obligation, self.lang) + (plain.lines[-1],)
        return Screen(plain.big, lines, plain.light, plain.tone)

    def _system(self, which: int) -> Screen:
        return system_screen(which, self.lang)

    def _say(self, kind: int, screen: Screen, mark: bytes, detail: int = 0) -> Step:
        self._judged, self._asked, self._more, self._waiting = None, False, [], None
        return Step(kind, screen, mark, None, detail)
