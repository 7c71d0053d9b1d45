"""Every command's mistakes: the exit code scripts rely on, one sentence, never a traceback."""

import json
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import demo_site
from gatescan_host.demo.script import VISIT
from gatescan_host.link.session import ScannerLink
from gatescan_host.simulator.demo_table import site_file
from gatescan_host.simulator.scanner import SimulatedScanner
from sim import rig


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATESCAN_HOME", str(tmp_path / "home"))
    for name in ("GATESCAN_PORT", "GATESCAN_DB"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[rig.Gate]:
    folder = tmp_path_factory.mktemp("cli")
    gate = rig.Gate(folder, SimulatedScanner(folder / "scanner"))
    gate.scanner.power_on()
    gate.equip(rig.table())
    yield gate
    gate.close()


@pytest.fixture(scope="module")
def table_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tables") / "demo.gst"
    path.write_bytes(rig.table())
    return path


def refused(done: rig.Done, code: int) -> str:
    assert done.code == code, done
    assert done.out == ""
    assert rig.is_sentence(done.err), done.err
    return done.err


NO_DEVICE = ("status", "time", "sync --table {table}", "log pull", "provision --public {key} "
             "--site vestre")  # fmt: skip


@pytest.mark.parametrize("command", NO_DEVICE)
def test_no_scanner_at_the_port_is_3(command: str, table_file: Path) -> None:
    words = command.format(table=table_file, key=demo_site.key_folder()).split()
    refused(rig.gatescan(*words, "--port", "/dev/no-such-port"), 3)


def test_no_port_and_no_scanner_is_3() -> None:
    refused(rig.gatescan("status"), 3)


def test_a_silent_line_is_8() -> None:
    master, slave = os.openpty()
    try:
        refused(rig.gatescan("status", "--port", os.ttyname(slave)), 8)
    finally:
        os.close(master)
        os.close(slave)


def test_a_port_in_use_is_4(gate: rig.Gate) -> None:
    with ScannerLink(gate.port):
        refused(rig.gatescan("status", "--port", gate.port), 4)


@pytest.mark.parametrize("command", ["time --set", "sync --table {table}", "log pull"])
def test_without_the_scanners_key_is_5(
    command: str, gate: rig.Gate, table_file: Path, tmp_path: Path
) -> None:
    words = command.format(table=table_file).split()
    refused(rig.gatescan(*words, "--port", gate.port), 5)
    wrong = tmp_path / "wrong.key"
    wrong.write_bytes(bytes(32))
    refused(rig.gatescan(*words, "--port", gate.port, "--device-key", wrong), 5)
    time.sleep(1.1)  # one guess a second


def test_a_table_of_another_key_is_6(gate: rig.Gate, tmp_path: Path) -> None:
    other = tmp_path / "other.gst"
    other.write_bytes(rig.table(1, "other"))
    refused(gate.cli("sync", "--table", other), 6)
    public = demo_site.key_folder()
    refused(rig.gatescan("table", "verify", other, "--public", public), 6)


@pytest.mark.parametrize(
    "words",
    [
        ("nonsense",),
        ("sync",),
        ("rules", "eval", "--engine", "abacus"),
        ("table", "info", "no-such-file.gst"),
        ("keys", "new", "--out"),
    ],
)
def test_wrong_usage_is_2(words: tuple[str, ...]) -> None:
    done = subprocess.run(
        rig.command(*words), env=rig.environment(), capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 2, done
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("table", "build", "{tmp}/none.yaml", "--key", "{key}", "-o", "{tmp}/x.gst"),
        ("table", "build", "{site}", "--key", "{tmp}/no-key", "-o", "{tmp}/x.gst"),
        ("table", "build", "{site}", "--key", "{key}", "-o", "{tmp}/no-folder/x.gst"),
        ("table", "info", "{junk}"),
        ("table", "get", "{junk}", "123"),
        ("table", "verify", "{junk}", "--public", "{key}"),
        ("keys", "status", "{tmp}"),
        ("keys", "public", "{tmp}"),
        ("keys", "new", "--out", "{tmp}", "--height", "7"),
        ("site", "init", "{junk}"),
        ("log", "show", "--db", "{tmp}/no-folder/x.sqlite"),
        ("log", "verify", "--db", "{junk}"),
        ("log", "visits", "--db", "{tmp}/x.sqlite", "--device", "nobody"),
        ("provision", "--port", "/dev/null", "--public", "{junk}", "--site", "x"),
    ],
)
def test_no_mistake_with_files_ends_in_a_traceback(words: tuple[str, ...], tmp_path: Path) -> None:
    junk = tmp_path / "junk"
    junk.write_bytes(bytes(range(256)) * 40)
    places = {"tmp": tmp_path, "junk": junk, "site": site_file(), "key": demo_site.key_folder()}
    done = rig.gatescan(*(word.format(**places) for word in words))
    assert done.code in (1, 2, 3, 6), done
    assert rig.is_sentence(done.err), done.err


