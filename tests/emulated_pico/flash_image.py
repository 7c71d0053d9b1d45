"""The file system of the stock image as bytes: littlefs, 352 blocks of 4096 bytes."""

from collections.abc import Mapping

from littlefs import LittleFS

BLOCK_BYTES = 4096
BLOCKS = 352
REGION_BYTES = BLOCK_BYTES * BLOCKS
# Where it lies in the Pico's 2 MiB of flash: MicroPython's RPI_PICO keeps the last 1408 KiB.
REGION_AT = 2 * 1024 * 1024 - REGION_BYTES
_PAGE_BYTES = 256
_DISK_VERSION = 0x00020000  # what every littlefs 2 driver reads


def build(files: Mapping[str, bytes]) -> bytes:
    """An image of REGION_BYTES with `files` (path without leading slash -> content)."""
    fs = LittleFS(
        block_size=BLOCK_BYTES,
        block_count=BLOCKS,
        prog_size=_PAGE_BYTES,
        read_size=32,  # as MicroPython's rp2 port mounts it
        disk_version=_DISK_VERSION,
    )
    for path in sorted(files):
        folder = path.rpartition("/")[0]
        if folder:
            fs.makedirs(folder, exist_ok=True)
        with fs.open(path, "wb") as f:
            f.write(files[path])
    return bytes(fs.context.buffer)


def add(image: bytes, files: Mapping[str, bytes]) -> bytes:
    """The image with `files` added or replaced; all others keep their places in flash.

    So it must be done where a journal is: its file names say in which blocks it lies.
    """
    fs = _mounted(image)
    for path in sorted(files):
        fs.makedirs(path.rpartition("/")[0], exist_ok=True)
        with fs.open(path, "wb") as f:
            f.write(files[path])
    return bytes(fs.context.buffer)


def read(image: bytes) -> dict[str, bytes]:
    """All files of an image, path -> content. Raises littlefs.LittleFSError if none is there."""
    fs = _mounted(image)
    files = {}
    for folder, _, names in fs.walk("/"):
        for name in names:
            path = f"{folder.rstrip('/')}/{name}".lstrip("/")
            with fs.open(path, "rb") as f:
                files[path] = f.read()
    return files


def used_blocks(image: bytes) -> int:
    """How many of its BLOCKS an image has in use."""
    return int(_mounted(image).used_block_count)


def _mounted(image: bytes) -> LittleFS:
    fs = LittleFS(
        block_size=BLOCK_BYTES, block_count=BLOCKS, prog_size=_PAGE_BYTES, mount=False
    )
    fs.context.buffer[:] = image
    fs.mount()
    return fs
