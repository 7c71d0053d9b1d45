"""A sync host inside emulated time: sends SMP requests and runs the Pico until it answers.

Real host tools (tests/hil) live in wall time. Proofs and benchmarks need the host's clock to be
the emulated one, too: what happens then depends on nothing but the seed.
"""

import hashlib
import struct
import time
from collections.abc import Callable
from typing import Any

from emulated_pico.machine import EmulatedPico
from gatescan.core.smp import cbor
from gatescan.core.smp.frame import encode_lines
from gatescan.core.smp.message import G_AUTH, G_IMAGE, G_JOURNAL, G_OS, G_TABLE
from gatescan.core.smp.router import OP_READ, OP_WRITE
from gatescan.core.trust import mac

_VERSION_2 = 0x08
_HEADER_BYTES = 8
_WIRE_BYTES = 6  # length and CRC around a message, and a margin
_TIMEOUT_MS = 20_000.0
_VERIFY_MS = 60_000.0
_LOOK_MS = 20.0


class NoAnswer(AssertionError):
    """The scanner left a request unanswered."""


class HostLink:
    """Requests one after the other; `ask` raises NoAnswer, refusals come back as maps."""

    def __init__(self, pico: EmulatedPico) -> None:
        self.between: Callable[[], object] = lambda: None  # called while a table is verified
        self.pico = pico
        self._sequence = 0

    def ask(
        self,
        op: int,
        group: int,
        command: int,
        body: dict[str, Any],
        timeout_ms: float = _TIMEOUT_MS,
    ) -> dict[str, Any]:
        """The answer's map."""
        self._sequence = (self._sequence + 1) % 256
        data = cbor.encode(body)
        header = struct.pack(
            ">BBHHBB", op | _VERSION_2, 0, len(data), group, self._sequence, command
        )
        pico, seen = self.pico, len(self.pico.frames)
        pico.link_write(encode_lines(header + data))

        def answered() -> bool:
            return any(frame[6] == self._sequence for frame in pico.frames[seen:])

        if not pico.run_until(answered, timeout_ms):
            raise NoAnswer(f"no answer to group {group} command {command}: {pico.console[-400:]}")
        frame = next(frame for frame in pico.frames[seen:] if frame[6] == self._sequence)
        return dict(cbor.decode(frame[_HEADER_BYTES:]))

    def unlock(self, key: bytes) -> None:
        """Open a session; the scanner logs it."""
        challenge = self._good(self.ask(OP_READ, G_AUTH, 0, {}))
        answer = mac.unlock_mac(key, challenge["device"].encode(), bytes(challenge["nonce"]))
        self._good(self.ask(OP_WRITE, G_AUTH, 0, {"mac": answer}))

    def set_time(self, utc: int) -> None:
        """Set the clock, UTC seconds since 1970."""
        text = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(utc))
        self._good(self.ask(OP_WRITE, G_OS, 4, {"datetime": text}))

    def status(self) -> dict[str, Any]:
        """The scanner's report."""
        return self._good(self.ask(OP_READ, G_TABLE, 0, {}))

    def upload(
        self,
        data: bytes,
        go_on: Callable[[], bool] = lambda: True,
        note: Callable[[int], None] = lambda offset: None,
    ) -> bool:
        """Send a table file; False when `go_on()`, asked before each packet, ended it.

        `note(offset)` hears how far it is after each packet.
        """
        sha = hashlib.sha256(data).digest()
        limit = self.ask(OP_READ, G_OS, 6, {})["buf_size"]
        offset = 0
        while offset < len(data):
            if not go_on():
                return False
            body: dict[str, Any] = {"off": offset, "data": b""}
            if not offset:
                body |= {"len": len(data), "sha": sha, "image": 0}
            room = limit - _HEADER_BYTES - _WIRE_BYTES - len(cbor.encode(body))
            body["data"] = data[offset : offset + room]
            answer = self.ask(OP_WRITE, G_IMAGE, 1, body)
            assert "off" in answer, f"upload refused: {answer} {self.status().get('refusal')}"
            offset = answer["off"]
            note(offset)
        return True

    def activate(self, data: bytes) -> None:
        """Have the uploaded file verified and used."""
        self._good(self.ask(OP_WRITE, G_TABLE, 1, {"sha": hashlib.sha256(data).digest()}))
        end_ms = self.pico.now_ms + _VERIFY_MS
        while (report := self.status())["job"] == "verifying":
            if self.pico.now_ms > end_ms:
                raise NoAnswer("the table is still being verified")
            self.between()
            self.pico.run_ms(_LOOK_MS)
        assert report["job"] == "active", report

    def records(self, first: int) -> bytes:
        """Journal records from number `first` on."""
        found = bytearray()
        while True:
            answer = self._good(self.ask(OP_READ, G_JOURNAL, 0, {"first": first}))
            if not answer["count"]:
                return bytes(found)
            found += answer["records"]
            first += answer["count"]

    def acknowledge(self) -> None:
        """Say that everything logged so far is stored; needs a session."""
        journal = self.status()["journal"]
        body = {"seq": journal["seq"], "link": bytes(journal["link"])}
        self._good(self.ask(OP_WRITE, G_JOURNAL, 1, body))

    @staticmethod
    def _good(answer: dict[str, Any]) -> dict[str, Any]:
        if answer.get("rc") or "err" in answer:
            raise AssertionError(f"the scanner refused: {answer}")
        return answer
