"""What every command says and returns when something is wrong: sentence, code, no traceback."""

import json
import os
import sqlite3
import subprocess
import threading
from pathlib import Path

import pytest

import demo_site
from gatescan_host.demo.script import VISIT
from gatescan_host.errors import Exit
from gatescan_host.link.session import ScannerLink
from gatescan_host.simulator.demo_table import site_file
from gatescan_host.simulator.wires import Pty
from sim import rig

_NEED_SCANNER = (
    ("status",), ("time",), ("time", "--set"), ("log", "pull"), ("sync", "--table", "GOOD"),
    ("selftest",),
    ("provision", "--public", "KEY", "--site", "vestre"),
)  # fmt: skip


@pytest.fixture(scope="module")
def things(tmp_path_factory) -> dict[str, str]:
    """Names in the lists of this file, and what they stand for."""
    folder = tmp_path_factory.mktemp("things")
    (folder / "good.gst").write_bytes(rig.table())
    (folder / "rubbish").write_bytes(b"rubbish" * 100)
    (folder / "folder").mkdir()
    (folder / "wrong.yaml").write_text("site: 3\n")
    (folder / "broken.yaml").write_text("a: [1\n")
    with sqlite3.connect(folder / "older.sqlite") as older:
        older.execute("CREATE TABLE device (id INTEGER, device_id TEXT)")
        older.execute("CREATE TABLE event (id INTEGER, device INTEGER, seq INTEGER)")
        older.execute("INSERT INTO device VALUES (1, '0123456789abcdef')")
    older.close()
    return {
        "GOOD": str(folder / "good.gst"),
        "RUBBISH": str(folder / "rubbish"),
        "FOLDER": str(folder / "folder"),
        "NONE": str(folder / "no" / "such"),
        "WRONG_YAML": str(folder / "wrong.yaml"),
        "BROKEN_YAML": str(folder / "broken.yaml"),
        "OLDER_DB": str(folder / "older.sqlite"),
        "NEW_DB": str(folder / "new.sqlite"),
        "SITE": str(site_file()),
        "KEY": str(demo_site.key_folder("site")),
        "OTHER": str(demo_site.key_folder("other")),
        "OUT": str(folder / "out"),
    }


def _run(things: dict[str, str], words: tuple[str, ...]) -> rig.Done:
    return rig.gatescan(*(things.get(word, word) for word in words))


def _said(done: rig.Done) -> None:
    """One sentence for people on stderr; nothing that looks like Python."""
    assert "Traceback" not in done.err and "Error:" not in done.err, done.err
    assert any(rig.is_sentence(line) for line in done.err.splitlines()), done.err


# --- 2 usage ---

_USAGE = (
    ("nonsense",), ("status", "--nonsense"), ("time", "--port"), ("sync",), ("provision",),
    ("provision", "--public", "KEY"), ("keys", "new"), ("keys", "status"), ("table", "build"),
    ("table", "build", "SITE"), ("table", "build", "SITE", "--key", "KEY"), ("table", "verify"),
    ("table", "verify", "GOOD"), ("table", "get", "GOOD"), ("site", "init"),
    ("table", "build", "SITE", "--key", "KEY", "-o", "OUT", "--seq", "-3"),
    ("table", "build", "SITE", "--key", "KEY", "-o", "OUT", "--seq", "four"),
    ("rules", "eval", "--engine", "abacus"), ("sync", "--table", "NONE"),
    ("sync", "--table", "FOLDER"), ("table", "info", "NONE"), ("table", "info", "FOLDER"),
    ("table", "verify", "GOOD", "--public", "NONE"), ("log", "pull", "--table", "NONE"),
    ("table", "get", "GOOD", "em4100:zz"), ("site", "init", "GOOD"), ("site", "init", "NONE"),
    ("keys", "public", "KEY", "--out", "NONE"), ("provision", "--public", "NONE", "--site", "x"),
    ("table", "build", "SITE", "--key", "KEY", "-o", "NONE"),
    ("sheet",), ("sheet", "SITE"), ("sheet", "SITE", "--key", "KEY"),
    ("sheet", "SITE", "--key", "KEY", "-o", "NONE"),
    ("sheet", "SITE", "--key", "KEY", "-o", "OUT", "--symbol", "ean13"),
    ("sheet", "SITE", "--key", "KEY", "-o", "OUT", "--lang", "fr"),
)  # fmt: skip


