"""Items from a database: rows found again, mistakes by row, one sentence, never a password."""

import sqlite3
from pathlib import Path

import pytest

from gatescan_host.site import item_query
from gatescan_host.site.intake import Intake
from gatescan_host.site.load import load_site

SECRET = "Tr0ub4dor"
GOOD = [("5901234123457", "general", ""), ("4006381333931", "radio", "mains battery")]


def database(folder: Path, rows, columns="gtin TEXT, category TEXT, attributes TEXT") -> Path:
    path = folder / "articles.sqlite"
    path.unlink(missing_ok=True)
    store = sqlite3.connect(path)
    with store:
        store.execute(f"CREATE TABLE articles ({columns})")
        marks = ",".join("?" * (columns.count(",") + 1))
        store.executemany(f"INSERT INTO articles VALUES ({marks})", rows)
    store.close()
    return path


def query(lists, select="SELECT * FROM articles", url="sqlite:///articles.sqlite", more="") -> int:
    """Writes the site file; the line at which the query stands."""
    text = f'  queries:\n    - url: "{url}"\n      select: "{select}"\n{more}'
    return lists.site(text).read_text().splitlines().index(f'    - url: "{url}"') + 1


def test_rows_are_taken_like_those_of_a_file(lists):
    database(lists.folder, GOOD)
    query(lists)
    assert lists.taken().specs == {400638133393: (21, 3), 590123412345: (33, 0)}
    query(lists, "WITH a AS (SELECT GTIN, Category FROM articles) SELECT * FROM a LIMIT 1")
    assert lists.taken().specs == {590123412345: (33, 0)}


def test_numbers_without_their_zeros(lists):
    """A column of numbers has lost them: 4 zeros of a UPC-A, 6 of a GTIN-8."""
    columns = "gtin INTEGER, category TEXT, attributes TEXT"
    database(lists.folder, [(89002940, "radio", None), (41250500735, "general", None)], columns)
    query(lists)
    assert set(lists.taken().specs) == {8900294, 4125050073}


ROWS = [
    ([*GOOD, ("5901234123458", "general", "")], "row 3: 5901234123458 has a wrong check digit"),
    ([*GOOD, ("5901234123457", "radio", "")], "row 3: 5901234123457 is radio here and general at"),
    ([("5901234123457", "radios", "")], "row 1: 'radios' is no category"),
    ([("5901234123457", "radio", "heavy")], "row 1: 'heavy' is no attribute"),
    ([(None, "radio", "")], "row 1: '' is no product number"),
    ([("5901234123457", None, None)], "row 1: '' is no category"),
    ([(5.9e12, "radio", "")], "is no product number"),
    ([(b"\x00", "radio", "")], "is no product number"),
    ([(-5, "radio", "")], "row 1: '-5' is no product number"),
    ([("9780670022151", "general", "")], "row 1: 9780670022151 is a number of kind isbn"),
]


@pytest.mark.parametrize(("rows", "words"), ROWS, ids=range(len(ROWS)))
def test_mistakes_have_their_row(lists, rows, words):
    database(lists.folder, rows, "gtin, category, attributes")
    line = query(lists)
    (found,) = lists.mistakes()
    assert found.startswith(f"site.yaml:{line}, row ") and words in found, found


def test_a_conflict_between_a_file_and_a_query_names_both(lists):
    database(lists.folder, GOOD)
    (lists.folder / "a.csv").write_text("gtin,category\n\n4006381333931,general\n")
    line = query(lists, more="  files: [a.csv]\n")
    assert f"site.yaml:{line}, row 2: 4006381333931 is radio (battery, mains) here and general" \
        " at a.csv:3" in lists.mistakes()[0]  # fmt: skip


