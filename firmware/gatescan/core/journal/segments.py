"""The journal in flash: lose nothing that was acknowledged; an append is one page program.

After a power cut:

* bytes of an incomplete record stay where they are and are counted (`torn_bytes`);
* whole records at the end whose seq or link does not follow stay too, as evidence, and are
  counted (`rejected_records`); a damaged record before a good one is not a tail: the chain
  shows it to the host, and the events behind it are kept;
* the next event then opens a new segment (places.py), so damaged bytes are never written over;
  where two segments claim an event, the one made later has it.
"""

from collections import namedtuple

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.journal import chain, marks, places, record
from gatescan.core.journal.claim import Claims
from gatescan.core.journal.places import SEGMENT_RECORDS

if TYPE_CHECKING:
    from collections.abc import Generator

    from gatescan.core.journal.flash import Device, Folder

_RECORD = const(48)  # record.RECORD_BYTES
_BODY = const(32)  # record.BODY_BYTES
_SPARE_BLOCKS = const(4)  # left to littlefs itself: a full file system cannot even rename
_PATIENCE = const(100)  # calls of `prepare` before flash that was full is looked at again
_ENOSPC = const(28)

Head = namedtuple("Head", "seq link")
"""The last event: its seq, 0 before the first, and its 16-byte link, then that of the genesis."""


class JournalFull(Exception):
    """No room, and the oldest events are not acknowledged: answer "inspect by hand", sync."""


