"""A deployment onto a board made of a folder, the cable pulled at every single command."""

import pytest

from gatescan_host.deploy import run
from gatescan_host.deploy.boards import Target
from gatescan_host.deploy.compile import compile_source
from gatescan_host.deploy.device import Board, Facts
from gatescan_host.deploy.image import Image
from gatescan_host.errors import GatescanError
from host.deploy.folder_board import CableOut, FolderPrompt, contents, fill

ANY = Target("armv6m", "", "any board")
OTHERS = {"settings": b"keys", "slot0": b"table", "journal/00000001": b"log", "notes.txt": b"mine"}


def version(mark: bytes) -> dict[str, bytes]:
    """A small firmware; every file carries the mark of its version."""
    return {
        "boot.py": b"# " + mark, "main.py": b"# start " + mark, "finder.mpy": b"M\x06" + mark,
        "firmware.pack": b"GSP1" + mark * 900,  # more than one part
    }  # fmt: skip


OLD, NEW = version(b"old"), version(b"new")
SINGLE = {  # as a firmware was copied that had no pack: each module a file
    "boot.py": b"# single", "main.py": b"# start single", "board.mpy": b"M\x06", "pins.py": b"",
    "gatescan/__init__.mpy": b"M\x06", "gatescan/app/start.mpy": b"M\x06" * 900,
}  # fmt: skip
MODULES = {"board.mpy": b"M\x06", "pins.mpy": b"M\x06", "gatescan/app/start.mpy": b"M\x06"}


@pytest.fixture(autouse=True)
def any_interpreter(monkeypatch):
    """CPython stands in for the board's MicroPython: it has no bytecode format to compare."""
    monkeypatch.setattr(Facts, "refuse_unfit", lambda *_: None)


def deploy(prompt: FolderPrompt, files: dict[str, bytes]) -> run.Compared:
    compared = run.compare(Board(prompt), Image(files, MODULES), ANY)
    run.carry_out(compared)
    return compared


def test_a_blank_board_becomes_a_scanner_and_nothing_else_is_touched(tmp_path):
    fill(tmp_path, OTHERS)
    compared = deploy(FolderPrompt(tmp_path), NEW)
    assert contents(tmp_path) == {**OTHERS, **NEW}
    assert set(compared.plan.copy) == set(NEW)


def test_again_copies_nothing(tmp_path):
    fill(tmp_path, {**OTHERS, **NEW})
    prompt = FolderPrompt(tmp_path)
    assert not deploy(prompt, NEW).plan.changes
    assert prompt.copied == []
    assert contents(tmp_path) == {**OTHERS, **NEW}


def test_one_file_changed_is_one_file_copied(tmp_path):
    fill(tmp_path, {**OTHERS, **NEW, "finder.mpy": b"M\x06old"})
    prompt = FolderPrompt(tmp_path)
    assert deploy(prompt, NEW).plan.copy == ("finder.mpy",)
    assert prompt.copied == ["main.py", "finder.mpy", "main.py"], "nothing starts in between"
    assert contents(tmp_path) == {**OTHERS, **NEW}


def test_comparing_changes_nothing(tmp_path):
    fill(tmp_path, {**OTHERS, **SINGLE})
    report = run.compare(Board(FolderPrompt(tmp_path)), Image(NEW, MODULES), ANY).report()
    assert contents(tmp_path) == {**OTHERS, **SINGLE}
    assert report["copy"][-1] == "main.py"
    assert set(report["remove"]) == SINGLE.keys() - NEW.keys()


def test_a_pack_that_the_flash_has_damaged_is_sent_again(tmp_path):
    broken = bytes([NEW["firmware.pack"][0] ^ 1]) + NEW["firmware.pack"][1:]
    fill(tmp_path, {**OTHERS, **NEW, "firmware.pack": broken})
    assert deploy(FolderPrompt(tmp_path), NEW).plan.copy == ("firmware.pack",)
    assert contents(tmp_path) == {**OTHERS, **NEW}