FAULTS = [
    ({"select": "SELECT gtin, kategori FROM articles"}, "no such column: kategori"),
    ({"select": "SELECT gtin, category FROM stock"}, "no such table: stock"),
    ({"select": "SELECT gtin FROM articles"}, "the columns are 'gtin'"),
    ({"select": "SELECT gtin, category, 1 AS price FROM articles"}, "the columns are"),
    ({"select": "SELECT gtin, category FROM articles; DROP TABLE articles"}, "refuses the query"),
    ({"select": "SELECT gtin category FROM articles WHERE '%s' = :x"}, "the query"),
    ({"url": "sqlite:///none.sqlite"}, "there is no database file"),
    ({"url": "sqlite:///site.yaml"}, "not a database"),
    ({"url": "env:GATESCAN_NO_SUCH"}, "'GATESCAN_NO_SUCH' is not set"),
    ({"url": f"nosuch://u:{SECRET}@host/db"}, "cannot be reached"),
    ({"url": f"u:{SECRET}@host"}, "no URL of a database"),
    ({"url": f"postgresql://u:{SECRET}@host:port/db"}, "no URL of a database"),
    ({"url": f"mysql+mysqldb://u:{SECRET}@host/a%20b%s?passwd={SECRET}"}, "needs a driver"),
    ({"select": "DELETE FROM articles"}, "write a SELECT"),
]


@pytest.mark.parametrize(("words", "said"), FAULTS, ids=range(len(FAULTS)))
def test_faults_are_one_sentence_at_the_query(lists, words, said):
    path = database(lists.folder, GOOD)
    before = path.read_bytes()
    line = query(lists, **words)
    (found,) = lists.mistakes()
    assert found.startswith(f"site.yaml:{line}") or words.get("select", "").startswith("DELETE")
    assert said in found and found.endswith(".") and SECRET not in found, found
    assert path.read_bytes() == before
    assert not (lists.folder / "none.sqlite").exists(), "a misspelt name makes no database"


def test_a_driver_that_tells_the_password_is_not_repeated(lists, monkeypatch):
    def refuse(url, **_):
        whole = url.render_as_string(hide_password=False)
        raise RuntimeError(f"no login with {whole} {SECRET}@\nline 2")

    monkeypatch.setattr(item_query, "create_engine", refuse)
    query(lists, url=f"postgresql://u:{SECRET}%40@host/db?token={SECRET}x")
    (found,) = lists.mistakes()
    assert "cannot be reached (no login with" in found
    assert SECRET not in found and "\n" not in found


@pytest.mark.parametrize("items", [
    f"  postgresql://u:{SECRET}@host/db\n",
    f"  queries: postgresql://u:{SECRET}@host/db\n",
    f"  queries: [postgresql://u:{SECRET}@host/db]\n",
    f"  queries: [{{url: [postgresql://u:{SECRET}@host/db], select: SELECT 1}}]\n",
    f"  queries: [{{url: postgresql://u:{SECRET}@host/db}}]\n",
    f"  queries: [{{url: postgresql://u:{SECRET}@host/db, select: 3, x: 4}}]\n",
])  # fmt: skip
def test_mistakes_of_form_do_not_show_it_either(lists, items):
    found = lists.mistakes() if lists.site(items) else ()
    assert found and all(SECRET not in sentence for sentence in found), found


def test_the_model_does_not_print_it(lists):
    query(lists, url=f"postgresql://u:{SECRET}@host/db")
    assert SECRET not in repr(load_site(lists.path).site)


def test_the_url_may_stand_in_the_environment(lists, monkeypatch):
    database(lists.folder, GOOD)
    monkeypatch.setenv("ARTICLES", "sqlite:///articles.sqlite")
    query(lists, url="env:ARTICLES")
    assert len(lists.taken().specs) == 2


def test_nothing_is_written(lists):
    path = database(lists.folder, GOOD)
    query(lists, "WITH a AS (SELECT 1) DELETE FROM articles RETURNING gtin, category")
    assert "refuses the query (attempt to write a readonly database)" in lists.mistakes()[0]
    store = sqlite3.connect(path)
    assert store.execute("SELECT count(*) FROM articles").fetchone() == (2,)
    store.close()


def test_rows_come_in_slices_and_are_told(lists):
    database(lists.folder, GOOD * 5000)
    line = query(lists)
    told = []
    items = lists.taken(Intake(moved=lambda *step: told.append(step)))
    assert (len(items.specs), items.repeated) == (2, 9998)
    assert told == [(f"query at line {line}", rows, 0, None) for rows in (4096, 8192)]
