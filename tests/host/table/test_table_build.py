"""From a site file to a table and back through core's reader: everything said is found again."""

import hashlib
import random
from pathlib import Path

import pytest

from gatescan.core import codes
from gatescan.core.law import facts, names
from gatescan.core.table import format as fmt
from gatescan.core.table.format import CORRUPT, MISS, TableError
from gatescan.core.tags import barcode, em4100
from gatescan.core.trust import bundle, manifest
from gatescan_host.errors import Exit, GatescanError
from gatescan_host.rules import codes as law
from gatescan_host.rules.compiler import compile_order
from gatescan_host.site.errors import SiteError
from gatescan_host.site.example import example_text
from gatescan_host.site.items import ItemList
from gatescan_host.site.load import load_site
from gatescan_host.table import commands, info
from gatescan_host.table.build import build_table
from gatescan_host.table.encode import inmate_id
from gatescan_host.table.read import open_bytes, open_table

DEMO = Path(__file__).resolve().parents[3] / "host_tools/gatescan_host/site/demo/vestre.yaml"
SALT = bytes(range(16))


def build(path: Path = DEMO, **kwargs):
    options = {"seq": 5, "created_utc": 1_700_000_000, "salt": SALT}
    return build_table(load_site(path), **{**options, **kwargs})


def example(folder: Path, old: str = "", new: str = "") -> Path:
    assert old in example_text()
    path = folder / "site.yaml"
    path.write_text(example_text().replace(old, new, 1) if old else example_text(), "utf-8")
    return path


def text(serial: str) -> bytes:
    return barcode.parse(serial.encode()).key


def sheet(name: str) -> bytes:
    return text(commands.text_of(SALT, name))


@pytest.fixture(scope="module")
def demo():
    return open_bytes(build().data)


def test_deterministic():
    assert build().data == build().data
    assert build().data != build(salt=bytes(16)).data
    assert build().data != build(seq=6).data


def test_site_data(demo):
    assert demo.meta["site"] == "Vestre Fængsel"
    assert demo.meta["site_id"] == "vestre"
    assert demo.meta["order_id"] == "dk-2009"
    assert (demo.meta["seq"], demo.meta["created_utc"]) == (5, 1_700_000_000)
    assert demo.meta["institution"] == codes.I_COPENHAGEN_PRISONS
    assert (demo.meta["languages"], demo.meta["language"]) == ((0, 1), 0)
    assert demo.base_facts() == [(facts.F_INSTITUTION, codes.I_COPENHAGEN_PRISONS)]
    assert bytes(demo.policy()) == compile_order("dk-2009")


def test_switches_that_are_set(tmp_path: Path):
    table = open_bytes(build(example(tmp_path, "house_ban: []", "house_ban: [general]")).data)
    found = dict(table.base_facts())
    assert found[facts.F_POLICY_SEAL_LABEL] is True
    assert found[facts.F_POLICY_SEAL_EXEMPT] == facts.bitmap([24, 25])
    assert found[facts.F_POLICY_HOUSE_BAN] == facts.bitmap([28, 33])  # 28 by a house rule
    assert facts.F_POLICY_CASH_LIMIT not in found


def test_every_listed_product_is_found(demo):
    source = load_site(DEMO)
    from gatescan_host.site.errors import Problems

    for key, spec in ItemList(source, Problems()).specs.items():
        assert demo.class_of(demo.lookup(key)) == spec


def test_tags(demo):
    card = demo.lookup_tag(em4100.read(0x2A00C0FFE1).key)
    inmate = demo.inmate(card.owner)
    assert card.kind == codes.TK_INMATE
    assert inmate.pseudonym == inmate_id(SALT, "inmate-7f3a")
    item = demo.lookup_tag(em4100.read(0x2A00D15C01).key)
    assert (item.kind, item.owner) == (codes.TK_ITEM, card.owner)
    assert item.flags == codes.TF_SEALED | codes.TF_LABELLED
    assert demo.class_of(item.class_id) == (names.CATEGORIES.index("radio"), codes.CA_BATTERY)
    other = demo.lookup_tag(em4100.read(0x2A00D15C02).key)
    assert other.owner not in (card.owner, -1)
    assert demo.lookup_tag(text("VF-REG-0003")).flags == codes.TF_SEAL_BROKEN | codes.TF_LABELLED
    assert demo.lookup_tag(text("VF-000123")).kind == codes.TK_SEAL
    assert demo.lookup_tag(text("VF-BADGE-02")).kind == codes.TK_BADGE
    assert demo.lookup_tag(text("VF-000129")) is None