def test_json_is_one_document_on_stdout(gate: rig.Gate, table_file: Path, tmp_path: Path) -> None:
    assert gate.cli("status", "--json").answer["authentic"] is True
    assert "T" in gate.cli("time", "--json").answer["utc"]
    assert gate.cli("time", "--set", "--json").answer["utc"]
    assert gate.cli("sync", "--table", table_file, "--json").answer["table"]["seq"] == 1
    database = tmp_path / "events.sqlite"
    pulled = gate.cli("log", "pull", "--db", database, "--table", table_file, "--json").answer
    assert pulled["new"] == pulled["last_seq"] > 0
    verified = rig.gatescan("log", "verify", "--db", database, "--json").answer
    assert verified[gate.scanner_id]["ok"] is True
    for words in (("keys", "status", demo_site.key_folder()), ("table", "info", table_file)):
        assert isinstance(rig.gatescan(*words, "--json").answer, dict)


def test_table_get_knows_what_the_demonstration_scans(table_file: Path) -> None:
    for act in VISIT:
        if act.how == "barcode" and act.verdict not in (None, "manual_inspection"):
            assert rig.gatescan("table", "get", table_file, act.code, "--json").answer["found"]


def test_a_changed_database_is_7(gate: rig.Gate, tmp_path: Path) -> None:
    database = tmp_path / "events.sqlite"
    assert gate.cli("log", "pull", "--db", database).code == 0
    import sqlite3

    with sqlite3.connect(database) as connection:
        connection.execute("update event set verdict = 1 where seq = 2")
    connection.close()
    done = rig.gatescan("log", "verify", "--db", database)
    assert done.code == 7
    assert "2" in done.out
    assert rig.is_sentence(done.out)


def test_rules_eval_and_tags_parse_read_lines(tmp_path: Path) -> None:
    facts = {"institution": "copenhagen_prisons", "channel": "visit", "category": "radio"}
    for engine in ("host", "sim"):
        done = subprocess.run(
            rig.command("rules", "eval", "--engine", engine),
            input=json.dumps({"id": "a", "facts": facts}) + "\nnot json\n",
            env=rig.environment(), capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        assert done.returncode == 1
        good, bad = (json.loads(line) for line in done.stdout.splitlines())
        assert (good["verdict"], good["cit"]) == ("allow_after", ["§ 6"])
        assert (bad["id"], bad["verdict"]) == (None, "manual_inspection")
        assert "Traceback" not in done.stderr
    done = subprocess.run(
        rig.command("tags", "parse"),
        input='{"id": 1, "barcode": "]E05901041003003"}\n{"id": 2, "barcode": "5901041003004"}\n',
        env=rig.environment(), capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert [json.loads(line)["ok"] for line in done.stdout.splitlines()] == [True, False]
    assert done.returncode == 1
