"""Blocks claimed from littlefs and then programmed directly: a page program instead of a commit.

Appending to a littlefs file costs a commit and every few dozen times an erase, 50 to 80 ms on a
Pico; programming one page costs 0.7 ms. So files are made ahead, blank, through littlefs, and
what is logged later is programmed straight into their blocks. littlefs never notices:

* it keeps no checksum of file data, reads none of it but for a reader of the file, moves no data
  block and writes none of a file that is not opened for writing; its caches of file data live
  as long as the open file;
* a file of several blocks keeps pointers in the first bytes of each block (DESIGN.md of
  littlefs, "CTZ skip-lists": ctz(i) + 1 words in block i). Those bytes stay as they are;
* only bits of blank space go from 1 to 0. Nothing here erases: a file that is done with is
  removed through littlefs, and its blocks are erased by littlefs when it uses them again.

Which blocks a new file has is found by its random mark in each block; the file's name then says
it. A name is only believed where the block holds the mark and its own number, so files copied
from another flash, or back from a copy, are not taken for these. Before the first program into
a block the mark must be the same through littlefs and in the block, and what was programmed must
show up through littlefs: a block that belongs to something else by now takes no second one.
"""

from gatescan.core.compat import TYPE_CHECKING, const

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gatescan.core.journal.flash import Buffer, Device, Folder

HEAD_BYTES = const(64)  # of every block: pointers, mark, and 32 bytes for the file's use
USE_OFFSET = const(32)
USE_BYTES = const(32)

_BLOCK = const(4096)
_PAGE = const(256)
_MARK = const(12)  # behind the pointers, which are 3 words in the 5th block
_MARK_BYTES = const(16)  # magic 3, index of the block in the file 1, nonce 8, zero 2, number 2
MAGIC = b"gsj"
NEW = "new-"  # before the prefix: name of a file that is being made (making.py)
_COUNT_BLOCKS = const(4)  # ioctl, vfs.AbstractBlockDev
_ENOENT = const(2)
_EIO = const(5)


def name_of(prefix: str, blocks: "Sequence[int]") -> str:
    """The name of the file that has these blocks."""
    return prefix + "".join(["%04x" % block for block in blocks])


def pointer_bytes(index: int) -> int:
    """Bytes of littlefs at the beginning of a file's block `index`."""
    if not index:
        return 0
    words = 1
    while not index & 1:
        index >>= 1
        words += 1
    return 4 * words


def file_offset(index: int, offset: int) -> int:
    """Where byte `offset` of a file's block `index` stands in the file."""
    position = _BLOCK * index + offset
    for before in range(1, index + 1):
        position -= pointer_bytes(before)
    return position


class Claims:
    """Programs the blocks of `device` that files in `folder` have. making.py makes the files."""

    def __init__(self, device: "Device", folder: "Folder") -> None:
        self.folder = folder
        self.device = device
        self.page = bytearray(b"\xff" * _PAGE)
        self._proven: set[int] = set()  # blocks that took a program and showed it through littlefs
        self.made: "list[int]" = []  # the blocks of the file made last

    def forget(self) -> None:
        """Trust nothing that was seen earlier, as after a power cut."""
        self._proven.clear()

    def read(self, block: int, offset: int, buffer: "bytearray | memoryview") -> None:
        """Fill `buffer` from a block."""
        self.device.readblocks(block, buffer, offset)

    def is_ours(self, block: int, index: int) -> bool:
        """Whether `block` says that it is block `index` of a file made here."""
        if block >= (self.device.ioctl(_COUNT_BLOCKS, 0) or 0):
            return False
        mark = bytearray(_MARK_BYTES)
        self.read(block, _MARK, mark)
        return (
            mark[:3] == MAGIC
            and mark[3] == index
            and mark[14:] == block.to_bytes(2, "little")
        )

    def program(
        self, prefix: str, blocks: "Sequence[int]", index: int, offset: int, data: "Buffer"
    ) -> bool:
        """Program `data` at `offset` of block `index` of the file that has `blocks`.

        When True is returned it lies in flash. False: the block is not that file's, which has
        not changed then. Raises OSError when the flash did not take it, or was not blank there.
        """
        block = blocks[index]
        if block in self._proven:
            self.write(block, offset, data)
            return True
        name = name_of(prefix, blocks)
        if self.is_ours(block, index) and self.shows(name, block, index, _MARK, _MARK_BYTES):
            self.write(block, offset, data)
            if self.shows(name, block, index, offset, len(data)):
                self._proven.add(block)
                return True
        return False

    def write(self, block: int, offset: int, data: "Buffer") -> None:
        """Program `data` into a block that is known to be ours; OSError as in `program`."""
        size = len(data)
        page, blank, there = self.page, bytearray(size), bytearray(size)
        self.read(block, offset, blank)
        if blank != memoryview(page)[:size]:
            raise OSError(_EIO)
        done = 0
        while done < size:
            start = offset + done & _PAGE - 1
            count = min(size - done, _PAGE - start)
            page[start : start + count] = data[done : done + count]
            try:
                self.device.writeblocks(block, page, offset + done - start)
            finally:
                page[start : start + count] = blank[:count]
            done += count
        self.read(block, offset, there)
        if there != data:
            raise OSError(_EIO)

    def shows(self, name: str, block: int, index: int, offset: int, size: int) -> bool:
        """Whether littlefs reads in the file what lies in the block."""
        raw, read = bytearray(size), bytearray(size)
        self.read(block, offset, raw)
        try:
            self.folder.read(name, file_offset(index, offset), read)
        except OSError as error:
            if error.args[0] != _ENOENT:
                raise
            return False
        return raw == read

    def let_go(self, blocks: "Sequence[int]") -> None:
        """Nothing more will be programmed into these blocks."""
        for block in blocks:
            self._proven.discard(block)

    def remove(self, prefix: str, blocks: "Sequence[int]") -> None:
        """Give a file's blocks back."""
        self.let_go(blocks)
        self.folder.remove(name_of(prefix, blocks))
