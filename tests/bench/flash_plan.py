"""Who has the Pico's flash: python tests/bench/flash_plan.py. Prints the README's table.

Counted by littlefs itself, in an image built with the files that a scanner holds.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / name) for name in ("firmware", "host_tools", "tests", "tests/bench")]

from pico_material import flash_files, material  # noqa: E402 - needs the folders above

from emulated_pico import flash_image  # noqa: E402
from emulated_pico.build import firmware_files  # noqa: E402
from gatescan.app.scanner import _MAX_SEGMENTS as MAX_SEGMENTS  # noqa: E402
from gatescan.core.journal.places import BLOCKS, SEGMENT_RECORDS  # noqa: E402
from gatescan.core.journal.segments import _SPARE_BLOCKS as SPARE_BLOCKS  # noqa: E402

_MARKS = 1  # a block for the journal's acknowledgements


def used(files: Mapping[str, bytes]) -> int:
    """Blocks that a file system with these files has in use."""
    return flash_image.used_blocks(flash_image.build(files))


def main() -> None:
    """Print the table."""
    code, stuff = firmware_files(), material()
    empty, with_code = used({}), used(code)
    print("| what | blocks of 4 kB | |\n|---|---|---|")
    print(f"| all | {flash_image.BLOCKS} | 1,408 kB, what the stock image leaves for files |")
    size = sum(len(data) for data in code.values())
    print(f"| code | {with_code - empty} | {len(code)} files, {size // 1000} kB of content |")
    print(f"| littlefs's own | {empty} | |")
    overhead = with_code + SPARE_BLOCKS + _MARKS
    held = flash_files(stuff.small)
    for name, files in (("demonstration", held), ("100,000 items", flash_files(stuff.big))):
        blocks = used(files) - empty
        segments = min(MAX_SEGMENTS, (flash_image.BLOCKS - overhead - blocks) // BLOCKS)
        print(f"| keys, settings and one table, {name} | {blocks} | then room for "
              f"{segments * SEGMENT_RECORDS:,} events in {segments} segments of {BLOCKS} blocks |")
    room = flash_image.BLOCKS - overhead - BLOCKS  # one segment is left
    size = 0
    while used(held | {"table-a.gst": bytes(size + flash_image.BLOCK_BYTES)}) - empty <= room:
        size += flash_image.BLOCK_BYTES
    print(f"| the largest table, alone | {room} | {size // 1000:,} kB with one segment: a million "
          f"items of {size / 1e6:.2f} bytes |")


if __name__ == "__main__":
    main()