def test_lists_that_are_not_known(demo):
    by_id = {demo.inmate(n).pseudonym: demo.inmate(n) for n in range(demo.inmates)}
    remanded = by_id[inmate_id(SALT, "inmate-09be")]
    assert (remanded.regime, remanded.restricted) == (1, None)
    decided = by_id[inmate_id(SALT, "inmate-c21d")]
    assert decided.decided == facts.bitmap([names.CATEGORIES.index("radio")])
    assert decided.restricted == facts.NO_CATEGORY


def test_commands_are_in_every_table(demo, tmp_path: Path):
    for table in (demo, open_bytes(build(example(tmp_path)).data)):
        for name, command in (
            ("INMATE", codes.CMD_FOR_INMATE),
            ("VISITOR", codes.CMD_FOR_VISITOR),
            ("STAFF", codes.CMD_FOR_STAFF),
            ("END", codes.CMD_END_VISIT),
        ):
            record = table.lookup_tag(sheet(name))
            assert (record.kind, record.command) == (codes.TK_COMMAND, command)
        for category in range(1, 34):
            record = table.lookup_tag(sheet(f"CAT{category:02d}"))
            assert record.command == codes.CMD_CATEGORY
            assert table.class_of(record.class_id) == (category, 0)
        assert table.lookup_tag(sheet("CAT34")) is None
        cash = table.lookup_tag(sheet("DKK500"))
        assert (cash.command, cash.arg) == (codes.CMD_CASH, 500)
        assert table.class_of(cash.class_id) == (codes.C_CASH, 0)
        assert table.lookup_tag(sheet("DKK501")) is None


def test_texts(demo):
    provisions = law.provisions()
    lists = (
        (fmt.X_CATEGORY, sorted(provisions["categories"], key=lambda c: c["num"])),
        (fmt.X_VERDICT, provisions["verdicts"]),
        (fmt.X_OBLIGATION, provisions["obligations"]),
        (fmt.X_AUTHORITY, provisions["authorities"]),
    )
    for kind, entries in lists:
        for number, entry in enumerate(entries):
            for lang, name in enumerate(("da", "en")):
                lines = demo.text(kind, number, lang)
                assert list(lines) == entry["display"][name]
                assert 1 <= len(lines) <= 3
                assert all(len(line) <= 21 for line in lines)
        assert demo.text(kind, len(entries), 0) == ()


def test_no_id_stands_in_the_file_in_clear():
    data = build().data
    for secret in (b"inmate-", b"7f3a", b"VF-0", b"VF-CARD", bytes.fromhex("2A00C0FFE1"), b"GSC-"):
        assert secret not in data


REFUSED = [
    ("order_id: dk-2009 ", "order_id: dk-1848 ", "There is no order dk-1848"),
    ("seals: [EX-000001", "seals: [GSC-END-000000", "kept for command barcodes"),
    ("seals: [EX-000001", "seals: [gsc-cat01", "kept for command barcodes"),
    ("seals: [EX-000001", "seals: [']C0GSC-X'", "kept for command barcodes"),
    ("seals: [EX-000001", "seals: ['5901234123457'", "reads as a number of kind gtin"),
    ("seals: [EX-000001", "seals: ['123456'", "cannot be a tag"),
    ("seals: [EX-000001", "seals: ['https://x.dk'", "cannot be a tag"),
    ("seals: [EX-000001", "seals: [EX-000002", "already"),
    ("seals: [EX-000001", "seals: [EX-REG-0001", "already"),
    ("em4100:0100000A01", "em4100:0000000000", "noise"),
    ("    owner: inmate-0001", "    owner: inmate-0002", "none of the inmates"),
    ("    seal_broken: false", "    seal_broken: true", "at once"),
    ("cash: [100, 200", "cash: [200, 200", "already"),
]


@pytest.mark.parametrize(("old", "new", "words"), REFUSED, ids=lambda v: v[:30])
def test_refused_with_file_and_line(tmp_path: Path, old: str, new: str, words: str):
    path = example(tmp_path, old, new)
    line = path.read_text("utf-8").partition(new)[0].count("\n") + 1
    with pytest.raises(SiteError) as caught:
        build(path)
    found = [s for s in caught.value.problems if words in s]
    assert found, caught.value.problems
    number = int(found[0].removeprefix(f"{path}:").split(":")[0])
    assert abs(number - line) <= 1, found  # the two of a pair may stand on neighbouring lines


