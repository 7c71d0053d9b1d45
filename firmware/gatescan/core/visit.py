"""The guard's workflow: a visit card opens a visit, items get verdicts, seals and steps settle.

A state machine without clock, files or devices: tags and buttons in, steps out. A step says
what to show, what to log and what was decided.
"""

import hashlib
from collections import namedtuple

from gatescan.core import codes, item, judgement
from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.duties import duty_screens
from gatescan.core.journal import record
from gatescan.core.law import facts
from gatescan.core.screens import (
    SCR_FOR_INMATE,
    SCR_FOR_STAFF,
    SCR_FOR_VISITOR,
    SCR_LABEL,
    SCR_NO_TABLE,
    SCR_READY,
    SCR_SCAN_AGAIN,
    SCR_SEAL_SCAN,
    SCR_SEAL_WRONG,
    SCR_STEPS_OPEN,
    SCR_UNREADABLE,
    SCR_VISIT_OPEN,
    Screen,
    system_screen,
)
from gatescan.core.steps import Steps
from gatescan.core.table.format import X_OBLIGATION
from gatescan.core.tags.scheme import S_GTIN

if TYPE_CHECKING:
    from gatescan.core.judgement import Judgement
    from gatescan.core.law.policy import Policy
    from gatescan.core.table.reader import Table
    from gatescan.core.table.records import Inmate, TagRecord
    from gatescan.core.tags.scheme import Tag

NOT_LOGGED = const(0)  # a step that leaves no event

# kind: record.JK_* or NOT_LOGGED; tag: 8 bytes of the journal; judged: Judgement or None when
# nothing was decided; detail: what the kind puts into the record's category
Step = namedtuple("Step", ("kind", "screen", "tag", "judged", "detail"))

_FOR_WHOM = {
    codes.CMD_FOR_INMATE: (item.FOR_INMATE, SCR_FOR_INMATE),
    codes.CMD_FOR_VISITOR: (item.FOR_VISITOR, SCR_FOR_VISITOR),
    codes.CMD_FOR_STAFF: (item.FOR_STAFF, SCR_FOR_STAFF),
}


