"""The guard's workflow: a visit card opens a visit, items get verdicts, seals and steps settle.

A state machine without clock, files or devices: tags and buttons in, steps out. A step says
what to show, what to log and what was decided.
"""

from gatescan.core import codes, item, judgement
from gatescan.core.answers import NOT_LOGGED, Asked, Step
from gatescan.core.compat import TYPE_CHECKING
from gatescan.core.duties import duty_screens
from gatescan.core.journal import record
from gatescan.core.screens import (
    SCR_FOR_INMATE,
    SCR_FOR_STAFF,
    SCR_FOR_VISITOR,
    SCR_NO_TABLE,
    SCR_ONCE_MORE,
    SCR_READY,
    SCR_STEPS_OPEN,
    SCR_UNREADABLE,
    SCR_VISIT_OPEN,
    Screen,
    system_screen,
)
from gatescan.core.sealed import SealedItems
from gatescan.core.tags import gtin
from gatescan.core.tags.scheme import S_GTIN, S_PASSPORT, S_PAYMENT_CARD

if TYPE_CHECKING:
    from gatescan.core.law.policy import Policy
    from gatescan.core.seals.look import SealRead
    from gatescan.core.table.reader import Table
    from gatescan.core.table.records import TagRecord
    from gatescan.core.tags.scheme import Tag

_FOR_WHOM = {
    codes.CMD_FOR_INMATE: (item.FOR_INMATE, SCR_FOR_INMATE),
    codes.CMD_FOR_VISITOR: (item.FOR_VISITOR, SCR_FOR_VISITOR),
    codes.CMD_FOR_STAFF: (item.FOR_STAFF, SCR_FOR_STAFF),
}
# Documents are known by what they are; whose they are is never kept.
_DOCUMENTS = {S_PASSPORT: codes.C_PASSPORT, S_PAYMENT_CARD: codes.C_PAY_INSTRUMENT}


class Checkpoint(SealedItems):
    """One gate. `use` gives it a table; the caller keeps `condition` (COND_*) current."""

    def __init__(self, lang: int, rows: int) -> None:
        SealedItems.__init__(self, lang, rows)
        self.notices: tuple[str, ...] = ()  # lines for the idle screen: what is missing

    @property
    def condition_name(self) -> str:
        """The condition as a word for reports."""
        return judgement.CONDITIONS[self.condition]

    @property
    def visit_open(self) -> bool:
        """Whether a visit card has been scanned."""
        return self._inmate is not None

    @property
    def at_rest(self) -> bool:
        """Whether nothing is begun: no item waits for its steps or its seal, no page for OK."""
        return self._steps.open is None and self._waiting is None and not self._more

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

    # --- tags ---

    def scan(self, tag: "Tag", seen: "SealRead | None" = None) -> "list[Step]":
        """What follows from one tag; at least one step.

        `seen`: what a reader found in an NFC tag beside its number.
        """
        table, policy = self._table, self._policy
        waiting = self._waiting
        entry = None
        if table is not None and tag.key is not None and tag.key != self._product_key(tag):
            entry = table.lookup_tag(tag.key)
        if entry is None and waiting is None and seen is not None and seen.ndef:
            # Nobody has listed the chip, or it has no number of its own: what is written in it?
            from gatescan.core.tags import ndef

            return self.scan(ndef.read(seen.ndef))
        mark = self._mark(tag)
        if tag.key is None:
            return [self._decided(judgement.by_hand(0, 0, SCR_UNREADABLE, policy), mark)]
        if table is None or policy is None:
            return [self._decided(judgement.by_hand(0, 0, SCR_NO_TABLE), mark)]
        if tag.scheme in _DOCUMENTS:
            return [self._judge(mark, _DOCUMENTS[tag.scheme], 0)]
        if entry is None and tag.gtin is not None:
            # Neither a miss (-1) nor a damaged block (-2) has a class: unknown.
            category, attributes = table.class_of(table.lookup_key(self._product_key(tag)))
            return [self._judge(mark, category, attributes)]
        if entry is None or isinstance(entry, int):
            if waiting is not None and tag.gtin is None:
                found = codes.SO_WRONG if entry is None else codes.SO_UNREADABLE
                return self._answer(waiting, found, mark)
            return [self._judge(mark, codes.C_UNKNOWN, 0)]
        if entry.kind == codes.TK_INMATE:
            return self._open_visit(table, entry.owner, mark)
        if entry.kind == codes.TK_SEAL:
            return self._seal(table, entry, mark, seen, waiting)
        return [self._listed(table, entry, mark)]

    def ask_again(self) -> Step:
        """A code that may have been misread: until it was read twice a person looks."""
        judged = judgement.by_hand(0, 0, SCR_ONCE_MORE, self._policy)
        screen = self._system(SCR_ONCE_MORE)
        return Step(NOT_LOGGED, screen, record.NO_TAG, judged, 0)

    def expects(self, tag: "Tag") -> bool:
        """Whether this item, settled, is to be scanned once more."""
        return tag.key is not None and self._steps.is_settled(self._mark(tag))

    def _product_key(self, tag: "Tag") -> bytes:
        """The key of the product that a tag is a piece of, b"" for none."""
        if tag.gtin is None:
            return b""
        return tag.key if gtin.is_product(tag.key) else gtin.key_of(S_GTIN, tag.gtin.encode())

    def _listed(self, table: "Table", entry: "TagRecord", mark: bytes) -> Step:
        """A serial-level tag other than a visit card and a seal."""
        if entry.kind == codes.TK_BADGE:
            return self._say(record.JK_LOGIN, self.idle_screen(), mark)
        category, attributes = table.class_of(entry.class_id)
        if entry.kind == codes.TK_COMMAND:
            if entry.command == codes.CMD_CASH:
                return self._judge(mark, codes.C_CASH, 0, amount_dkk=entry.arg)
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
        if (
            entry.kind == codes.TK_ITEM
            and entry.arg
            and entry.flags & codes.TF_SEALED
            and not self._steps.is_settled(mark)
        ):
            return self._ask_for_seal(
                Asked(
                    mark, category, attributes, entry.flags, registered, self._for_whom, entry.arg
                )
            )
        return self._judge(mark, category, attributes, entry.flags, registered)

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

    # --- buttons ---

    def press_ok(self) -> "list[Step]":
        """Turn the page; on the last one, go through the steps of the open item.

        Where a seal is waited for it says that there is none, or that it is broken.
        """
        if self._waiting is not None:
            return self._answer(self._waiting, codes.SO_MISSING, record.NO_TAG)
        step = self._pressed_ok()
        return [step] if step is not None else []

    def _pressed_ok(self) -> "Step | None":
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

