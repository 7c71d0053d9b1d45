"""What answers on a serial port where no scanner does: MicroPython's prompt says its own name."""

import re
import time

from gatescan_host.deploy.boards import TARGETS
from gatescan_host.doctor.finding import Finding, Result
from gatescan_host.errors import Exit
from gatescan_host.link.transport import GONE, open_port

# Ctrl-B leads back to the friendly prompt, which introduces itself; it interrupts no program.
_HELLO = b"\r\x02"
_WAIT_S = 1.0
_READ_S = 0.1
_BANNER = re.compile(r"(MicroPython|CircuitPython) (\S+) on [^;]*; (.+?) with (\S+)")
_BOARDS = {target.chip: board for board, target in TARGETS.items()}


def heard(address: str, wait_s: float = _WAIT_S) -> str:
    """What comes back to a greeting within `wait_s`; GatescanError when the port is not ours."""
    serial = open_port(address, timeout_s=_READ_S)
    text = b""
    try:
        serial.write(_HELLO)
        deadline = time.monotonic() + wait_s
        while time.monotonic() < deadline:
            text += serial.read(512)
            if b">>> " in text:
                break
    except GONE:
        pass  # pulled meanwhile: what came before counts
    finally:
        serial.close()
    return text.decode(errors="replace")


def finding(address: str, text: str) -> Finding:
    """What `text` (see `heard`) says about the board, and what to do with it."""
    banner = _BANNER.search(text)
    if banner is None:
        if ">>> " in text:
            return _prompt(address, "a prompt answers", "")
        if text.strip():
            return Finding(
                "scanner", Result.FAIL, f"{address} speaks, but not as a scanner",
                "Another program runs on it: hold BACK while plugging it in to get the prompt, "
                "then `gatescan deploy`.",
                Exit.TIMEOUT,
            )  # fmt: skip
        return Finding(
            "scanner", Result.FAIL, f"nothing answers on {address}",
            "Unplug it, wait five seconds, plug it in. If it stays silent: hold BOOTSEL while "
            "plugging in, copy MicroPython's .uf2 again, then `gatescan deploy`.",
            Exit.TIMEOUT,
        )  # fmt: skip
    system, version, machine, chip = banner.groups()
    board = _BOARDS.get(chip)
    if system != "MicroPython" or board is None:
        return Finding(
            "scanner", Result.FAIL, f"{system} {version} for {machine} ({chip})",
            "Gatescan runs on MicroPython for RP2040 (board rpi_pico) and ESP32-S3: put its image "
            "on the board, then `gatescan deploy`.",
        )  # fmt: skip
    said = f"{system} {version} on {machine}, no scanner runs"
    return _prompt(address, said, f" --board {board}")


def _prompt(address: str, said: str, board: str) -> Finding:
    return Finding(
        "scanner", Result.FAIL, said,
        f"Run `gatescan deploy{board} --port {address}`; where the firmware is on it already, it "
        "stopped at the prompt: plug it in anew.",
    )  # fmt: skip
