"""MicroPython's prompt on a serial port, through mpremote's transport: commands in, text out.

mpremote waits for ever where a board falls silent in the middle of a command; here the port has
a read timeout, and whatever goes wrong becomes one sentence and an exit code.
"""

import contextlib
import io
import struct
import time
from collections.abc import Iterator

from mpremote.transport import TransportError, TransportExecError
from mpremote.transport_serial import SerialTransport
from typing_extensions import override

from gatescan_host.errors import Exit, GatescanError
from gatescan_host.link.patience import patient
from gatescan_host.link.transport import GONE, open_port

_PROBE_S = 0.3  # between two tries to get the prompt
_ANSWER_S = 10.0  # silence in the middle of a command


class BoardFault(GatescanError):
    """A command failed on the board; `text` is its last line, such as OSError: 28."""

    def __init__(self, text: str) -> None:
        super().__init__(f"The board refused a step ({text}): deploy again.")
        self.text = text


class _Transport(SerialTransport):
    """mpremote's transport on a port that is opened our way and never blocks for ever."""

    @override
    def __init__(self, address: str) -> None:  # the rest of SerialTransport's state, by hand
        self.in_raw_repl = False
        self.use_raw_paste = True
        self.device_name = address
        self.mounted = False
        self.is_pty = True  # read with the port's timeout instead of polling every 10 ms
        self.serial = open_port(address, timeout_s=patient(_PROBE_S))


class Prompt:
    """Raw REPL of the board at `address`. Use `enter`, then `run`; `close` in the end."""

    def __init__(self, address: str) -> None:
        self.address = address
        with self._told():
            self._transport = _Transport(address)

    def close(self) -> None:
        """Give the port back."""
        with contextlib.suppress(*GONE):
            self._transport.serial.close()

    def enter(self, limit_s: float) -> bool:
        """Stop what runs and get the prompt within `limit_s`, with a fresh heap; 0 tries once.

        False when nothing answers as MicroPython does: another program holds the board.
        """
        probe_s, answer_s = patient(_PROBE_S), patient(_ANSWER_S)
        deadline = time.monotonic() + limit_s
        with self._told():
            while True:
                self._transport.serial.timeout = probe_s
                # mpremote prints what it received; that is for nobody.
                with contextlib.redirect_stdout(io.StringIO()):
                    try:
                        self._transport.enter_raw_repl(soft_reset=False, timeout_overall=probe_s)
                        self._transport.serial.timeout = answer_s
                        self._transport.enter_raw_repl(soft_reset=True, timeout_overall=answer_s)
                        return True
                    except TransportError:
                        if time.monotonic() >= deadline:
                            return False
                        probe_s *= 2  # it may be slow rather than deaf

    def run(self, code: str) -> str:
        """What `code` prints on the board; raises BoardFault where it raises."""
        with self._told():
            printed, fault = self._transport.exec_raw(code, timeout=patient(_ANSWER_S))
            if fault:
                raise TransportExecError(printed, fault.decode(errors="replace"))
            return str(printed, errors="replace")

    def leave(self) -> None:
        """Back to the friendly prompt: the board waits for whoever comes next."""
        with self._told():
            self._transport.exit_raw_repl()

    def restart(self) -> None:
        """Restart the board as if it had been plugged in."""
        with self._told():
            self._transport.exec_raw_no_follow("import machine\nmachine.reset()")

    def heard(self) -> bytes:
        """What has arrived unasked, after waiting a moment for it."""
        with self._told():
            self._transport.serial.timeout = patient(_PROBE_S)
            first = self._transport.serial.read(1)
            return bytes(first + self._transport.serial.read(self._transport.serial.in_waiting))

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except TransportExecError as fault:
            lines = fault.error_output.strip().splitlines()
            raise BoardFault(lines[-1] if lines else "no reason given") from None
        except (TransportError, struct.error, ValueError):
            raise GatescanError(
                f"The board at {self.address} fell silent: check the cable, deploy again; "
                "what was copied is kept.",
                Exit.TIMEOUT,
            ) from None
        except GONE:
            raise GatescanError(
                f"The connection to {self.address} broke off: plug the board in again and "
                "deploy again; what was copied is kept.",
                Exit.NO_DEVICE,
            ) from None
