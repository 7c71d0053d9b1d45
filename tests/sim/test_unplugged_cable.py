"""The cable is pulled in the middle of every command: one sentence, its exit code, nothing lost.

Each command is first run over a whole cable to learn how many messages it takes; then the cable
goes away at one message after the other, on its way to the scanner or with the answer on its way
back; then the very same command runs again and succeeds.
"""

import os
import threading
import time
from pathlib import Path

import pytest

import demo_site
from gatescan_host.errors import Exit
from gatescan_host.signing import keys
from host.link.line_between import TO_HOST, TO_SCANNER, Later, LineBetween, unchanged
from sim import rig

_COMMANDS = {
    "status": ("status",),
    "time": ("time",),
    "time --set": ("time", "--set"),
    "log pull": ("log", "pull", "--db", "DB"),
    "provision": ("provision", "--public", "KEY", "--site", "vestre", "--lang", "en"),
    "sync": ("sync", "--table", "TABLE"),
    "selftest": ("selftest",),
    "doctor": ("doctor",),
}
_MOST_CUTS = 5  # a direction


class Cable(LineBetween):
    """Goes away when the `cut`th message comes along in `direction`; 0: never."""

    def __init__(self, port: str, direction: str = TO_SCANNER, cut: int = 0) -> None:
        super().__init__(port, self._count_it)
        self.seen = {TO_SCANNER: 0, TO_HOST: 0}
        self._where, self._cut = direction, cut
        self._pulled = threading.Event()

    def _count_it(self, direction: str, message: bytes) -> list[Later]:
        self.seen[direction] += 1
        if direction == self._where and self.seen[direction] == self._cut:
            # From now on the port is gone, as a USB serial port is.
            self._stop.set()
            self._pulled.set()
            return []
        return unchanged(direction, message)

    def __enter__(self) -> "Cable":
        super().__enter__()
        self._closer = threading.Thread(target=self._close_when_pulled, daemon=True)
        self._closer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._pulled.set()
        self._closer.join()

    def _close_when_pulled(self) -> None:
        self._pulled.wait()
        super().__exit__()


@pytest.fixture
def words(tmp_path) -> dict[str, str]:
    """What stands for what in `_COMMANDS`."""
    (tmp_path / "next.gst").write_bytes(rig.table(2))
    public = tmp_path / "site.pub"
    public.write_bytes(keys.public(demo_site.key_folder("site")))
    return {"TABLE": str(tmp_path / "next.gst"), "DB": str(tmp_path / "events.sqlite"),
            "KEY": str(public)}  # fmt: skip


def _run(gate: rig.Gate, port: str, command: str, words: dict[str, str]) -> rig.Done:
    arguments = [words.get(word, word) for word in _COMMANDS[command]]
    return rig.gatescan(*arguments, "--port", port, "--device-key", gate.key_file,
                        home=gate.folder / "home")  # fmt: skip


def _cuts(count: int) -> list[int]:
    """Message numbers to cut at: all of a few, else the first, the last and some between."""
    if count <= _MOST_CUTS:
        return list(range(1, count + 1))
    step = (count - 1) / (_MOST_CUTS - 1)
    return sorted({1 + round(step * number) for number in range(_MOST_CUTS)})


@pytest.mark.parametrize("command", list(_COMMANDS))
def test_the_cable_is_pulled(extra_gate, words, command):
    gate = extra_gate(rtc_utc=int(time.time()))
    with Cable(gate.port) as whole:
        assert _run(gate, whole.path, command, words).code == Exit.OK
    for direction in (TO_SCANNER, TO_HOST):
        for cut in _cuts(whole.seen[direction]):
            if command == "sync":
                _another_table(gate, words)
            with Cable(gate.port, direction, cut) as cable:
                done = _run(gate, cable.path, command, words)
            if cable.seen[direction] < cut:
                assert done.code == Exit.OK, "it took fewer messages this time"
            elif done.code == Exit.OK:
                assert cut == whole.seen[direction], "only the goodbye may be lost silently"
            else:
                _told(command, done, (direction, cut))
            again = _run(gate, gate.port, command, words)
            assert again.code == Exit.OK, (direction, cut, again)
    assert gate.status()["restarts"] == 0
    gate.set_time()
    gate.pull()
    assert gate.allows()


_numbers = iter(range(3, 1000))


def _another_table(gate: rig.Gate, words: dict[str, str]) -> None:
    """The next one: what is active already is not sent again."""
    Path(words["TABLE"]).write_bytes(rig.table(next(_numbers)))


def _told(command: str, done: rig.Done, where: object) -> None:
    assert "Traceback" not in done.err, done.err
    if command == "doctor":
        # The last step says it.
        assert done.code == Exit.NO_DEVICE and "fail  " in done.out, (where, done)
        return
    lines = [line for line in done.err.splitlines() if line.startswith("gatescan: ")]
    assert done.code == Exit.NO_DEVICE and done.out == "", (where, done)
    assert len(lines) == 1 and rig.is_sentence(lines[0]) and "cable" in lines[0], (where, done)


def test_a_cable_that_goes_between_two_commands(gate, words):
    """The port itself is gone: said at once, and the same command succeeds later."""
    gone = gate.folder / "port"
    os.symlink(gate.port, gone)
    assert _run(gate, str(gone), "status", words).code == Exit.OK
    gone.unlink()
    for command in _COMMANDS:
        done = _run(gate, str(gone), command, words)
        assert done.code == Exit.NO_DEVICE and "Traceback" not in done.err, done
    os.symlink(gate.port, gone)
    assert _run(gate, str(gone), "doctor", words).code == Exit.OK
