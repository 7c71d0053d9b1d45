"""The staging area of an upload: one file, named by its SHA-256, resumed where it stopped.

The signed head travels first and is judged as soon as it is whole, so that bytes after it
are only taken for a table this scanner would accept, and only as many as were signed.
"""

from gatescan.app import storage
from gatescan.app.slots import read_head
from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.trust import bundle
from gatescan.core.trust.acceptance import REFUSED_MALFORMED, REFUSED_SIZE, Refusal

if TYPE_CHECKING:
    from typing import BinaryIO, Callable

    from gatescan.core.smp.router import Slices

    Judge = Callable[[bundle.BundleHead, int], Refusal | None]

_FLUSH_BYTES = const(8192)  # at most this much is sent twice after a power cut
_RESERVE_BYTES = const(65536)  # room that an upload leaves for the journal


class StagingError(Exception):
    """The upload is refused; args = (Refusal,)."""


class Staging:
    """Receives one signed table file.

    `judge(head, file_bytes)` says what speaks against it; `make_room()` gives up something
    that is no longer needed and says whether there was anything.
    """

    def __init__(self, folder: str, judge: "Judge", make_room: "Callable[[], bool]") -> None:
        self._folder = folder
        self.path = folder + "/stage"
        self._info_path = folder + "/stage.info"
        self._judge = judge
        self._make_room = make_room
        self._file: BinaryIO | None = None
        self._unflushed = 0
        self._judged = False
        self.sha = b""
        self.length = 0
        self.offset = 0
        self._restore()

    @property
    def complete(self) -> bool:
        """Whether every byte announced has arrived."""
        return self.length > 0 and self.offset == self.length

    def begin(self, sha: bytes, length: int) -> "Slices":
        """Announce a file; returns the offset to go on from. Raises StagingError.

        In slices, as is `write`: together it takes a board 400 ms.
        """
        if len(sha) != 32:
            raise _refused(REFUSED_MALFORMED, "The upload names no SHA-256 in its first packet.")
        if sha == self.sha and length == self.length:
            self.close()
            return self.offset
        self.clear()
        yield
        room = yield from self._room(length)
        yield
        if not 0 < length <= room:
            raise _refused(
                REFUSED_SIZE,
                "A table file of %d bytes does not fit, %d are free: fetch the log, "
                "or leave items out."
                % (length, max(room, 0)),
            )
        storage.write_record(self._info_path, {"sha": sha, "len": length})
        self.sha, self.length = bytes(sha), length
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
            room = storage.free_bytes(self._folder) - _RESERVE_BYTES
            if wanted <= room or not self._make_room():
                return room

    def close_account(self) -> None:
        """Forget in flash what was announced: the file becomes a table now, or nothing."""
        storage.remove(self._info_path)

    def moved(self) -> None:
        """Forget the upload whose file has become a table."""
        self.sha, self.length, self.offset, self._judged = b"", 0, 0, False

    def _restore(self) -> None:
        info = storage.read_record(self._info_path, {"sha": bytes, "len": int})
        have = storage.size(self.path)
        if info is None or have > info["len"]:
            self.clear()
            return
        self.sha, self.length, self.offset = bytes(info["sha"]), info["len"], max(have, 0)

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
