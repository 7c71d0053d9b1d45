"""`rules eval`: the shape of its lines, its errors, and what happens when MicroPython fails."""

import json
import os
import stat
from pathlib import Path

import pytest

from gatescan_host.rules import evaluate

GOOD = '{"id":"g","facts":{"institution":"open_prison","channel":"visit","category":"general"}}'
KEYS = ["id", "verdict", "authority", "obligations", "cit", "session"]
BAD = ["", " ", "{}", "null", "[]", "{}x", GOOD + GOOD, "[1 2]", '{"id":1,"id":2}', "{1:2}", "NaN",
       '{"id":NaN}', "[" * 100000, "{" * 50, "\ud800", "a\nb", '"\\ud800"', '{"id":1}',
       '{"id":1,"facts":[]}', '{"id":{},"facts":{}}', "\x00", "é", "9" * 10000,
       GOOD.replace("general", "générale"), GOOD.replace('"g"', "1.5"),
       GOOD.replace("general", 'tv","sealed":true,"seal_broken":true,"x":"')]


def run(lines: list[str], engine: str = "host") -> list[tuple[str, bool]]:
    return list(evaluate.run_eval(lines, engine))


def test_an_answer_has_the_keys_in_order() -> None:
    line, ok = run([GOOD + "\n"])[0]
    assert ok
    assert list(json.loads(line)) == KEYS
    assert json.loads(line)["id"] == "g"


def test_errors_are_alike_on_both_engines_and_do_not_end_the_run() -> None:
    lines = [line for bad in BAD for line in (bad, GOOD)]
    host = run(lines)
    assert host == run(lines, "sim")
    for number, (line, ok) in enumerate(host):
        answer = json.loads(line)
        assert "\n" not in line
        assert ok == bool(number % 2)
        assert list(answer) == KEYS + ([] if ok else ["error"])
        if not ok:
            assert answer["verdict"] == "manual_inspection"
            assert answer["cit"] == ["§ 30, stk. 1"]
            assert answer["authority"] is None
            assert answer["obligations"] == answer["session"] == []
            assert answer["error"].endswith(".")


def test_answers_come_while_lines_still_come() -> None:
    """A caller that waits for each answer before it writes the next line is served."""
    for engine in ("host", "sim"):
        asked = []

        def lines():
            for number in range(3):
                asked.append(number)  # noqa: B023
                yield GOOD

        for number, _ in enumerate(evaluate.run_eval(lines(), engine)):
            assert asked == list(range(number + 1))


def _fake(monkeypatch, folder: Path, script: str) -> None:
    path = folder / "micropython"
    path.write_text("#!/bin/sh\n" + script)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(evaluate, "micropython", lambda: path)


def test_an_engine_that_dies_is_one_sentence(monkeypatch, tmp_path: Path) -> None:
    _fake(monkeypatch, tmp_path, "echo ready; read line; echo MemoryError >&2; exit 1\n")
    with pytest.raises(evaluate.EngineError, match="ended before its answer: MemoryError"):
        run([GOOD], "sim")


def test_an_engine_that_is_silent_is_given_up(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr(evaluate, "ANSWER_S", 0.3)
    _fake(monkeypatch, tmp_path, "exec sleep 60\n")
    with pytest.raises(evaluate.EngineError, match="said nothing"):
        run([GOOD], "sim")


def test_a_missing_engine_is_one_sentence(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr(evaluate.sys, "executable", str(tmp_path / "python"))
    monkeypatch.setitem(os.environ, "PATH", str(tmp_path))
    with pytest.raises(evaluate.EngineError, match="is missing; run `make install`"):
        run([GOOD], "sim")
