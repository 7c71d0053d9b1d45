"""The length of a whole table, as reckoned from its sections and as built."""

from pathlib import Path

from gatescan.core.tags import gtin
from gatescan.core.tags.scheme import S_GTIN
from gatescan_host.bench import shipped
from gatescan_host.bench.generate import generate
from gatescan_host.bench.items import csv_text
from gatescan_host.site.example import example_text
from gatescan_host.site.load import load_site
from gatescan_host.table.build import build_table
from gatescan_host.table.built import build_items
from gatescan_host.table.read import open_bytes

_PAGE = 512
_OWN = 2  # items that the example lists itself


def test_the_reckoned_length_is_that_of_a_built_table(tmp_path: Path):
    pairs = [
        (key, category) for key, category in generate(3000, 5).pairs
        if gtin.scheme_of(b"%014d" % (key * 10)) == S_GTIN and category != "unknown"
    ]  # fmt: skip
    (tmp_path / "items.csv").write_text(csv_text(pairs), encoding="utf-8")
    site = tmp_path / "site.yaml"
    text = example_text()
    assert "files: []" in text
    site.write_text(text.replace("files: []", "files: [items.csv]"), encoding="utf-8")
    built = build_table(load_site(site), seq=1, created_utc=1_767_225_600, salt=bytes(16))
    assert built.stats["keys"] == len(pairs) + _OWN
    reckoned = shipped.full_bytes(open_bytes(build_items(pairs).data, items_only=True))
    assert abs(reckoned - len(built.data)) <= _PAGE