def test_the_old_pack_makes_room_for_the_new(tmp_path):
    """Beside a large table there is no room for two; main.py starts nothing by then."""
    fill(tmp_path, OLD)
    prompt = FolderPrompt(tmp_path)
    run_it = prompt.run
    seen = []

    def watched(code: str) -> str:
        if code == "remove('firmware.pack')":
            seen.append(contents(tmp_path)["main.py"])
        return run_it(code)

    prompt.run = watched
    deploy(prompt, NEW)
    assert seen == [run.PLACEHOLDER]
    assert contents(tmp_path) == NEW


@pytest.mark.parametrize(
    "before", [{}, OLD, SINGLE], ids=["blank", "older firmware", "single files"]
)
def test_the_cable_pulled_after_any_command_leaves_old_new_or_a_placeholder(tmp_path, before):
    commands = FolderPrompt(fill(tmp_path / "whole", {**OTHERS, **before}))
    deploy(commands, NEW)
    assert commands.commands > 12
    states = set()
    for left in range(commands.commands):
        root = fill(tmp_path / str(left), {**OTHERS, **before})
        with pytest.raises(CableOut):
            deploy(FolderPrompt(root, left), NEW)
        held = contents(root)
        assert {name: held[name] for name in OTHERS} == OTHERS
        ours = {name: data for name, data in held.items() if name not in {*OTHERS, "gatescan.new"}}
        start = held.get("main.py")
        if start is None or start == before.get("main.py"):
            assert ours == before
            states.add("old")
        elif start == NEW["main.py"]:
            assert ours == NEW
            states.add("new")
        else:
            assert start == run.PLACEHOLDER
            states.add("neither")
        prompt = FolderPrompt(root)
        missing = {name for name in NEW if ours.get(name) != NEW[name]}
        assert set(deploy(prompt, NEW).plan.copy) == missing, "only what is missing is copied"
        assert contents(root) == {**OTHERS, **NEW}
    assert states == {"old", "neither"}, "the last command is the one that makes it new"


def test_what_the_flash_stored_wrongly_gets_no_name(tmp_path):
    fill(tmp_path, OLD)

    class Worn(FolderPrompt):
        def run(self, code: str) -> str:
            if code.startswith("finish('finder"):
                (tmp_path / "gatescan.new").write_bytes(b"worn out")
                code = code.replace("finish(", "Incoming.file.close()\nIncoming.file = open("
                                    "Incoming.path, 'r+b')\nfinish(")  # fmt: skip
            return super().run(code)

    with pytest.raises(GatescanError, match=r"stored finder\.mpy wrongly"):
        deploy(Worn(tmp_path), NEW)
    assert contents(tmp_path)["finder.mpy"] == OLD["finder.mpy"]
    assert contents(tmp_path)["main.py"] == run.PLACEHOLDER


def test_a_flash_that_fills_up_is_a_sentence_and_can_go_on(tmp_path):
    class Full(FolderPrompt):
        full = True

        def run(self, code: str) -> str:
            if self.full and code.startswith("more(") and self.commands > 8:
                code = "raise OSError(28, 'ENOSPC')"
            return super().run(code)

    prompt = Full(tmp_path)
    with pytest.raises(GatescanError, match=r"flash is full.*goes on where it stopped"):
        deploy(prompt, NEW)
    prompt.full = False
    deploy(prompt, NEW)
    assert contents(tmp_path) == NEW


def test_no_room_is_told_before_anything_is_copied(tmp_path, monkeypatch):
    fill(tmp_path, OLD)
    scarce = Facts(0, (1, 28), 4096, 0, "any")
    monkeypatch.setattr(Board, "facts", lambda self: scarce)
    with pytest.raises(GatescanError, match=r"needs \d+ kB more flash and 0 kB are free"):
        deploy(FolderPrompt(tmp_path), NEW)
    assert contents(tmp_path) == OLD


def test_native_code_of_our_own_format_is_told_apart():
    source = b"import micropython\n@micropython.viper\ndef f(a: int) -> int:\n    return a\n"
    assert compile_source("x.py", source, "armv6m") != compile_source("x.py", source, "xtensawin")
