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
_MILLION_BYTES = 1_300_000  # one table of a million items, alone in the flash


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
    files = {"demonstration": flash_files(stuff.small), "100,000 items": flash_files(stuff.big)}
    files["1,300,000 bytes"] = files["demonstration"] | {"table-a.gst": bytes(_MILLION_BYTES)}
    for name, held in files.items():
        blocks = used(held) - empty
        left = flash_image.BLOCKS - with_code - blocks - SPARE_BLOCKS - _MARKS
        segments = min(MAX_SEGMENTS, left // BLOCKS)
        if segments < 1:
            print(f"| keys, settings and one table, {name} | {blocks} | {BLOCKS - left} blocks "
                  f"too few for a segment of {BLOCKS} blocks |")
            continue
        print(f"| keys, settings and one table, {name} | {blocks} | then room for "
              f"{segments * SEGMENT_RECORDS:,} events in {segments} segments of {BLOCKS} blocks |")


if __name__ == "__main__":
    main()
