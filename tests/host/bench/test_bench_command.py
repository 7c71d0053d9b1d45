"""`gatescan bench`: its JSON, what it says to people, and why a format has no figures."""

import importlib.util
import json
import os
import sys

import pytest
from typer.testing import CliRunner

from emulated_pico import stock
from gatescan_host.bench import emulated, run, targets
from gatescan_host.bench.device.bundle import Bundle
from gatescan_host.bench.formats import WRITERS
from gatescan_host.bench.generate import generate
from gatescan_host.bench.items import csv_text
from gatescan_host.cli.bench import _FORMATS, app
from gatescan_host.errors import Exit, GatescanError

_ROW = {
    "name", "target", "bytes", "bytes_per_key", "build_s", "lookups_per_s", "ram_bytes", "reads",
    "false_hits", "reason",
}  # fmt: skip
_SMALL = ["--keys", "300", "--checks", "100"]


def bench(*arguments: str):
    """What the command printed; raises what it raised."""
    done = CliRunner().invoke(app, list(arguments))
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


@pytest.fixture(scope="module")
def found() -> dict:
    return json.loads(bench("table", *_SMALL, "--targets", "host,unix", "--json").stdout)


def test_the_answer_has_the_form_of_the_contract(found):
    assert found["schema"] == 1 and found["items"] == 300
    assert len(found["sha256"]) == 64
    assert all(set(row) == _ROW for row in found["rows"])
    asked = [(row["target"], row["name"]) for row in found["rows"]]
    assert asked == [(target, name) for target in ("host", "unix") for name in run.FORMATS]
    ours = found["rows"][0]
    assert found["bytes_per_key"] == ours["bytes_per_key"] == round(ours["bytes"] / 300, 4)
    assert found["full_bytes"] > ours["bytes"]
    assert found["tables_bytes"] >= 0
    for key in ("open_ms", "lookup_ms_mean", "lookup_ms_max"):
        assert set(found[key]) == {"host", "unix"} and all(v > 0 for v in found[key].values())
    assert found["asked"] == {"host": 200, "unix": 200}


def test_nothing_is_answered_wrongly_but_by_a_filter(found):
    assert found["wrong_answers"] == {"host": 0, "unix": 0}
    for row in found["rows"]:
        if row["reason"] is None and row["name"] != "filter":
            assert row["false_hits"] == 0


def test_c_libraries_say_why_they_have_no_figures_on_micropython(found):
    for row in found["rows"]:
        if row["name"] in ("sqlite", "marisa") and row["target"] == "unix":
            assert "C library" in row["reason"]
            assert all(row[key] is None for key in _ROW - {"name", "target", "reason"})
        elif row["name"] != "marisa":
            assert row["reason"] is None
            assert row["lookups_per_s"] > 0 and row["ram_bytes"] >= 0


def test_lookup_tells_what_was_looked_up_and_nothing_else():
    told = json.loads(
        bench("lookup", *_SMALL, "--targets", "unix", "--json").stdout
    )
    assert {row["name"] for row in told["rows"]} == {"ours", "fixed", "cdb", "json", "filter"}
    assert "full_bytes" not in told and told["wrong_answers"] == {"unix": 0}


def test_a_list_of_ones_own_and_the_table_for_people(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "marisa_trie", None)
    path = tmp_path / "items.csv"
    text = csv_text(generate(50, 1).pairs)
    path.write_text(text + "123,tv\n")
    done = bench("table", "--items", str(path), "--checks", "20", "--targets", "host")
    assert "50 items on this computer" in done.stdout
    assert "marisa_trie is not installed" in " ".join(done.stdout.split())
    assert "0 wrong of 40 answers" in done.stdout


def test_formats_are_chosen():
    small = (*_SMALL, "--targets", "host", "--json")
    for formats, names in (("none", ["ours"]), ("cdb,fixed", ["ours", "cdb", "fixed"])):
        told = json.loads(bench("table", *small, "--formats", formats).stdout)
        assert [row["name"] for row in told["rows"]] == names
    assert (*_FORMATS,) == tuple(WRITERS)


