"""The same rows in any order, in any lists, give the same table, byte for byte."""

import sqlite3

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gatescan.core.tags import gtin
from gatescan_host.site.intake import Intake
from gatescan_host.site.left_out import LeftOut
from gatescan_host.site.load import load_site
from gatescan_host.table.build import build_table

WRITTEN = ["general", "radio", "pocket_radio", "radio,battery", "radio,mains battery", "valuable"]
ROWS = st.dictionaries(st.integers(10**7, 10**13 - 1), st.sampled_from(WRITTEN), max_size=60)


def text_of(key: int) -> str:
    digits = b"%013d" % key
    return (digits + b"%d" % gtin.check_digit(digits, 0, 13)).decode()


def built(lists) -> bytes:
    source = load_site(lists.path)
    intake = Intake(LeftOut())
    options = {"seq": 1, "created_utc": 1_700_000_000, "salt": bytes(16), "intake": intake}
    return build_table(source, **options).data


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(ROWS, st.randoms(use_true_random=False))
def test_any_order_any_lists_the_same_bytes(new_lists, classes, rng):
    rows = [(text_of(key), *f"{said},".split(",")[:2]) for key, said in classes.items()]
    one = new_lists()
    one.files(a="gtin,category,attributes\n" + "".join(",".join(row) + "\n" for row in rows))
    again = rows + rng.sample(rows, len(rows) // 3)
    rng.shuffle(again)
    first, second = sorted(rng.choices(range(len(again) + 1), k=2))
    other = new_lists()
    other.files(
        a="gtin,category,attributes\n" + "".join(",".join(r) + "\n" for r in again[:first]),
        b_gz="attributes,gtin,category\n"
        + "".join(f"{a},{c.lstrip('0').zfill(13)},{k}\n" for c, k, a in again[first:second]),
    )
    store = sqlite3.connect(other.folder / "c.sqlite")
    with store:
        store.execute("CREATE TABLE c (gtin TEXT, category TEXT, attributes TEXT)")
        store.executemany("INSERT INTO c VALUES (?, ?, ?)", again[second:])
    store.close()
    select = "{url: sqlite:///c.sqlite, select: 'SELECT * FROM c'}"
    other.site(f"  files: [b.csv.gz, a.csv]\n  queries: [{select}]\n")
    assert built(other) == built(one)
