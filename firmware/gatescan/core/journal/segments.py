"""The journal in files: append with a flush, read back, lose nothing that was acknowledged.

A segment is a file "<first seq>-<number of the segment>" (8 hex digits each): the 16-byte link
before its first event, then up to 510 records. It is appended to and dropped whole, never
changed. After a power cut:

* bytes of an incomplete record at the end stay where they are and are counted (`torn_bytes`);
* whole records at the end whose seq or link does not follow stay too, as evidence, and are
  counted (`rejected_records`); a damaged record before a good one is not a tail: the chain
  shows it to the host, and the events behind it are kept;
* the next event then opens a new segment, so damaged bytes are never written over; where two
  segments claim an event, the one made later has it.
"""

from collections import namedtuple

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.journal import chain, record

if TYPE_CHECKING:
    from gatescan.core.journal.filesystem import FileSystem

# With header and the pointers that littlefs keeps in a file, 6 flash blocks of 4096 bytes.
SEGMENT_RECORDS = const(510)

_RECORD = const(48)  # record.RECORD_BYTES
_BODY = const(32)  # record.BODY_BYTES
_HEADER = const(16)  # the link before the first record
_ACK_PREFIX = "ack-"  # name of an empty file that ends in the acknowledged seq, 8 hex


Head = namedtuple("Head", "seq link")
"""The last event: its seq, 0 before the first, and its 16-byte link, then that of the genesis."""


class JournalFull(Exception):
    """No room, and the oldest events are not acknowledged: answer "inspect by hand", sync."""


def _hex(text: str) -> int:
    """The value of 8 lower-case hex digits, -1 for anything else."""
    if len(text) != 8:
        return -1
    for letter in text:
        if letter not in "0123456789abcdef":
            return -1
    return int(text, 16)


def _parse_name(name: str) -> "tuple[int, int] | None":
    """(number, first seq) of a segment's file name, None for other files."""
    if name[8:9] != "-":
        return None
    first, number = _hex(name[:8]), _hex(name[9:])
    return (number, first) if first >= chain.FIRST_SEQ and number >= 0 else None