class Journal:
    """The events of one device in at most `max_segments` segments, a blank one included.

    Opening reads names, heads and the last segment's tail only; `torn_bytes` and
    `rejected_records` tell what it found there. Raises OSError when the flash does.
    """

    def __init__(
        self, device: "Device", folder: "Folder", device_id: bytes, max_segments: int
    ) -> None:
        self._folder = folder
        self._claims = Claims(device, folder)
        self._marks = marks.Marks(self._claims)
        self._places = places.Places(self._claims)
        self._record = self._places.record
        self._genesis = chain.genesis(device_id)
        self._max_segments = max_segments
        self._making: "Generator[None] | None" = None
        self.open()

    def open(self) -> None:
        """Read the state back from flash, as after a power cut."""
        from gatescan.core.journal.survey import Survey  # leaves the RAM after it (app/rare.py)

        self._stale = True  # until all is read: the next append opens again
        making, self._making = self._making, None
        if making is not None:
            making.close()
        self._droppable = 0  # segments that a host has whole, the newest not counted
        self._free_segments = 0  # that flash has room for, as last measured
        self._patience = 0
        self._claims.forget()
        self._marks.forget()
        self._places.forget()
        found = Survey(self._claims, self._places, self._marks, self._genesis)
        self.head = Head(found.seq, found.link)
        self._appendable = found.appendable  # the next record goes to the newest segment
        self.torn_bytes = found.torn_bytes
        self.rejected_records = found.rejected_records
        self._set_acked(min(max(self._marks.seq, self.first_seq - 1), self.head.seq))
        if not self.room:
            self._measure()
        self._stale = False

    @property
    def first_seq(self) -> int:
        """Seq of the oldest event still here; head.seq + 1 when there is none."""
        return self._places.firsts[0] if len(self._places) else self.head.seq + 1

    @property
    def room(self) -> int:
        """How many more events fit: blank space, what flash has free, what may be dropped."""
        spare = 1 if self._places.spare else 0
        allowed = max(self._max_segments - len(self._places) - spare, 0)
        room = (spare + self._droppable + min(allowed, self._free_segments)) * SEGMENT_RECORDS
        if self._appendable:
            room += SEGMENT_RECORDS - (self.head.seq + 1 - self._places.firsts[-1])
        return room

    def _measure(self) -> None:
        free = self._folder.free_blocks() - _SPARE_BLOCKS
        self._free_segments = max(free, 0) // places.BLOCKS

    def _set_acked(self, seq: int) -> None:
        self.acked_seq = seq
        count = 0
        while count < len(self._places) - 1 and self._places.end(count) - 1 <= seq:
            count += 1
        self._droppable = count

    def append(self, kind: int, **fields: "int | bytes") -> int:
        """Write one event to flash and return its seq; the fields are those of record.pack_into.

        Raises JournalFull or, for a field out of range, RecordError, and has then written
        nothing. Raises OSError when the flash does: whether that event was logged shows only when
        the next append has recovered, as after a power cut.
        """
        if self._stale:
            self.open()
        seq = self.head.seq + 1
        record.pack_into(self._record, seq, kind, **fields)  # type: ignore[arg-type]
        following = chain.link(self.head.link, self._record[:_BODY])
        self._record[_BODY:] = following
        try:
            self._write(seq)
        except OSError:
            self._stale = True
            raise
        self.head = Head(seq, following)
        return seq

    def _write(self, seq: int) -> None:
        at = self._places
        if self._appendable and seq - at.firsts[-1] < SEGMENT_RECORDS and at.append(seq):
            return
        self._provide_spare()
        while not at.begin(seq, self.head.link):
            self._provide_spare()
        self._appendable = True
        self._set_acked(self.acked_seq)

    def _provide_spare(self) -> None:
        """See to it that a blank segment is there; it mostly is. Raises JournalFull."""
        while not self._places.spare:
            if len(self._places) >= self._max_segments:
                self._drop_oldest()
            try:
                for _ in self._making or self._make_spare():
                    pass
            except OSError as error:
                if error.args[0] != _ENOSPC:
                    raise
                self._drop_oldest()
            finally:
                self._making = None

    def _make_spare(self) -> "Generator[None]":
        self._measure()
        if not self._free_segments:
            raise OSError(_ENOSPC)
        yield
        from gatescan.core.journal import making  # seldom needed (app/rare.py)

        yield from making.make(self._claims, places.PREFIX, places.BLOCKS)
        self._places.spare = self._claims.made
        self._free_segments -= 1

    def prepare(self) -> bool:
        """Make ahead what the next events need, one erase at a time; False: nothing to do now.

        For moments in which nobody waits: a step takes 45 to 100 ms on a Pico.
        """
        if self._patience or self._stale:
            self._patience = max(self._patience - 1, 0)
            return False
        try:
            if self._making is None:
                if self._marks.full:
                    self._making = self._marks.make()
                elif self._places.spare:
                    return False
                elif len(self._places) < self._max_segments:
                    self._making = self._make_spare()
                elif self._droppable:
                    self._drop_oldest()
                    return True
                else:
                    return False
            next(self._making)
        except StopIteration:
            self._making = None
        except (OSError, MemoryError) as fault:
            self._making = None
            if isinstance(fault, MemoryError) or not self.make_room():
                self._patience = _PATIENCE
        return True

    def _drop_oldest(self) -> None:
        if not self._droppable:
            raise JournalFull
        self._places.drop_oldest()
        self._droppable -= 1

    def make_room(self) -> bool:
        """Give the room of the oldest segment back, if a host has all of it; says whether."""
        try:
            if self._stale:
                self.open()
            self._drop_oldest()
        except (JournalFull, OSError):
            return False
        return True

    def acknowledge(self, seq: int, link: "bytes | None" = None) -> bool:
        """Note that a host has stored every event up to `seq`; False when that cannot be.

        With `link` it must be the link of that event, if it is still here. Only acknowledged
        segments are ever dropped, and only when their room is needed. Raises OSError when the
        flash cannot be read.
        """
        if self._stale:
            self.open()
        if not 0 <= seq <= self.head.seq:
            return False
        if link is not None:
            stored = bytearray(_RECORD)
            if self.read(seq, stored) and stored[_BODY:] != link:
                return False
        if seq > self.acked_seq:
            self._set_acked(seq)
            try:
                self._marks.set(seq)
            except OSError:
                pass  # flash so full that it takes no mark: this one holds until the next start
        return True

    def read(self, from_seq: int, buffer: "bytearray | memoryview") -> int:
        """Fill `buffer` with whole records from `from_seq` on; returns how many, 0 for none.

        0 also when the event was dropped after its acknowledgement: see `first_seq`. Raises
        OSError when the flash does.
        """
        if self._stale:
            self.open()
        view = memoryview(buffer)
        wanted = min(len(view) // _RECORD, self.head.seq + 1 - from_seq)
        return self._places.read(from_seq, view, wanted)
