"""The table of the rigs: the demonstration's site, with a visit card that is a barcode.

A rig without RFID reader can open a visit too, and of an inmate whose lists are known.
"""

import json
from functools import cache
from pathlib import Path

import demo_site
from gatescan_host.signing import keys
from gatescan_host.simulator.demo_table import site_file
from gatescan_host.table.signed import SignedTable, build_signed

PAPER_CARD = "VF-CARD-5D20"
SITE_ID = "vestre"
_INMATE = f"""  - id: inmate-5d20
    card: text:{PAPER_CARD}
    regime: sentenced
    restricted: []
    decisions11: []
    permissions: []
"""


@cache
def bench_site() -> Path:
    """The site file, in this run's own folder."""
    text = site_file().read_text(encoding="utf-8")
    products = json.dumps(str(site_file().parent / "products.csv"))
    for old, new in (("[products.csv]", f"[{products}]"), ("inmates:\n", "inmates:\n" + _INMATE)):
        assert text.count(old) == 1, f"the demonstration's site file has changed: {old!r}"
        text = text.replace(old, new)
    path = demo_site.workshop() / "bench.yaml"
    path.write_text(text, encoding="utf-8")
    return path


class Workshop:
    """Signs tables for the scanners of a run; each build has a higher number than the last."""

    def __init__(self, key_folder: Path) -> None:
        self.key_folder = key_folder
        self._built: list[SignedTable] = []

    @property
    def public_key(self) -> bytes:
        """What the scanners must hold."""
        return keys.public(self.key_folder)

    def table(self) -> SignedTable:
        """The table that scanners are equipped with."""
        return self._built[0] if self._built else self.next_table()

    def next_table(self) -> SignedTable:
        """One more, with a higher number than all before."""
        self._built.append(build_signed(bench_site(), self.key_folder))
        return self._built[-1]
