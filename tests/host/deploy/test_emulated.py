"""`gatescan deploy` as it is typed, on an emulated Pico with a stock image.

One deployment starts from an empty board; the others from a flash in which most files lie
already, for copying takes a quarter of a minute of emulated time.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from emulated_pico import flash_image, stock
from emulated_pico.build import firmware_files, firmware_modules
from emulated_pico.machine import EmulatedPico
from gatescan_host.deploy import run
from gatescan_host.deploy.deployment import Wishes, deploy
from gatescan_host.deploy.plan import PACK, PACKAGE
from gatescan_host.errors import Exit, GatescanError
from gatescan_host.link.patience import VARIABLE
from gatescan_host.link.provisioning import provision
from gatescan_host.link.session import ScannerLink
from gatescan_host.simulator.checkout import firmware_folder
from host_side import Done, gatescan, is_sentence, public_key
from host_side import own_home as own_home  # a fixture, by name

OTHERS = {"settings.txt": b"keys", "journal/00000001": b"log", "notes.txt": b"mine"}
_PROMPT_MS = 400  # a board without main.py has its prompt long before


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """The emulator shares its computer with other tests: it may be slower than a board."""
    monkeypatch.setenv(VARIABLE, "4")


@pytest.fixture
def uf2() -> Path:
    return stock.image()


@contextmanager
def plugged(board: EmulatedPico) -> Iterator[tuple]:
    """(the running board, its port)."""
    with board.fork() as remote, remote.serve_pty() as port:
        yield remote, port


def at_prompt(uf2: Path, files: dict[str, bytes]) -> EmulatedPico:
    """A board with `files` that start nothing."""
    board = EmulatedPico(uf2, flash=flash_image.build(files))
    board.power_on()
    board.run_ms(_PROMPT_MS)
    return board


def ours(files: dict[str, bytes]) -> dict[str, bytes]:
    """Those of `files` that a deployment may touch."""
    return {path: data for path, data in files.items() if path not in OTHERS}


def deployed(*words: str) -> Done:
    return gatescan("deploy", "--board", "rpi_pico", *words)


def test_an_empty_board_becomes_a_scanner(uf2):
    board = EmulatedPico(uf2)
    board.power_on()
    board.run_ms(2000)  # the image makes its file system
    with plugged(board) as (remote, port):
        done = deployed("--port", port, "--json")
        assert done.code == Exit.OK, done
        files = flash_image.read(remote.flash_bytes())
        banner = f"on rpi_pico build {done.answer['build']}"
        assert banner in remote.console, "it has started"
    wanted = firmware_files()
    assert {path: files[path] for path in wanted} == wanted
    report = done.answer
    assert sorted(report["copy"]) == sorted(wanted) and report["copy"][-1] == "main.py"
    assert report["board"] == "rpi_pico"


def test_a_dry_run_changes_nothing_then_what_differs_is_copied_then_nothing(uf2):
    wanted = firmware_files()
    pack = wanted[PACK]
    before = {**wanted, **OTHERS, PACK: pack[:-1] + bytes([pack[-1] ^ 1]),
              "board.mpy": b"of single files", "pins.py": b"raise SystemExit\n",
              f"{PACKAGE}/core/visit.mpy": b"of single files"}  # fmt: skip
    del before["main.py"]
    with plugged(at_prompt(uf2, before)) as (remote, port):
        flash = remote.flash_bytes()
        dry = deployed("--port", port, "--json", "--dry-run")
        assert dry.code == Exit.OK, dry
        assert remote.flash_bytes() == flash
        assert dry.answer["copy"] == [PACK, "main.py"]
        assert dry.answer["remove"] == ["board.mpy", f"{PACKAGE}/core/visit.mpy", "pins.py"]
        assert dry.answer["unchanged"] == len(wanted) - 2

        done = deployed("--port", port, "--json")
        assert done.code == Exit.OK, done
        for name in ("copy", "remove", "unchanged", "copy_bytes"):
            assert done.answer[name] == dry.answer[name], name
        after = flash_image.read(remote.flash_bytes())
        assert {path: after.get(path) for path in OTHERS} == OTHERS
        assert {path: after[path] for path in wanted} == wanted
        assert not {"board.mpy", f"{PACKAGE}/core/visit.mpy", "pins.py"} & after.keys()

        # The scanner runs now, without keys: it is stopped, compared, and started again.
        again = deployed("--port", port, "--json")
        assert again.code == Exit.OK, again
        assert (again.answer["copy"], again.answer["remove"]) == ([], [])
        assert "maintenance" not in flash_image.read(remote.flash_bytes())
        with ScannerLink(port) as link:
            assert link.status()["build"] == again.answer["build"]


def test_the_cable_pulled_in_the_middle_and_deployed_again(uf2):
    """From a firmware of single files: they go, and their blocks with them."""
    wanted = firmware_files()
    single = {path: data for path, data in firmware_modules().items()
              if "/" not in path or path.startswith(f"{PACKAGE}/core/tags/")}  # fmt: skip
    before = {**single, **OTHERS, "boot.py": wanted["boot.py"]}
    with at_prompt(uf2, before).fork() as remote:
        with ExitStack() as cable:
            port = cable.enter_context(remote.serve_pty())

            @contextmanager
            def pull_in_the_middle(title: str) -> Iterator[run.Progress]:
                def progress(done: int, total: int) -> None:
                    if done > total / 2:
                        remote.cut_power()
                        cable.close()

                yield progress

            with pytest.raises(GatescanError) as broken:
                deploy(Wishes("rpi_pico", port), lambda text: None, pull_in_the_middle)
            assert broken.value.exit_code is Exit.NO_DEVICE
            assert is_sentence(str(broken.value))
        held = flash_image.read(remote.flash_bytes())
        assert held["main.py"] == run.PLACEHOLDER
        assert PACK not in held, "half of one has no name"

        remote.power_on()
        with remote.serve_pty() as port:
            done = deployed("--port", port, "--json")
            assert done.code == Exit.OK, done
            assert done.answer["copy"] == [PACK, "main.py"]
            after = flash_image.read(remote.flash_bytes())
    assert ours(after).items() >= wanted.items()
    assert not [path for path in after if path.endswith(".mpy") and path != "finder.mpy"]
    assert {path: after.get(path) for path in OTHERS} == OTHERS


def test_a_scanner_with_keys_wants_its_own(uf2, tmp_path):
    """Without its key nothing happens; with it the request is logged, and the prompt open once."""
    from emulated_pico.shipped import booted

    with plugged(booted()) as (_, port):
        key = tmp_path / "scanner.key"
        with ScannerLink(port) as link:
            provision(link, public_key(), "vestre", "da", key)
            boots = link.status()["boot"]
        refused = deployed("--port", port)
        assert refused.code == Exit.NOT_AUTHORISED, refused
        assert "--device-key, or hold its BACK button" in refused.err
        with ScannerLink(port) as link:
            assert link.status()["boot"] == boots, "it was not even restarted"
        done = deployed("--port", port, "--device-key", str(key), "--json")
        assert done.code == Exit.OK, done
        assert done.answer["copy"] == []
        with ScannerLink(port) as link:
            report = link.status()
        assert report["provisioned"] and report["site"] == "vestre"
        pulled = gatescan("log", "pull", "--port", port, "--device-key", str(key))
        assert pulled.code == Exit.OK, pulled
    shown = gatescan("log", "show", "--json").out
    kinds = [json.loads(line)["kind"] for line in shown.splitlines()]
    assert kinds.count("maintenance") == 1


def test_the_image_of_another_board_and_a_flash_without_room(uf2):
    filler = {f"mine/{number}": bytes(100_000) for number in range(13)}
    with plugged(at_prompt(uf2, filler)) as (remote, port):
        flash = remote.flash_bytes()
        wrong = gatescan("deploy", "--board", "esp32_s3", "--port", port)
        full = deployed("--port", port)
        assert remote.flash_bytes() == flash
    assert wrong.code == full.code == Exit.FAILED, (wrong, full)
    assert "'Raspberry Pi Pico with RP2040', not an ESP32-S3" in wrong.err
    assert "kB are free" in full.err
    for done in (wrong, full):
        assert done.out == ""
        assert "Nothing was copied." in done.err


# --- mpremote mip install ---


def listed() -> list[tuple[str, str]]:
    """(path on the board, path of the source relative to firmware/) of package.json."""
    urls = json.loads((firmware_folder() / "package.json").read_text())["urls"]
    return [(target.removeprefix("../"), source) for target, source in urls]


def mip(port: str, package: str, folder: Path) -> None:
    """The documented command, in `folder`."""
    command = [sys.executable, "-m", "mpremote", "connect", port, "mip", "install", package]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done
    assert done.stdout.splitlines()[-1] == "Done"


def test_what_mip_brings_is_a_scanner_that_starts(uf2):
    """Sources as they are: the board compiles them at every start."""
    files = {path: (firmware_folder() / source).read_bytes() for path, source in listed()}
    board = EmulatedPico(uf2, files=files)
    board.power_on()
    assert board.wait_console("ready, device", 30_000), board.console
    assert "on rpi_pico build unknown" in board.console
    assert "Traceback" not in board.console


def test_mip_puts_files_where_a_board_starts_them(uf2, tmp_path):
    """The command on the real files, but only some of them: all take a minute and a half."""
    some = [pair for pair in listed() if pair[0] in ("boot.py", "gatescan/core/law/switches.py",
                                                     "pins.py", "main.py")]  # fmt: skip
    assert len(some) == 4
    urls = [["../" + path, os.path.relpath(firmware_folder() / source, tmp_path)]
            for path, source in some]  # fmt: skip
    (tmp_path / "package.json").write_text(json.dumps({"urls": urls, "deps": [], "version": "1"}))
    with plugged(at_prompt(uf2, {})) as (remote, port):
        mip(port, "./package.json", tmp_path)
        held = flash_image.read(remote.flash_bytes())
    assert held == {path: (firmware_folder() / source).read_bytes() for path, source in some}


@pytest.mark.skipif(
    os.environ.get("GATESCAN_LONG") != "1",
    reason="copying every source takes minutes: GATESCAN_LONG=1 runs it",
)
def test_the_documented_mip_command_makes_a_scanner(uf2):
    with at_prompt(uf2, {}).fork() as remote:
        with remote.serve_pty() as port:
            mip(port, "./firmware/package.json", firmware_folder().parent)
        remote.cut_power()
        remote.power_on()
        assert remote.wait_console("ready, device", 30_000), remote.console
        held = flash_image.read(remote.flash_bytes())
    for path, source in listed():
        assert held[path] == (firmware_folder() / source).read_bytes(), path
