"""Makes files whose blocks are then programmed directly (claim.py), step by step.

Loaded while nobody scans, when a blank file is wanted.
"""

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.journal import claim

if TYPE_CHECKING:
    from collections.abc import Generator

    from gatescan.core.journal.claim import Claims
    from gatescan.core.journal.flash import NewFile

_BLOCK = const(4096)
_PAGE = const(256)
_MARK = const(12)  # as in claim.py
_MARK_BYTES = const(16)
_UNNUMBERED = b"\xff\xff"
_COUNT_BLOCKS = const(4)  # ioctl, vfs.AbstractBlockDev
_EIO = const(5)


def make(claims: "Claims", prefix: str, count: int) -> "Generator[None]":
    """Make a file of `count` blocks, one erase or commit at a step.

    At the end `claims.made` has its blocks. Raises OSError, 28 for a full flash. A cut in between
    leaves nothing, or a file that is removed at the next start.
    """
    name = claim.NEW + prefix
    try:
        yield from _make(claims, name, prefix, count)
    except (OSError, MemoryError):
        try:
            claims.folder.remove(name)
        except OSError:
            pass  # it was not there yet, or nothing works any more
        raise


def _make(claims: "Claims", name: str, prefix: str, count: int) -> "Generator[None]":
    nonce = claims.folder.nonce()
    file = claims.folder.create(name)
    try:
        for index in range(count):
            _fill(claims, file, index, nonce)
            yield
    finally:
        file.close()
    yield
    blocks = _find(claims, nonce, count)
    for index in range(count):
        block = blocks[index]
        claims.write(block, _MARK + 14, block.to_bytes(2, "little"))
        if not claims.shows(name, block, index, _MARK, _MARK_BYTES):
            raise OSError(_EIO)
    yield
    claims.folder.rename(name, claim.name_of(prefix, blocks))
    claims.made = blocks


def _fill(claims: "Claims", file: "NewFile", index: int, nonce: bytes) -> None:
    head = bytearray(claims.page)
    head[_MARK : _MARK + 14] = claim.MAGIC + bytes((index,)) + nonce + bytes(2)
    file.write(memoryview(head)[claim.pointer_bytes(index) :])
    for _ in range(_BLOCK // _PAGE - 1):
        file.write(claims.page)


def _find(claims: "Claims", nonce: bytes, count: int) -> "list[int]":
    """The blocks that carry the mark with `nonce` and have no number yet, in order."""
    found = [-1] * count
    mark = bytearray(_MARK_BYTES)
    for block in range(claims.device.ioctl(_COUNT_BLOCKS, 0) or 0):
        claims.read(block, _MARK, mark)
        if mark[4:12] == nonce and mark[14:] == _UNNUMBERED and mark[3] < count:
            found[mark[3]] = block
    if -1 in found:
        raise OSError(_EIO)
    return found
