"""The board's flash as a file: littlefs on it survives whatever happens to the process."""

import os

import vfs

_BLOCK_BYTES = 4096
_ERASED = b"\xff" * _BLOCK_BYTES  # made once: a board needs no RAM to erase
_BLOCKS = 352  # what the RPI_PICO image leaves for files: 1408 KiB
# The page that a torn write can take with it: littlefs must not share it between commits.
_PROGRAM_BYTES = 256
_MOUNT = "/flash"
_BLOCK_COUNT, _BLOCK_SIZE, _ERASE = 4, 5, 6  # operations of ioctl


device = None  # the FileFlash that is mounted


class FileFlash:
    """NOR flash over an ordinary file, as a block device (vfs.AbstractBlockDev, extended).

    Without an erase a write only turns ones into zeros.
    """

    def __init__(self, path: str) -> None:
        try:
            self._file = open(path, "r+b")  # noqa: SIM115 - open as long as the board has power
        except OSError:
            self._file = open(path, "w+b")  # noqa: SIM115
            blank = b"\xff" * _BLOCK_BYTES
            for _ in range(_BLOCKS):
                self._file.write(blank)
        self.cut_in = 0  # the power goes in the middle of so manieth write; 0: it stays

    def readblocks(self, block: int, buf: bytearray, offset: int = 0) -> None:
        """Fill `buf` from `offset` of `block`."""
        self._file.seek(block * _BLOCK_BYTES + offset)
        self._file.readinto(buf)

    def writeblocks(self, block: int, buf: bytes, offset: "int | None" = None) -> None:
        """Program `buf` at `offset` of `block`; without an offset the blocks are erased first."""
        if offset is None:
            for number in range(len(buf) // _BLOCK_BYTES):
                self.ioctl(_ERASE, block + number)
            offset = 0
        if self.cut_in:
            self.cut_in -= 1
            if not self.cut_in:
                self._program(block, memoryview(buf)[: len(buf) // 2], offset)
                # The shell's parent is this process: no clean-up, as without power.
                os.system("kill -KILL $PPID")  # noqa: S605, S607 - fixed text
        self._program(block, buf, offset)

    def _program(self, block: int, data: "bytes | memoryview", offset: int) -> None:
        there = bytearray(len(data))
        self.readblocks(block, there, offset)
        bits = int.from_bytes(there, "big") & int.from_bytes(data, "big")
        self._file.seek(block * _BLOCK_BYTES + offset)
        self._file.write(bits.to_bytes(len(data), "big"))

    def ioctl(self, operation: int, argument: int) -> int:
        """Answer block count and block size, erase the block `argument`."""
        if operation == _BLOCK_COUNT:
            return _BLOCKS
        if operation == _BLOCK_SIZE:
            return _BLOCK_BYTES
        if operation == _ERASE:
            self._file.seek(argument * _BLOCK_BYTES)
            self._file.write(_ERASED)
        return 0


def mount(path: str) -> str:
    """Mount the flash kept in the file `path`, formatting it when blank; returns the folder."""
    global device
    device = FileFlash(path)
    try:
        system = vfs.VfsLfs2(device, progsize=_PROGRAM_BYTES)
    except OSError:
        vfs.VfsLfs2.mkfs(device, progsize=_PROGRAM_BYTES)
        system = vfs.VfsLfs2(device, progsize=_PROGRAM_BYTES)
    vfs.mount(system, _MOUNT)
    os.chdir(_MOUNT)
    return _MOUNT