def test_too_many_classes(tmp_path: Path):
    rows = ["gtin,category,attributes"]
    kinds = ("battery", "mains", "high_value", "copy", "bulky")
    for number in range(40):
        body = b"952%09d" % number
        from gatescan.core.tags.gtin import check_digit

        chosen = " ".join(k for n, k in enumerate(kinds) if number % 32 >> n & 1)
        category = names.CATEGORIES[1 + number // 32 * 5 + 20]
        rows.append(f"{body.decode()}{check_digit(body, 0, 12)},{category},{chosen}")
    (tmp_path / "items.csv").write_text("\n".join(rows))
    with pytest.raises(SiteError, match="at most 64"):
        build(example(tmp_path, "files: []", "files: [items.csv]"))


def test_two_inmates_of_one_name(tmp_path: Path):
    path = example(tmp_path, "# Items on an inmate", "  - {id: inmate-0001, card: 'text:C-2',"
                   " regime: sentenced}\n\n# Items on an inmate")
    with pytest.raises(SiteError, match="'inmate-0001' stands at line"):
        build(path)


def test_info_get_verify(tmp_path: Path):
    path = tmp_path / "t.gst1"
    built = build()
    path.write_bytes(built.data)
    shown = info.info(path)
    assert (shown["items"], shown["tags"], shown["site_id"]) == (
        built.stats["keys"], built.stats["tags"], "vestre")
    assert sum(shown["sections"].values()) < shown["bytes"] == built.stats["bytes"]
    assert info.verify(path)["ok"]
    got = info.get(path, "05901041003003")
    assert (got["found"], got["category"]) == (True, "alcohol")
    assert info.get(path, "em4100:2A00D15C01")["tag"]["kind"] == "item"
    assert info.get(path, commands.text_of(SALT, "DKK500"))["tag"]["arg"] == 500
    assert not info.get(path, "5901234123457")["found"]
    assert info.get(path, "12345670")["error"]
    with pytest.raises(GatescanError) as caught:
        info.get(path, "em4100:xyz")
    assert caught.value.exit_code == Exit.USAGE


def test_inside_a_bundle_and_damaged(tmp_path: Path):
    path = tmp_path / "t.gst"
    data = build().data
    raw = manifest.encode(
        {
            "fmt": 2, "site": "vestre", "key_id": bytes(8), "seq": 5, "not_before": 1,
            "not_after": 2, "min_fw": 0, "table_bytes": len(data),
            "table_sha256": hashlib.sha256(data).digest(), "parent_sha256": bytes(32),
            "delta_bytes": 0, "delta_sha256": b"", "overlay_bytes": 0, "overlay_sha256": b"",
        }
    )
    head = bundle.pack_head(raw, b"signature")
    path.write_bytes(head + data)
    assert open_table(path).meta["site_id"] == "vestre"
    assert info.info(path)["items"] > 60
    for size in (3, 8, len(head) - 1, len(head), len(head) + 100):
        path.write_bytes((head + data)[:size])
        with pytest.raises(GatescanError):
            open_table(path)
    bad = bytearray(data)
    bad[len(bad) // 2] ^= 1
    path.write_bytes(bad)
    with pytest.raises(GatescanError) as caught:
        info.verify(path)
    assert caught.value.exit_code == Exit.TABLE_REJECTED
    path.write_bytes(b"nothing")
    with pytest.raises(GatescanError):
        info.info(path)


def answers(table) -> list:
    """Everything a scanner could ask of the example table."""
    out: list = [table.lookup(952000100107), table.lookup(952000100111), table.lookup(5)]
    out += [table.lookup(952000230000), table.lookup(952000240000), table.lookup(952000300000)]
    for serial in ("EX-REG-0001", "EX-000001", "EX-100500", "EX-9"):
        out.append(table.lookup_tag(text(serial)))
    out += [table.lookup_tag(sheet("END")), table.lookup_tag(sheet("CAT03"))]
    out += [table.inmate(0), table.text(0, 21, 0), table.text(2, 35, 1)]
    try:
        out.append(bytes(table.policy()))
    except TableError:
        out.append(CORRUPT)
    return [*out, table.class_of(20), table.base_facts(), table.meta]


def test_bit_flips_in_a_complete_table(tmp_path: Path, rng: random.Random):
    """Every answer of a damaged table is the right one, or says that it is none."""
    good = build(example(tmp_path)).data
    right = answers(open_bytes(good))
    refusals = (MISS, CORRUPT, (), None)
    assert right[0] >= 0
    bits = range(len(good) * 8)
    for bit in rng.sample(bits, 4000):
        bad = bytearray(good)
        bad[bit >> 3] ^= 1 << (bit & 7)
        try:
            table = open_bytes(bytes(bad))
        except TableError:
            continue
        for was, now in zip(right, answers(table), strict=True):
            assert now == was or now in (CORRUPT, ()), (bit, was, now)
            assert now in (was, CORRUPT) or was not in refusals, (bit, was, now)
        with pytest.raises(TableError):
            list(table.verify())
