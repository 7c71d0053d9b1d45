"""The staging area of an upload: one file, named by its SHA-256, resumed where it stopped.

The signed head travels first and is judged as soon as it is whole, so that bytes after it
are only taken for a table this scanner would accept, and only as many as were signed.
"""

from gatescan.app import storage
from gatescan.app.slot_record import read_head
from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.trust import bundle
from gatescan.core.trust.acceptance import REFUSED_MALFORMED, REFUSED_SIZE, Refusal

if TYPE_CHECKING:
    from typing import BinaryIO, Callable

    from gatescan.core.smp.router import Slices

    Judge = Callable[[bundle.BundleHead, int], Refusal | None]

_FLUSH_BYTES = const(8192)  # at most this much is sent twice after a power cut


class StagingError(Exception):
    """The upload is refused; args = (Refusal,)."""


class Staging:
    """Receives one signed table file.

    `judge(head, file_bytes)` says what speaks against it; `make_room()` gives up something
    that is no longer needed and says whether there was anything. `in_use_bytes()` has the table
    in use, whose room belongs to a file that is to stand alone (`announce`).
    """

    Refused = StagingError  # whoever keeps the class by its module's name has an old one

    def __init__(
        self,
        folder: str,
        judge: "Judge",
        make_room: "Callable[[], bool]",
        in_use_bytes: "Callable[[], int]",
    ) -> None:
        self._folder = folder
        self.path = folder + "/stage"
        self._info_path = folder + "/stage.info"
        self._judge = judge
        self._make_room = make_room
        self._in_use_bytes = in_use_bytes
        self._announced = b""  # SHA-256 of a file that is to stand alone
        self._file: BinaryIO | None = None
        self._unflushed = 0
        self._judged = False
        self.sha = b""
        self.alone = False  # the table in use goes as soon as the head is judged
        self.length = 0
        self.offset = 0
        self._restore()

    @property
    def complete(self) -> bool:
        """Whether every byte announced has arrived."""
        return self.length > 0 and self.offset == self.length

    def announce(self, sha: bytes) -> None:
        """The next file, if it has this SHA-256, may have the room of the table in use."""
        self._announced = sha

    def begin(self, sha: bytes, length: int) -> "Slices":
        """Announce a file; returns the offset to go on from. Raises StagingError.

        In slices, as is `write`: together it takes a board 400 ms.
        """
        if len(sha) != 32:
            raise _refused(REFUSED_MALFORMED, "The upload names no SHA-256 in its first packet.")
        alone = sha == self._announced
        if sha == self.sha and length == self.length and self.alone >= alone:
            self.close()
            return self.offset
        self.clear()
        yield
        more = self._in_use_bytes() if alone else 0
        room = more + (yield from self._room(length - more))
        yield
        if not 0 < length <= room:
            raise _refused(
                REFUSED_SIZE,
                "A table file of %d bytes does not fit, %d are free: fetch the log, leave items "
                "out, or replace the table in use with --single-slot."
                % (length, max(room, 0)),
            )
        storage.write_record(self._info_path, {"sha": sha, "len": length, "alone": alone})
        self.sha, self.length, self.alone = bytes(sha), length, alone
        yield
        return 0

    def write(self, offset: int, data: "bytes | memoryview") -> "Slices":
        """Append `data` if it continues the file; returns the offset that is wanted next.

        Raises StagingError when the head does not stand up, or more comes than announced.
        """
        if offset != self.offset or not self.length:
            return self.offset
        if offset + len(data) > self.length:
            self.clear()
            raise _refused(
                REFUSED_MALFORMED, "More bytes came than were announced: sync again."
            )
        if self._file is None:
            self._file = open(self.path, "ab")  # noqa: SIM115 - open between packets
        self._file.write(data)
        self.offset += len(data)
        self._unflushed += len(data)
        if self._unflushed >= _FLUSH_BYTES or self.complete or not self._judged:
            yield
            self.close()
        if not self._judged:
            yield
            self._look_at_head()
        return self.offset

    def clear(self) -> None:
        """Forget the upload and free its room."""
        self.close()
        storage.remove(self.path)
        self.close_account()
        self.moved()

    def _room(self, wanted: int) -> "Slices":
        """Free bytes for a file, after giving up what may be given up for `wanted` bytes."""
        while True:
            yield
            room = storage.free_bytes(self._folder) - storage.JOURNAL_BYTES
            if wanted <= room or not self._make_room():
                return room

    def close_account(self) -> None:
        """Forget in flash what was announced: the file becomes a table now, or nothing."""
        storage.remove(self._info_path)

    def moved(self) -> None:
        """Forget the upload whose file has become a table."""
        self.sha, self.length, self.offset, self._judged = b"", 0, 0, False
        self.alone = False

    def _restore(self) -> None:
        info = storage.read_record(self._info_path, {"sha": bytes, "len": int})
        have = storage.size(self.path)
        if info is None or have > info["len"]:
            self.clear()
            return
        self.sha, self.length, self.offset = bytes(info["sha"]), info["len"], max(have, 0)
        self.alone = info.get("alone") is True

    def _look_at_head(self) -> None:
        refusal = None
        try:
            head = read_head(self.path)
            if head is not None:
                refusal = self._judge(head, self.length)
                self._judged = refusal is None
            elif self.complete:
                refusal = Refusal(REFUSED_MALFORMED, "The table file is cut short: sync again.")
        except bundle.BundleError as error:
            refusal = Refusal(REFUSED_MALFORMED, str(error))
        if refusal is not None:
            self.clear()
            raise StagingError(refusal)

    def close(self) -> None:
        """Commit what has arrived: littlefs does it with closing, and then lets it be read."""
        if self._file is not None:
            self._file.close()
            self._file = None
        self._unflushed = 0


def _refused(code: int, sentence: str) -> StagingError:
    return StagingError(Refusal(code, sentence))
