"""`table build --parent`: the parent's code and class numbers are kept, and a delta is made."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import demo_site
from gatescan.core.table.merge import merge
from gatescan.core.table.overlay import make_overlay
from gatescan.core.table.reader import Table
from gatescan.core.tags import gtin
from gatescan.core.trust import bundle as signed_file
from gatescan_host.cli.table import app
from gatescan_host.errors import Exit, GatescanError
from gatescan_host.signing import bundle, keys
from gatescan_host.site.errors import SiteError
from gatescan_host.site.example import example_text
from gatescan_host.table.read import open_bytes, reader_of
from gatescan_host.table.signed import SignedTable, build_signed

_KINDS = ("battery", "mains", "high_value", "copy", "bulky")
_CATEGORIES = ("radio", "general", "tv")


class Site:
    """A site file with a list of items; every build follows the one before when told to."""

    def __init__(self, folder: Path, key: Path) -> None:
        self._folder, self._key = folder, key
        self.text = example_text().replace("files: []", "files: [items.csv]", 1)

    def build(self, rows: list[str], parent: bytes | None = None) -> SignedTable:
        """The signed table of these rows of gtin,category,attributes."""
        path = self._folder / "site.yaml"
        path.write_text(self.text, "utf-8")
        (self._folder / "items.csv").write_text(
            "\n".join(["gtin,category,attributes", *rows]), "utf-8"
        )
        return build_signed(path, self._key, parent=parent, now_utc=1_790_000_000)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path, demo_site.key_folder("parent"))


def row(number: int, category: str = "general", attributes: str = "") -> str:
    body = b"952%09d" % number
    return f"{body.decode()}{gtin.check_digit(body, 0, 12)},{category},{attributes}"


def combined(number: int) -> str:
    """A row with one of many combinations of category and attributes."""
    chosen = " ".join(kind for n, kind in enumerate(_KINDS) if number % 31 + 1 >> n & 1)
    return row(number, _CATEGORIES[number // 31], chosen)


def content(file: bytes) -> bytes:
    return file[bundle.parse(file).head_bytes :]


def classes(table: Table) -> list[tuple[int, int]]:
    found = [table.class_of(n) for n in range(64)]
    return [spec for spec in found if spec != (0, 0)]


def proven(old: bytes, new: SignedTable) -> tuple[bytes, set[int]]:
    """The merged table that a scanner makes, and the kinds of the sections that were replaced."""
    head = signed_file.parse_head(new.delta)
    assert head is not None and head == bundle.parse(new.data)
    m, delta = head.manifest, new.delta[head.head_bytes :]
    parent, made, merged = content(old), bytearray(), bytearray()
    assert (len(delta), demo_site.sha(delta)) == (m.delta_bytes, m.delta_sha256)
    assert m.parent_sha256 == demo_site.sha(parent)
    for _ in make_overlay(open_bytes(parent), (reader_of(delta), len(delta)), made.extend):
        pass
    assert (len(made), demo_site.sha(bytes(made))) == (m.overlay_bytes, m.overlay_sha256)
    both = Table(reader_of(parent), len(parent), False, (reader_of(bytes(made)), len(made)))
    for _ in merge(both, merged.extend):
        pass
    assert both.meta["seq"] == new.seq and both.files.overlay is not None
    return bytes(merged), {section.kind for section in both.files.overlay.sections}


def test_a_scanner_that_merges_has_the_very_table(site: Site):
    old = site.build([row(n) for n in range(300)])
    new = site.build([row(n, "radio" if n % 50 == 0 else "general") for n in range(5, 310)],
                     old.data)
    merged, replaced = proven(old.data, new)
    assert merged == content(new.data)
    assert replaced == {1, 3, 4, 19}  # meta, items and their index, the table's head
    stats = new.stats
    assert stats["changes"] == 5 + 10 + 5  # gone, new, another class
    assert stats["ops_bytes"] < stats["delta_bytes"] < 1000
    assert stats["overlay_bytes"] < 1000
    assert not any("no delta" in remark for remark in new.remarks)


def test_only_what_changed_travels(site: Site):
    """One more seal: the tags, but neither texts nor inmates; their salt stays."""
    old = site.build([row(1)])
    site.text = site.text.replace("seals: [EX-000001", "seals: [EX-000009, EX-000001", 1)
    merged, replaced = proven(old.data, new := site.build([row(1)], old.data))
    assert merged == content(new.data)
    assert replaced == {1, 3, 4, 5, 6, 19}


def test_classes_keep_their_numbers_and_new_ones_follow(site: Site):
    old = site.build([row(1, "tv", "mains"), row(2, "general")])
    before = classes(open_bytes(content(old.data)))
    new = site.build([row(2, "general"), row(3, "radio", "battery high_value")], old.data)
    after = classes(open_bytes(content(new.data)))
    assert after[: len(before)] == before and len(after) == len(before) + 1
    assert proven(old.data, new)[0] == content(new.data)


def test_too_many_classes_together_with_the_parents(site: Site):
    old = site.build([combined(n) for n in range(20)])
    with pytest.raises(SiteError, match="build without --parent"):
        site.build([combined(n) for n in range(20, 40)], old.data)
    site.build([combined(n) for n in range(20, 40)])
    with pytest.raises(SiteError, match="use fewer"):
        site.build([combined(n) for n in range(60)], old.data)


def test_no_delta_where_it_would_not_pay(site: Site, rng):
    old = site.build([row(1)])
    new = site.build([row(n) for n in rng.sample(range(10**9), 6000)], old.data)
    assert new.delta == b"" and new.stats["delta_bytes"] is None
    assert bundle.parse(new.data).manifest.delta_bytes == 0
    assert bundle.parse(new.data).manifest.parent_sha256 == demo_site.sha(content(old.data))
    assert any("There is no delta, send the whole table: it would take" in r for r in new.remarks)
    assert any("Building without --parent would save" in r for r in new.remarks)
    assert new.stats["rebase_saves_percent"] > 3


def test_parents_that_are_none(site: Site, tmp_path: Path):
    old = site.build([row(1)])
    new = site.build([row(1), row(2)], old.data)
    for wrong, words in (
        (demo_site.signed().data, "it belongs to site vestre and the site file to"),
        (old.data[:-1], "does not have its signed length"),
        (old.data[:-40] + bytes(40), "not the one that was signed"),
        (b"site_id: x", "not a signed table file"),
        (new.delta, "use the .gst file beside it"),
    ):
        used = keys.status(demo_site.key_folder("parent")).used
        with pytest.raises(GatescanError, match=words) as caught:
            site.build([row(1)], wrong)
        assert str(caught.value).startswith("The parent cannot be followed")
        assert caught.value.exit_code == Exit.TABLE_REJECTED
        assert keys.status(demo_site.key_folder("parent")).used == used


def test_the_command(tmp_path: Path, site: Site):
    site.build([row(1)])  # writes the files
    run = CliRunner().invoke
    yaml, key = str(tmp_path / "site.yaml"), str(demo_site.key_folder("parent"))
    old, new = tmp_path / "old.gst", tmp_path / "new.gst"
    assert run(app, ["build", yaml, "--key", key, "-o", str(old)]).exit_code == 0
    assert not old.with_suffix(".gsd").exists()
    told = run(app, ["build", yaml, "--key", key, "-o", str(new), "--parent", str(old), "--json"])
    stats = json.loads(told.stdout)
    delta = new.with_suffix(".gsd")
    assert stats["delta_file"] == str(delta)
    head = bundle.parse(new.read_bytes())
    assert delta.stat().st_size == head.head_bytes + stats["delta_bytes"]
    assert (stats["changes"], stats["ops_bytes"], stats["rebase_saves_percent"]) == (0, 6, 0)
    # a table without a parent in the same place: the delta of the one before is not left there
    assert run(app, ["build", yaml, "--key", key, "-o", str(new)]).exit_code == 0
    assert not delta.exists()
    wrong = run(app, ["build", yaml, "--key", key, "-o", str(delta)])
    assert isinstance(wrong.exception, GatescanError)