@pytest.mark.parametrize("words", _USAGE, ids=" ".join)
def test_usage_is_2(things, words):
    done = _run(things, words)
    assert done.code == Exit.USAGE, done
    assert done.out == ""
    assert done.err and "Traceback" not in done.err


# --- 1 failed ---

_FAILED = (
    ("keys", "new", "--out", "FOLDER/..", "--height", "5"), ("keys", "status", "FOLDER"),
    ("keys", "status", "NONE"), ("keys", "public", "NONE"),
    ("table", "build", "WRONG_YAML", "--key", "KEY", "-o", "OUT"),
    ("table", "build", "BROKEN_YAML", "--key", "KEY", "-o", "OUT"),
    ("table", "build", "RUBBISH", "--key", "KEY", "-o", "OUT"),
    ("table", "build", "SITE", "--key", "NONE", "-o", "OUT"),
    ("table", "build", "SITE", "--key", "FOLDER", "-o", "OUT"),
    ("sheet", "NONE", "--key", "KEY", "-o", "OUT"),
    ("sheet", "WRONG_YAML", "--key", "KEY", "-o", "OUT"),
    ("sheet", "SITE", "--key", "NONE", "-o", "OUT"),
    ("sheet", "SITE", "--key", "FOLDER", "--json"),
    ("log", "show", "--db", "RUBBISH"), ("log", "verify", "--db", "FOLDER"),
    ("log", "show", "--db", "NONE"), ("log", "visits", "--db", "nosuch://database"),
    ("log", "verify", "--db", "NEW_DB", "--device", "zz"),
    ("log", "show", "--db", "NEW_DB", "--device", "zz"),
    ("log", "show", "--db", "OLDER_DB"), ("log", "visits", "--db", "OLDER_DB"),
)  # fmt: skip


@pytest.mark.parametrize("words", _FAILED, ids=" ".join)
def test_failed_is_1(things, words):
    if words[2:4] == ("--out", "FOLDER/.."):
        words = (*words[:3], str(Path(things["FOLDER"]).parent), *words[4:])
    done = _run(things, words)
    assert done.code == Exit.FAILED, done
    _said(done)


# --- 3 no device ---


@pytest.mark.parametrize("words", _NEED_SCANNER, ids=" ".join)
@pytest.mark.parametrize(
    "port", ["/dev/no-such-port", "/dev/null", "RUBBISH", "socket://127.0.0.1:1", "weird://x"]
)
def test_no_device_is_3(things, words, port):
    done = _run(things, (*words, "--port", port))
    assert done.code == Exit.NO_DEVICE, done
    assert done.out == ""
    _said(done)


@pytest.mark.parametrize("words", [*_NEED_SCANNER, ("ports",)], ids=" ".join)
def test_no_device_when_nothing_is_connected(things, words, monkeypatch):
    monkeypatch.setattr("gatescan_host.link.ports.candidates", list)
    done = _run(things, words)
    assert done.code == Exit.NO_DEVICE, done
    _said(done)


# --- 4 busy ---


@pytest.mark.parametrize("words", _NEED_SCANNER, ids=" ".join)
def test_a_port_that_somebody_holds_is_4(things, shared_gate, words):
    with ScannerLink(shared_gate.port):
        done = _run(things, (*words, "--port", shared_gate.port))
    assert done.code == Exit.BUSY, done
    assert done.out == ""
    assert "in use by another program" in done.err
    _said(done)


# --- 5 not authorised: the rest stands in tests/sim/test_authority.py ---


@pytest.mark.parametrize("words", [("time", "--set"), ("log", "pull"), ("status",)], ids=" ".join)
def test_the_key_of_another_scanner_is_5(things, gate, tmp_path, words):
    wrong = tmp_path / "wrong.key"
    wrong.write_bytes(bytes(range(32)))
    done = _run(things, (*words, "--port", gate.port, "--device-key", str(wrong)))
    assert done.code == Exit.NOT_AUTHORISED, done
    assert done.out == ""
    _said(done)


