"""The whole scanner: every part in its place, and the few things they do together."""

# Code that the table in use keeps: loaded here it is there once, for a table on its way as well,
# and few imports lie around it.
import gatescan.core.table.items
import gatescan.core.table.pages  # noqa: F401
from gatescan.app import rare, reading
from gatescan.app.gate import Gate
from gatescan.app.journal_flash import JournalFolder, Upkeep
from gatescan.app.limiter import Limiter
from gatescan.app.link.auth_group import Auth
from gatescan.app.link.rooms import Rooms
from gatescan.app.link.server import LinkServer
from gatescan.app.panel import Panel
from gatescan.app.settings import Settings
from gatescan.app.slots import NO_MEMORY
from gatescan.app.tables import Tables
from gatescan.app.tasks import Supervisor
from gatescan.core import compat, judgement
from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.journal import record
from gatescan.core.journal.segments import Journal, JournalFull
from gatescan.core.law.policy import Policy, PolicyError
from gatescan.core.screens import SCR_BOOT, SCR_FAULT, SCR_UPDATING, system_screen
from gatescan.core.table.format import TableError
from gatescan.core.visit import Checkpoint
from gatescan.drivers.clock import Clock, parts_of
from gatescan.drivers.ticks import ticks_ms

try:
    from cryptolib import aes
except ImportError:  # CPython, which only reads the numbers here
    aes = None

if TYPE_CHECKING:
    from typing import Any

    from gatescan.app.seal_counters import SealCounters
    from gatescan.core.trust.acceptance import Refusal

# The journal keeps a task's fault as its position here plus 1: never renumber.
TASKS = ("panel", "link", "barcode", "rfid", "buttons", "tables")
_MAX_SEGMENTS = const(40)  # of 504 events: 20,160 events, 960 kB
_LOG_PAUSE_MS = const(60_000)  # between logged refusals of what strangers upload