def test_a_chart_is_drawn_or_the_library_named(tmp_path):
    path = tmp_path / "chart.png"
    arguments = ("table", *_SMALL, "--targets", "host", "--plot", str(path))
    if importlib.util.find_spec("matplotlib") is None:
        with pytest.raises(GatescanError, match="pip install"):
            bench(*arguments)
    else:
        bench(*arguments)
        assert path.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


def test_mistakes_are_one_sentence(tmp_path):
    with pytest.raises(GatescanError, match="exclude each other") as both:
        bench("table", "--items", str(tmp_path / "x.csv"), "--keys", "3")
    with pytest.raises(GatescanError, match="another target"):
        bench("table", "--targets", "host,moon")
    with pytest.raises(GatescanError, match="another format"):
        bench("table", "--formats", "fixed,zip")
    with pytest.raises(GatescanError, match="cannot be read"):
        bench("table", "--items", str(tmp_path / "x.csv"))
    assert both.value.exit_code == Exit.USAGE


def test_a_wrong_answer_of_the_table_fails_the_run(monkeypatch):
    real = targets.on_host

    def lying(name, file, questions):
        return {**real(name, file, questions), "wrong": 3 if name == "ours" else 0}

    monkeypatch.setattr(targets, "on_host", lying)
    with pytest.raises(GatescanError, match="answered wrongly 3 times: do not ship"):
        bench("table", *_SMALL, "--targets", "host")


def test_without_an_image_the_pico_has_a_reason(monkeypatch):
    monkeypatch.delenv("GATESCAN_UF2", raising=False)
    told = json.loads(bench("table", *_SMALL, "--targets", "emu", "--json").stdout)
    assert "GATESCAN_UF2" in told["rows"][0]["reason"]
    assert told["wrong_answers"] == {"emu": None}


@pytest.mark.parametrize(
    ("printed", "why"),
    [("", "it printed nothing"), ("MemoryError: ", "It stopped: MemoryError"),
     ('@ {"out_of_memory": true}', "memory")],
)  # fmt: skip
def test_a_program_that_does_not_end_well_is_a_reason(printed, why):
    with pytest.raises(targets.CannotRun, match=why):
        targets.figures_in(printed)


def test_the_emulated_pico_measures_the_deployed_reader(tmp_path):
    stock.image()
    files = emulated.reader_files()
    assert "gatescan/core/table/reader.mpy" in files
    assert not [name for name in files if name.endswith(".py")]
    told = json.loads(
        bench("table", "--keys", "300", "--checks", "20", "--targets", "emu", "--json").stdout
    )
    assert told["wrong_answers"] == {"emu": 0}
    ours = told["rows"][0]
    assert 50 < ours["lookups_per_s"] < 50_000 and ours["ram_bytes"] < 20_000


def test_what_does_not_fit_the_flash_is_a_reason(tmp_path):
    stock.image()
    for name, data in (("data", os.urandom(1_500_000)), ("questions", bytes(9))):
        (tmp_path / name).write_bytes(data)
    with pytest.raises(targets.CannotRun, match="1500 kB do not fit"):
        emulated.on_emulated_pico("fixed", tmp_path / "data", tmp_path / "questions")


def test_modules_are_found_in_one_file():
    bundle = Bundle({"/a/b/c.mpy": (0, 4), "/a/__init__.mpy": (4, 2)})
    assert [bundle.stat(path)[0] for path in ("/a", "/a/b", "/a/b/c.mpy")] == [
        0x4000, 0x4000, 0x8000,
    ]  # fmt: skip
    for absent in ("/a/b/c", "/a/b/c.py", "/b", "/a/bc"):
        with pytest.raises(OSError):
            bundle.stat(absent)
