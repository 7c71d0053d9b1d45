"""Target emu: the deployed bytes on a stock MicroPython image on an emulated Pico.

The Pico is booted twice a run, factory-new and equipped; each test continues a copy (a fork) of
one of the two. The equipped one has the flash of a simulated scanner with the same identity, the
firmware added: the format of the flash is one and the same, and an emulated sync takes minutes.
"""

import os
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import demo_site
from emulated_pico import flash_image, stock
from emulated_pico.build import firmware_files
from emulated_pico.machine import EmulatedPico
from emulated_pico.parts import Parts
from emulated_pico.pty_bridge import PtyBridge
from gatescan_host.errors import Exit, GatescanError
from gatescan_host.link.patience import VARIABLE as PATIENCE
from gatescan_host.link.session import ScannerLink
from hil.bench_table import Workshop
from hil.rig import Rig
from hil.targets.bench import Bench, Gate
from hil.targets.emu_scanner import BOOT_MS, READY, EmuScanner
from hil.targets.scanner import Scanner, saved

_QUIET_MS = 1500.0  # the tone of the start is over
_MARGIN = 4.0  # of patience: the computer may be busier later


class EmuBench(Bench):
    """Two booted Picos to fork from, the equipped one made when it is first asked for."""

    def __init__(self, rig: Rig, work: Path, logs: Path) -> None:
        super().__init__(rig, work, logs)
        stock_image, reason = stock.find()
        if stock_image is None:
            raise GatescanError(f"--target emu needs the stock image: {reason}.", Exit.USAGE)
        self._image = stock_image
        self._workshop = Workshop(demo_site.key_folder("bench"))
        self._firmware = firmware_files(rig.board)
        self._before = os.environ.get(PATIENCE)
        begun_s = time.monotonic()
        self._new = self._boot(files=self._firmware)
        speed = self._new.now_ms / 1000 / (time.monotonic() - begun_s)
        os.environ.setdefault(PATIENCE, f"{max(1.0, _MARGIN / speed):.1f}")
        self._equipped: EmulatedPico | None = None
        self._device = _device_id(self._new.console)
        self._seed = work / "equipped"

    def _boot(self, **content: Any) -> EmulatedPico:
        has = self.rig.has
        loop = self.rig.hands == "loopback"
        parts = Parts(
            display=has("screen") and not loop, light=has("light") and not loop,
            sounder=has("tone") and not loop, buttons=has("buttons"), rfid=has("rfid"),
            barcode=has("barcode") and not loop, loopback=loop,
        )  # fmt: skip
        pico = EmulatedPico(self._image, parts=parts, **content)
        pico.power_on()
        if not pico.wait_console(READY, BOOT_MS):
            raise GatescanError(f"the emulated Pico did not start: {pico.console[-400:]!r}")
        pico.run_ms(100)  # the tasks begin
        return pico

    def identity(self) -> tuple["str | None", str, str]:
        """Banner of the factory-new Pico; board and build from its report."""
        banner = re.search(r"^Gatescan .*$", self._new.console, re.MULTILINE)
        report = self._ask_factory_new()
        return (banner.group().strip() if banner else None, report["board"], str(report["build"]))

    def _ask_factory_new(self) -> dict[str, Any]:
        with self._new.fork() as remote, remote.serve_pty() as path, ScannerLink(path) as link:
            return link.status()

    def _equip(self) -> EmulatedPico:
        """Flash of a simulated scanner that calls itself as this Pico does, the clock set."""
        from hil.rig import choose
        from hil.targets.sim import SimScanner

        state = self._seed / "scanner"
        state.mkdir(parents=True)
        state.joinpath("unique_id").write_text(self._device)
        scanner = SimScanner(choose("sim", None), self.logs / "equipping", state)
        with saved(scanner):
            scanner.power_on()
            Gate(self._seed, scanner, self._workshop).equip_for_tests()
        stored = state.joinpath("flash.bin").read_bytes()
        pico = self._boot(flash=flash_image.add(stored, self._firmware))
        key_file = self._seed / "device.key"

        def set_time(port: str) -> None:
            with ScannerLink(port) as link:
                link.unlock(key_file.read_bytes())
                link.set_time()

        _with_terminal(pico, set_time)
        pico.run_ms(_QUIET_MS)
        return pico

    @contextmanager
    def new(self, name: str) -> Iterator[Gate]:
        """A fork of the factory-new Pico."""
        folder = self.work / name
        folder.mkdir()
        with self._gate(self._new, folder, name) as gate:
            yield gate

    @contextmanager
    def equipped(self, name: str) -> Iterator[Gate]:
        """A fork of the equipped Pico."""
        if self._equipped is None:
            self._equipped = self._equip()
        folder = self.work / name
        shutil.copytree(self._seed, folder, ignore=shutil.ignore_patterns("scanner"))
        with self._gate(self._equipped, folder, name) as gate:
            yield gate

    @contextmanager
    def _gate(self, pico: EmulatedPico, folder: Path, name: str) -> Iterator[Gate]:
        with pico.fork() as remote:
            if self.rig.hands == "loopback":
                from hil.targets.serial_port import SerialScanner

                with remote.serve_pty() as path:
                    scanner: Scanner = SerialScanner(
                        self.rig, self.logs / name, path, folder / "device.key", print
                    )
                    with saved(scanner):
                        yield Gate(folder, scanner, self._workshop)
                return
            scanner = EmuScanner(self.rig, self.logs / name, remote)
            with saved(scanner):
                yield Gate(folder, scanner, self._workshop)

    def close(self) -> None:
        """Give the memory and the environment back."""
        if self._before is None:
            os.environ.pop(PATIENCE, None)
        self._equipped = None


def _with_terminal(pico: EmulatedPico, work: Callable[[str], None]) -> None:
    """Let a host tool work on a Pico of this very process: in a thread, time running meanwhile."""
    bridge = PtyBridge(pico)
    failures: list[BaseException] = []

    def run() -> None:
        try:
            work(bridge.path)
        except BaseException as fault:
            failures.append(fault)

    idle, other = os.pipe()
    thread = threading.Thread(target=run)
    thread.start()
    try:
        while thread.is_alive():
            bridge.step(idle)  # type: ignore[arg-type]  # select() takes a descriptor as well
    finally:
        thread.join()
        bridge.close()
        os.close(idle)
        os.close(other)
    if failures:
        raise failures[0]


def _device_id(console: str) -> str:
    found = re.search(READY + r"(\w+)", console)
    assert found, console
    return found.group(1)