class Scanner:
    """Built once at boot; the tasks and the link's handlers work on its public parts."""

    def __init__(self, board: "Any") -> None:
        self.board = board
        compat.block_decoder = board.block_decoder
        compat.sha256_code = board.sha256_code
        compat.aes = aes
        rare.settle()  # what is loaded from here on can leave again
        folder = board.storage_path().rstrip("/")
        self.settings = Settings(folder, board.unique_id())
        self.clock = Clock(board.rtc())
        self.panel = Panel(board)
        self.checkpoint = Checkpoint(self.settings.language, board.PANEL_ROWS)
        self.panel.show(system_screen(SCR_BOOT, self.checkpoint.lang))
        rare.settle("gatescan.core.screens")
        self.boot = self.settings.count_boot()
        self._log_failed = False  # the last event could not be written
        self._signs = 0  # of life, when the list of missing parts was made
        self._refusals = Limiter(_LOG_PAUSE_MS)
        self.journal = Journal(
            board.flash(),
            JournalFolder(folder + "/journal"),
            self.settings.device_id.encode(),
            _MAX_SEGMENTS,
        )
        self.supervisor = Supervisor(self._fault, board.reset)
        self.tables = Tables(
            folder,
            self.settings,
            self.now_utc,
            self._table_changed,
            self._give_up_events,
            self._let_go,
        )
        self.rooms = Rooms(self)
        self.router: Any = None  # of the link, while a host is heard
        # Each port is opened once: a second stream, when collected, would close it for the first.
        self.stream = board.link()
        self.button_pins = board.button_pins()
        self.server = LinkServer(self.stream, self.rooms.open_line)
        self.auth = Auth(self)
        self.gate = Gate(self)
        self.upkeep = Upkeep(self.journal, self.gate)
        self.tables.quiet = self.upkeep.quiet
        self.checkpoint.counters = self._seal_counters
        self.policy: Policy | None = None

    def tick(self, now_ms: int) -> None:
        """What must be looked at now and then: clock, session, pauses."""
        self.clock.tick(now_ms)
        self.auth.tick(now_ms)
        self._refusals.tick(now_ms)
        self.rooms.tick(now_ms)
        gate = self.gate
        told = self.checkpoint.notices or True in gate.lost
        if told and gate.signs() != self._signs:
            self._signs = gate.signs()
            rare.call("parts", "note", self)
        self.update_condition()

    def now_utc(self) -> "int | None":
        """UTC seconds, None while the clock is not set."""
        return self.clock.utc() or None

    def set_clock(self, utc: int) -> bool:
        """Set the clock; False for a time that cannot be right."""
        before = self.now_utc()
        if not self.clock.set_utc(utc, ticks_ms()):
            return False
        self.log(record.JK_CLOCK_SET, citation=before or 0)
        self.update_condition()
        return True

    def log(self, kind: int, **fields: "Any") -> int:
        """Append an event; returns its sequence number, 0 when the journal cannot take it."""
        utc = self.now_utc()
        flags = fields.pop("flags", 0) | (record.JF_CLOCK_OK if utc else 0)
        manifest = self.tables.slots.manifest
        fields.setdefault("table_seq", manifest.seq if manifest else 0)
        for _ in range(2):
            try:
                seq = self.journal.append(
                    kind,
                    utc=utc or 0,
                    tick_ms=ticks_ms(),
                    boot=self.boot,
                    flags=flags,
                    **fields,
                )
                self._log_failed = False
                return seq
            except JournalFull:
                return 0
            except OSError:
                # Perhaps the flash is full: events that a host has may go.
                self._log_failed = True
                if not self.journal.make_room():
                    break
        return 0

    def _seal_counters(self) -> "SealCounters":
        """What is kept of seals that count; its code is loaded for a look at one."""
        from gatescan.app.seal_counters import SealCounters

        return SealCounters(self.settings.folder + "/seals")

    def _give_up_events(self) -> bool:
        """Fetched ones, for an upload; not for a stranger's, who may announce any length."""
        return self.auth.is_open and self.journal.make_room()

    def update_condition(self) -> None:
        """Ask again what may speak against trusting the table."""
        self.checkpoint.condition = self._condition()

    def _condition(self) -> int:
        slots = self.tables.slots
        if slots.table is None or self.policy is None or slots.manifest is None:
            return judgement.COND_NO_TABLE
        utc = self.now_utc()
        if utc is None:
            return judgement.COND_CLOCK
        parts = parts_of(utc)
        today = parts[0] * 10000 + parts[1] * 100 + parts[2]
        last_day = self.policy.valid_to
        if (
            not slots.manifest.not_before <= utc < slots.manifest.not_after
            or today < self.policy.valid_from
            or (last_day and today > last_day)
        ):
            return judgement.COND_EXPIRED
        if self._log_failed or not self.journal.room:
            return judgement.COND_JOURNAL
        return judgement.COND_OK

    def _let_go(self) -> None:
        """Nothing of the present table is held any more; an open visit ends with its lists.

        Its order stays when the next table is known to have the same.
        """
        if self.checkpoint.visit_open:
            self.log(record.JK_VISIT_END, citation=self.gate.visit_seq)
        if not self.tables.order:
            self.policy = None
        self.checkpoint.use(None, None)

    def adopt(self) -> None:
        """Let the checkpoint work with whatever table the slots hold now."""
        self._let_go()
        table = self.tables.slots.table
        policy, self.policy, self.tables.order = self.policy, None, b""
        if table is not None:
            try:
                if policy is None or not table.has_policy(policy.data):
                    policy = None  # its room is that of the next one
                    policy = Policy(table.policy())
                self.policy, self.tables.order = policy, policy.data
            except (PolicyError, TableError) as error:
                self.tables.withdraw(str(error))
                table = None
            except MemoryError:
                self.tables.withdraw(NO_MEMORY)
                table = None
        self.checkpoint.lang = self.settings.language
        self.checkpoint.use(table, self.policy)
        self.update_condition()

    def reload(self) -> None:
        """New keys: the table must prove itself under them."""
        self.tables.reopen()
        self.adopt()
        self.panel.show_idle(self.checkpoint.idle_screen())

    def reset(self) -> None:
        """Restart the board; display and light keep their last picture meanwhile: no verdict."""
        self.panel.show(system_screen(SCR_UPDATING, self.checkpoint.lang))
        self.board.reset()

    def _table_changed(self, refusal: "Refusal | None") -> None:
        manifest = self.tables.slots.manifest
        if refusal is None and manifest is not None:
            self.log(
                record.JK_TABLE_ACTIVATED,
                table_seq=manifest.seq,
                tag=bytes(manifest.table_sha256[:8]),
            )
            self.adopt()
            self.panel.show_idle(self.checkpoint.idle_screen())
            if self.tables.slots.problem == NO_MEMORY:
                self.reset()  # nothing else is loaded then: now a host is talking
        elif refusal is not None:
            if self.auth.is_open or self._refusals.allow(ticks_ms()):
                self.log(record.JK_TABLE_REFUSED, verdict=refusal.code)
            if (self.tables.slots.table is None) != (self.policy is None):
                self.adopt()
                self.panel.show_idle(self.checkpoint.idle_screen())
        if self.board.observe is not None:
            self.board.observe(
                "table",
                seq=manifest.seq if manifest is not None else 0,
                refusal=refusal.sentence if refusal is not None else None,
            )

    def _fault(self, name: str, reason: str) -> None:
        """A task has ended: never silence. Safe screen, log; the supervisor starts it again."""
        reading.make_room()  # it may be what was missing
        code = 1 + TASKS.index(name) if name in TASKS else 0
        self.log(record.JK_FAULT, verdict=code)
        self.panel.show_fault(system_screen(SCR_FAULT, self.checkpoint.lang, (name,)))
        print("task", name, "ended:", reason)
        if self.board.observe is not None:
            self.board.observe("fault", task=name, reason=reason)