class Checkpoint:
    """One gate. `use` gives it a table; the caller keeps `condition` (COND_*) current."""

    def __init__(self, lang: int, rows: int) -> None:
        self.lang = lang
        self.rows = rows  # lines below the word that the panel shows well
        self.condition = judgement.COND_NO_TABLE
        self.notices: tuple[str, ...] = ()  # lines for the idle screen: what is missing
        self._table: Table | None = None
        self._policy: Policy | None = None
        self._steps = Steps()
        self._close()

    @property
    def condition_name(self) -> str:
        """The condition as a word for reports."""
        return judgement.CONDITIONS[self.condition]

    @property
    def visit_open(self) -> bool:
        """Whether a visit card has been scanned."""
        return self._inmate is not None

    def use(self, table: "Table | None", policy: "Policy | None") -> None:
        """Take a table into use, or None. An open visit ends: its lists are the old ones."""
        self._table, self._policy = table, policy
        self._close()

    def recall_seal(self, mark: bytes) -> None:
        """Note a seal (8 bytes of the journal) that was used before the scanner started."""
        self._steps.use_seal(mark)

    def idle_screen(self) -> Screen:
        """What to show when nothing is going on."""
        if self._table is None:
            return self._system(SCR_NO_TABLE)
        if self.visit_open:
            return self._system(SCR_VISIT_OPEN)
        if self.condition != judgement.COND_OK:
            return self._system(judgement.SCREENS[self.condition])
        return system_screen(SCR_READY, self.lang, self.notices)

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

    # --- tags ---

    def scan(self, tag: "Tag") -> "list[Step]":
        """What follows from one tag; at least one step."""
        table, policy = self._table, self._policy
        mark = self._mark(tag)
        if tag.key is None:
            return [self._decided(judgement.by_hand(0, 0, SCR_UNREADABLE, policy), mark)]
        if table is None or policy is None:
            return [self._decided(judgement.by_hand(0, 0, SCR_NO_TABLE), mark)]
        if tag.scheme == S_GTIN:
            # Neither a miss (-1) nor a damaged block (-2) has a class: unknown.
            category, attributes = table.class_of(table.lookup_key(tag.key))
            return [self._judge(table, policy, mark, category, attributes)]
        entry = table.lookup_tag(tag.key)
        if entry is None or isinstance(entry, int):
            return [self._judge(table, policy, mark, codes.C_UNKNOWN, 0)]
        if entry.kind == codes.TK_INMATE:
            return self._open_visit(table, entry.owner, mark)
        return [self._listed(table, policy, entry, mark)]

    def _listed(self, table: "Table", policy: "Policy", entry: "TagRecord", mark: bytes) -> Step:
        """A serial-level tag other than a visit card."""
        if entry.kind == codes.TK_SEAL:
            return self._seal(mark)
        if entry.kind == codes.TK_BADGE:
            return self._say(record.JK_LOGIN, self.idle_screen(), mark)
        category, attributes = table.class_of(entry.class_id)
        if entry.kind == codes.TK_COMMAND:
            if entry.command == codes.CMD_CASH:
                return self._judge(table, policy, mark, codes.C_CASH, 0, amount_dkk=entry.arg)
            if entry.command == codes.CMD_END_VISIT:
                return self._end_visit(table, mark)
            if entry.command in _FOR_WHOM:
                self._for_whom, screen = _FOR_WHOM[entry.command]
                return self._say(NOT_LOGGED, self._system(screen), mark)
            if entry.command != codes.CMD_CATEGORY:
                category = codes.C_UNKNOWN
        elif entry.kind != codes.TK_ITEM:
            category = codes.C_UNKNOWN
        registered = item.REGISTERED_NONE
        if entry.owner >= 0:
            # With no visit open nobody knows whose visit it is: then the item is another's.
            own = entry.owner == self._inmate_index
            registered = item.REGISTERED_SELF if own else item.REGISTERED_OTHER
        return self._judge(table, policy, mark, category, attributes, entry.flags, registered)

    def _mark(self, tag: "Tag") -> bytes:
        """The tag as the journal keeps it: a retail code, or a keyed hash."""
        if tag.key is None:
            return record.NO_TAG
        if tag.scheme == S_GTIN:
            return record.retail_tag(tag.scheme, int(tag.gtin))
        salt = self._table.meta["salt"] if self._table is not None else b""
        return record.keyed_tag(tag.scheme, hashlib.sha256(salt + tag.key).digest())

    # --- the law ---

    def _judge(
        self,
        table: "Table",
        policy: "Policy",
        mark: bytes,
        category: int,
        attributes: int,
        flags: int = 0,
        registered: int = item.REGISTERED_NONE,
        amount_dkk: "int | None" = None,
    ) -> Step:
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
        return self._decided(judgement.judge(policy, vector, condition, done), mark)

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
        # "The next item is the visitor's" holds for the very next thing, readable or not.
        self._for_whom = item.FOR_INMATE
        screen = judgement.screen(judged, self._table, self.lang, self.rows)
        kind = record.JK_TAG_REFUSED if judged.why == SCR_UNREADABLE else record.JK_SCAN
        return Step(kind, screen, mark, judged, judged.category)

    # --- visits ---

    def _open_visit(self, table: "Table", index: int, mark: bytes) -> "list[Step]":
        inmate = table.inmate(index)
        if inmate is None or isinstance(inmate, int):
            return [self._decided(judgement.by_hand(0, 0, SCR_UNREADABLE, self._policy), mark)]
        if index == self._inmate_index:
            return [self._say(NOT_LOGGED, self.idle_screen(), mark)]
        steps = []
        screens: list[Screen] = []
        if self.visit_open:
            # The next person is here: what was begun for the one before is not handed out.
            self._steps.drop()
            if self._duties:
                screens = duty_screens(table, self._duties, self.lang, self.rows)
            steps.append(self._end_visit(table, mark))
        self._close()
        self._inmate, self._inmate_index = inmate, index
        screens.append(self.idle_screen())
        steps.append(self._lead(record.JK_VISIT_OPEN, screens, mark))
        return steps

    def _end_visit(self, table: "Table", mark: bytes) -> Step:
        if not self.visit_open:
            return self._say(NOT_LOGGED, self.idle_screen(), mark)
        if self._steps.waiting:
            return self._say(NOT_LOGGED, self._system(SCR_STEPS_OPEN), mark)
        screens = duty_screens(table, self._duties, self.lang, self.rows)
        self._close()
        return self._lead(record.JK_VISIT_END, screens, mark)

    def _lead(self, kind: int, screens: "list[Screen]", mark: bytes) -> Step:
        """Show the first screen; OK leads through the others."""
        step = self._say(kind, screens[0], mark)
        self._more = screens[1:]
        return step

    # --- sealing and other steps ---

    def _seal(self, mark: bytes) -> Step:
        if not self._steps.seal(mark):
            return self._say(NOT_LOGGED, self._system(SCR_SEAL_WRONG), mark)
        return self._ask(record.JK_SEALED, mark, codes.O_SEAL)

    def _ask(self, kind: int, mark: bytes, detail: int = 0) -> Step:
        """Ask for the open item's next step, or for its second scan."""
        self._judged, self._asked, self._more = None, True, []
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

    # --- buttons ---

    def press_ok(self) -> "Step | None":
        """Turn the page; on the last one, go through the steps of the open item."""
        if self._more:
            return self._lead(NOT_LOGGED, self._more, record.NO_TAG)
        judged = self._judged
        if judged is not None:
            self._page += 1
            if self._page < judgement.pages(judged, self._table, self.lang, self.rows):
                screen = judgement.screen(judged, self._table, self.lang, self.rows, self._page)
                return Step(NOT_LOGGED, screen, record.NO_TAG, None, 0)
        open_item = self._steps.open
        if open_item is None:
            return None
        obligation = open_item.todo[0]
        if not self._asked or obligation == codes.O_SEAL:
            # Only what the screen asks for can be confirmed; a seal's number confirms itself.
            return self._ask(NOT_LOGGED, record.NO_TAG)
        self._steps.settle(obligation)
        return self._ask(record.JK_DONE, open_item.tag, obligation)

    def press_back(self) -> Step:
        """Drop what was begun: the item is not handed out; the next one is the inmate's."""
        self._steps.drop()
        self._for_whom = item.FOR_INMATE
        return self._say(NOT_LOGGED, self.idle_screen(), record.NO_TAG)

    def _system(self, which: int) -> Screen:
        return system_screen(which, self.lang)

    def _say(self, kind: int, screen: Screen, mark: bytes) -> Step:
        self._judged, self._asked, self._more = None, False, []
        return Step(kind, screen, mark, None, 0)