def test_a_key_file_that_is_none_is_2(things, shared_gate):
    words = ("time", "--set", "--port", shared_gate.port, "--device-key", things["RUBBISH"])
    done = rig.gatescan(*words)
    assert done.code == Exit.USAGE, done
    assert "no device key" in done.err


def test_a_public_key_that_is_none_says_so(things, gate):
    """Sent to a scanner it is refused; the sentence must not blame site or language alone."""
    done = gate.cli("provision", "--public", things["RUBBISH"], "--site", "vestre")
    assert done.code in (Exit.FAILED, Exit.USAGE), done
    assert "key" in done.err
    _said(done)


# --- 6 table rejected: the scanner's side stands in tests/sim/test_rejected_tables.py ---

_REJECTED = (
    ("sync", "--table", "RUBBISH"), ("table", "info", "RUBBISH"),
    ("table", "verify", "RUBBISH", "--public", "KEY"), ("table", "get", "RUBBISH", "123"),
    ("table", "verify", "GOOD", "--public", "OTHER"), ("log", "pull", "--table", "RUBBISH"),
    ("table", "verify", "GOOD", "--public", "RUBBISH"),
    ("table", "build", "SITE", "--key", "KEY", "-o", "OUT", "--parent", "RUBBISH"),
)  # fmt: skip


@pytest.mark.parametrize("words", _REJECTED, ids=" ".join)
def test_table_rejected_is_6(things, words):
    done = _run(things, words)
    assert done.code == Exit.TABLE_REJECTED, done
    assert done.out == ""
    _said(done)


# --- 7 chain broken: the rest stands in tests/sim/test_journal.py ---


def test_a_store_that_cannot_be_followed_is_7(things):
    done = _run(things, ("log", "verify", "--db", "OLDER_DB"))
    assert done.code == Exit.CHAIN_BROKEN, done
    _said(done)


# --- 8 timeout ---


def test_a_device_that_does_not_answer_is_8(things, monkeypatch):
    """A serial device that is no scanner: `status` gives up after three tries."""
    monkeypatch.setattr("gatescan_host.link.session.ScannerLink.__init__.__kwdefaults__",
                        {"timeout_s": 0.1, "patience_s": 0.0})  # fmt: skip
    pty = Pty()
    stop = threading.Event()

    def swallow() -> None:
        while not stop.wait(0.005):
            try:
                os.read(pty.master, 4096)
            except OSError:
                continue

    thread = threading.Thread(target=swallow)
    thread.start()
    try:
        for words in _NEED_SCANNER:
            done = _run(things, (*words, "--port", pty.path))
            assert done.code == Exit.TIMEOUT, done
            assert done.out == ""
            _said(done)
    finally:
        stop.set()
        thread.join()
        pty.close()


# --- 0, and JSON ---

_ANSWERS = (
    ("keys", "status", "KEY"), ("keys", "public", "KEY"), ("table", "info", "GOOD"),
    ("table", "verify", "GOOD", "--public", "KEY"), ("table", "get", "GOOD", rig.VODKA),
    ("table", "build", "SITE", "--key", "KEY", "-o", "OUT"), ("log", "verify", "--db", "NEW_DB"),
)  # fmt: skip


@pytest.mark.parametrize("words", _ANSWERS, ids=" ".join)
def test_json_is_one_document_and_nothing_else(things, words):
    done = _run(things, (*words, "--json"))
    assert done.code == Exit.OK, done
    assert isinstance(json.loads(done.out), dict)
    assert done.out.count("\n") == 1
    plain = _run(things, words)
    assert (plain.code == Exit.OK and plain.out.strip()) or words[0] == "log"