class Journal:
    """The events of one device in a bounded number of segments.

    Opening reads the last segment's tail only; `torn_bytes` and `rejected_records` tell what it
    found there. Raises OSError when the files do.
    """

    def __init__(self, fs: "FileSystem", device_id: bytes, max_segments: int) -> None:
        self._fs = fs
        self._genesis = chain.genesis(device_id)
        self._max_segments = max_segments
        self._record = bytearray(_RECORD)
        self._body = memoryview(self._record)[:_BODY]
        self._before = bytearray(_RECORD)
        self.open()

    def open(self) -> None:
        """Read the state back from the files, as after a power cut."""
        self._stale = True  # until all is read: the next append opens again
        self._segments: list[tuple[int, int]] = []  # (number, first seq), oldest first
        self._appendable = False  # the last segment ends cleanly: the next record goes there
        self.torn_bytes = 0
        self.rejected_records = 0
        self.head = Head(0, self._genesis)
        self.acked_seq = 0
        for name in self._fs.list():
            segment = _parse_name(name)
            if segment is not None:
                self._segments.append(segment)
            elif name.startswith(_ACK_PREFIX):
                self.acked_seq = max(self.acked_seq, _hex(name[len(_ACK_PREFIX) :]))
        self._segments.sort()
        self._drop_unborn()
        self._find_head()
        self.acked_seq = min(self.acked_seq, self.head.seq)
        self._stale = False

    def _name(self, position: int) -> str:
        number, first = self._segments[position]
        return "%08x-%08x" % (first, number)

    def _drop_unborn(self) -> None:
        """Remove last segments without one whole record: the cut came while they were made."""
        while self._segments:
            name = self._name(-1)
            size = self._fs.size(name)
            if size >= _HEADER + _RECORD:
                return
            self.torn_bytes += size
            self._fs.remove(name)
            self._segments.pop()

    def _find_head(self) -> None:
        """Set the head to the newest record that follows from the one before it."""
        newest = len(self._segments) - 1
        for position in range(newest, -1, -1):
            first = self._segments[position][1]
            name = self._name(position)
            size = self._fs.size(name)
            whole = min(max(size - _HEADER, 0) // _RECORD, SEGMENT_RECORDS)
            count = max(min(whole, self._end(position) - first), 0)
            index = count - 1
            while index >= 0 and not self._follows(name, first, index):
                index -= 1
            self.rejected_records += count - 1 - index
            if position == newest:
                extra_bytes = size - _HEADER - _RECORD * whole
                self.torn_bytes += extra_bytes
                self._appendable = not extra_bytes and index == count - 1
            if index >= 0:
                self.head = Head(first + index, bytes(self._record[_BODY:]))
                return

    def _follows(self, name: str, first: int, index: int) -> bool:
        """Whether record `index` has its seq and the link that the one before it demands.

        The link before stands right before the record: in the file's header or the last record.
        Leaves the record in `self._record`.
        """
        at = _HEADER + _RECORD * index
        before = memoryview(self._before)[:_HEADER]
        if self._fs.read(name, at - _HEADER, before) != _HEADER:
            return False
        if self._fs.read(name, at, self._record) != _RECORD:
            return False
        if record.unpack(self._record).seq != first + index:
            return False
        return chain.link(before, self._body) == bytes(self._record[_BODY:])

    def _end(self, position: int) -> int:
        """The seq at which segments made later take over from the one at `position`."""
        end = 1 << 32
        for later in range(position + 1, len(self._segments)):
            end = min(end, self._segments[later][1])
        return end

    @property
    def first_seq(self) -> int:
        """Seq of the oldest event still here; head.seq + 1 when there is none."""
        return self._segments[0][1] if self._segments else self.head.seq + 1

    @property
    def room(self) -> int:
        """How many more events fit, counting what is acknowledged and may be dropped."""
        free = self._max_segments - len(self._segments)
        for position in range(len(self._segments) - 1):
            if self._end(position) - 1 > self.acked_seq:
                break
            free += 1
        room = max(free, 0) * SEGMENT_RECORDS
        if self._appendable:
            room += SEGMENT_RECORDS - (self.head.seq + 1 - self._segments[-1][1])
        return room

    def append(self, kind: int, **fields: "int | bytes") -> int:
        """Write one event, flushed, and return its seq; the fields are those of record.pack_into.

        Raises JournalFull or, for a field out of range, RecordError, and has then written
        nothing. Raises OSError when the files do: whether that event was logged shows only when
        the next append has recovered, as after a power cut.
        """
        if self._stale:
            self.open()
        seq = self.head.seq + 1
        record.pack_into(self._record, seq, kind, **fields)  # type: ignore[arg-type]
        following = chain.link(self.head.link, self._body)
        self._record[_BODY:] = following
        try:
            self._write(seq)
        except OSError:
            self._stale = True
            raise
        self.head = Head(seq, following)
        return seq

    def _write(self, seq: int) -> None:
        if self._appendable and seq - self._segments[-1][1] < SEGMENT_RECORDS:
            self._fs.append(self._name(-1), self._record)
            return
        while len(self._segments) >= self._max_segments:
            self._drop_oldest()
        number = self._segments[-1][0] + 1 if self._segments else 0
        self._segments.append((number, seq))
        # header and record in one write: no segment is left with only its header
        self._fs.append(self._name(-1), self.head.link + self._record)
        self._appendable = True

    def _drop_oldest(self) -> None:
        if len(self._segments) < 2 or self._end(0) - 1 > self.acked_seq:
            raise JournalFull
        self._fs.remove(self._name(0))
        self._segments.pop(0)

    def make_room(self) -> bool:
        """Give the room of the oldest segment back, if a host has all of it; says whether."""
        if self._stale:
            self.open()
        try:
            self._drop_oldest()
        except JournalFull:
            return False
        return True

    def acknowledge(self, seq: int, link: "bytes | None" = None) -> bool:
        """Note that a host has stored every event up to `seq`; False when that cannot be.

        With `link` it must be the link of that event, if it is still here. Only acknowledged
        segments are ever dropped, and only when their room is needed.
        """
        if not 0 <= seq <= self.head.seq:
            return False
        if link is not None and self._link_of(seq) not in (None, link):
            return False
        if seq <= self.acked_seq:
            return True
        self._fs.append("%s%08x" % (_ACK_PREFIX, seq), b"")
        for name in list(self._fs.list()):
            if name.startswith(_ACK_PREFIX) and _hex(name[len(_ACK_PREFIX) :]) < seq:
                self._fs.remove(name)
        self.acked_seq = seq
        return True

    def _link_of(self, seq: int) -> "bytes | None":
        """The stored link of event `seq`, None when it is not here."""
        if self.read(seq, self._before) != 1:
            return None
        return bytes(self._before[_BODY:])

    def read(self, from_seq: int, buffer: "bytearray | memoryview") -> int:
        """Fill `buffer` with whole records from `from_seq` on; returns how many, 0 for none.

        0 also when the event was dropped after its acknowledgement: see `first_seq`. Raises
        OSError when the files do.
        """
        view = memoryview(buffer)
        wanted = min(len(view) // _RECORD, self.head.seq + 1 - from_seq)
        done = 0
        for position in range(len(self._segments) - 1, -1, -1):
            first = self._segments[position][1]
            if first <= from_seq:
                break
        else:
            return 0
        while done < wanted and position < len(self._segments):
            seq = from_seq + done
            first = self._segments[position][1]
            count = min(wanted - done, self._end(position) - seq)
            if first <= seq and count > 0:
                part = view[_RECORD * done : _RECORD * (done + count)]
                at = _HEADER + _RECORD * (seq - first)
                done += self._fs.read(self._name(position), at, part) // _RECORD
                if done < wanted and seq + count != from_seq + done:
                    break  # damaged: fewer records than the next segment's name promises
            position += 1
        return done
