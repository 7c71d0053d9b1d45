"""Targets of the suite: the simulator, the emulated Pico, a scanner on a serial port."""

from collections.abc import Callable
from pathlib import Path

from hil.rig import Rig
from hil.targets.bench import Bench


def open_bench(
    target: str, rig: Rig, work: Path, logs: Path, tell: Callable[[str], None]
) -> Bench:
    """The bench for `--target`; `work` is this run's own folder, `logs` takes one a test.

    `tell` puts a line on the terminal, for a person who acts.
    """
    if rig.target == "sim":
        from hil.targets.sim import SimBench

        return SimBench(rig, work, logs)
    if rig.target == "emu":
        from hil.targets.emu import EmuBench

        return EmuBench(rig, work, logs)
    from hil.targets.serial_port import SerialBench

    return SerialBench(rig, work, logs, target, tell)
