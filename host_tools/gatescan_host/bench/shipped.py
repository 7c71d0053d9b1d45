"""How large a whole table with the measured items is, as a scanner gets it."""

import tempfile
from pathlib import Path

from gatescan.core.table import format as fmt
from gatescan.core.table.reader import Table
from gatescan_host.site.example import example_text
from gatescan_host.site.load import load_site
from gatescan_host.table.build import build_table
from gatescan_host.table.read import open_bytes

_CREATED_UTC = 1_767_225_600  # 2026-01-01: the length must not hang on the day
_SALT = bytes(16)


def tables_bytes(table: Table) -> int:
    """Length of ready-made decode tables in the file: none, the reader builds them at opening."""
    return 0


def full_bytes(table: Table) -> int:
    """Length of the example site's table with the items of an items-only `table` as its own.

    Reckoned by sections, because a site's list refuses numbers that name no product for sale,
    and a benchmark's list may hold them.
    """
    with tempfile.TemporaryDirectory(prefix="gatescan-bench-") as folder:
        site = Path(folder) / "site.yaml"
        site.write_text(example_text(), encoding="utf-8")
        built = build_table(load_site(site), seq=1, created_utc=_CREATED_UTC, salt=_SALT)
    example = open_bytes(built.data)
    kinds = {section.kind for section in table.sections} - {fmt.K_CLASSES}
    return len(built.data) - _length(example, kinds) + _length(table, kinds)


def _length(table: Table, kinds: set[int]) -> int:
    return sum(section.length for section in table.sections if section.kind in kinds)