def test_json_of_the_commands_that_talk_to_a_scanner(gate, tmp_path):
    file = tmp_path / "next.gst"
    file.write_bytes(rig.table(2))
    key = str(demo_site.key_folder("site"))
    database = str(tmp_path / "events.sqlite")
    for words in (
        ("status",), ("time",), ("time", "--set"), ("sync", "--table", file),
        ("sync", "--table", file), ("log", "pull", "--db", database),
        ("log", "pull", "--db", database, "--table", file),
        ("provision", "--public", key, "--site", "vestre"),
    ):  # fmt: skip
        done = gate.cli(*words, "--json")
        assert done.code == Exit.OK, done
        assert isinstance(json.loads(done.out), dict), words
        assert gate.cli("status").out.startswith("scanner "), "and text for people without it"
    nothing = rig.gatescan("log", "visits", "--db", database)
    assert (nothing.out, nothing.code) == ("", Exit.OK) and rig.is_sentence(nothing.err)
    for words in (("log", "show"), ("log", "visits")):
        done = rig.gatescan(*words, "--db", database, "--json")
        assert done.code == Exit.OK
        assert all(isinstance(json.loads(line), dict) for line in done.out.splitlines())


def test_as_a_program_of_its_own(shared_gate):
    """The same through a real process: what a script in cron sees."""
    for words, code in (
        (("status", "--port", shared_gate.port, "--json"), Exit.OK),
        (("status", "--port", "/dev/no-such-port", "--json"), Exit.NO_DEVICE),
        (("nonsense",), Exit.USAGE),
    ):
        done = subprocess.run(rig.command(*words), env=rig.environment(), capture_output=True,
                              text=True, timeout=60)  # fmt: skip
        assert done.returncode == code, done
        assert "Traceback" not in done.stderr
        if code is Exit.OK:
            assert json.loads(done.stdout)["device"] == shared_gate.scanner_id
        else:
            assert done.stdout == "" and done.stderr


def test_table_get_knows_what_the_demonstration_scans(things):
    for act in VISIT:
        if act.how in ("barcode", "sheet") and act.verdict not in (None, "manual_inspection"):
            code = demo_site.command(act.code) if act.how == "sheet" else act.code
            done = rig.gatescan("table", "get", things["GOOD"], code, "--json")
            assert done.answer["found"], code


def test_rules_eval_and_tags_parse_end_with_1_after_a_faulty_line():
    facts = {"institution": "copenhagen_prisons", "channel": "visit", "category": "radio"}
    for engine in ("host", "sim"):
        done = _pipe(("rules", "eval", "--engine", engine),
                     json.dumps({"id": "a", "facts": facts}) + "\nnot json\n")  # fmt: skip
        assert done.returncode == Exit.FAILED
        good, bad = (json.loads(line) for line in done.stdout.splitlines())
        assert (good["verdict"], good["cit"]) == ("allow_after", ["§ 6"])
        assert (bad["id"], bad["verdict"]) == (None, "manual_inspection")
    done = _pipe(("tags", "parse"), '{"id": 1, "barcode": "]E05901041003003"}\n'
                                    '{"id": 2, "barcode": "5901041003004"}\n')  # fmt: skip
    assert [json.loads(line)["ok"] for line in done.stdout.splitlines()] == [True, False]
    assert done.returncode == Exit.FAILED


def _pipe(words: tuple[str, ...], text: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(rig.command(*words), input=text, env=rig.environment(),
                          capture_output=True, text=True, timeout=60)  # fmt: skip
    assert "Traceback" not in done.stderr
    return done


def test_output_that_nobody_reads_is_no_traceback(tmp_path):
    """`gatescan rules eval | head -1`: the pipe closes early."""
    lines = "".join('{"id": %d, "facts": {}}\n' % i for i in range(20_000))
    with subprocess.Popen(
        rig.command("rules", "eval"), env=rig.environment(), text=True, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        feeder = threading.Thread(target=_feed, args=(process.stdin, lines))
        feeder.start()
        assert json.loads(process.stdout.readline())["id"] == 0
        process.stdout.close()
        process.wait(timeout=30)
        feeder.join()
        err = process.stderr.read()
    assert "Traceback" not in err and "Exception" not in err, err


def _feed(stream, text: str) -> None:
    try:
        stream.write(text)
        stream.close()
    except (BrokenPipeError, ValueError):
        pass  # it has ended


def test_nothing_is_left_unlocked_or_open_by_a_command(gate):
    """After `time --set` a program that opens the port can change nothing."""
    assert gate.cli("time", "--set").code == Exit.OK
    done = rig.gatescan("time", "--set", "--port", gate.port, "--device-key", "/no/key")
    assert done.code == Exit.NOT_AUTHORISED
