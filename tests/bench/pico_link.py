"""A host on the emulated Pico's USB, paced by the emulated clock: requests, and one sync."""

import hashlib
import struct
import time
from typing import Any

from pico_material import DEVICE_KEY

from emulated_pico.machine import EmulatedPico
from gatescan.core.smp import cbor, frame, message
from gatescan.core.trust import mac

_LIMIT_BYTES = 2044  # of a message: buf_size of the scanner without its length and check
_ANSWER_MS = 10_000
_TAGS = {"inmate-7f3a": b"2A00C0FFE1"}


class Link:
    """Requests and their answers; times are emulated."""

    def __init__(self, pico: EmulatedPico) -> None:
        self._pico = pico
        self._sequence = 0

    def ask(
        self, op: int, group: int, command: int, body: dict[str, Any], limit_ms: float = _ANSWER_MS
    ) -> dict[str, Any]:
        """The answer to one request; ends the program when none comes in time."""
        self._sequence = (self._sequence + 1) % 256
        raw = cbor.encode(body)
        head = struct.pack(">BBHHBB", op | 8, 0, len(raw), group, self._sequence, command)
        self._pico.link_write(frame.encode_lines(head + raw))
        seen = len(self._pico.frames)

        def mine() -> "bytes | None":
            answers = self._pico.frames[seen:]
            return next((a for a in answers if a[6] == self._sequence), None)

        self._pico.run_until(mine, limit_ms)
        answer = mine()
        if answer is None:
            raise SystemExit(
                f"No answer to group {group} command {command}:\n{self._pico.console[-800:]}"
            )
        return _owned(cbor.decode(answer[8:]))

    def unlock(self) -> None:
        """Open the session that setting the clock needs."""
        asked = self.ask(message.OP_READ, message.G_AUTH, 0, {})
        proof = mac.unlock_mac(DEVICE_KEY, asked["device"].encode(), asked["nonce"])
        self.ask(message.OP_WRITE, message.G_AUTH, 0, {"mac": proof})

    def set_time(self) -> None:
        """Give the scanner this computer's time: the tables were signed by it."""
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime())
        self.ask(message.OP_WRITE, message.G_OS, 4, {"datetime": stamp})

    def open_visit(self, card: str) -> None:
        """Hold a visit card to the RFID reader."""
        number = _TAGS[card]
        check = 0
        for byte in bytes.fromhex(number.decode()):
            check ^= byte
        self._pico.rfid.send((b"\x02" + number + b"%02X" % check + b"\x03") * 2)
        self._pico.run_ms(800)

    def sync(self, data: bytes) -> dict[str, float]:
        """Upload a signed table and have it verified and used; what it took."""
        digest = hashlib.sha256(data).digest()
        times: list[tuple[int, float]] = []
        begun = self._pico.now_ms
        offset = 0
        while offset < len(data):
            body: dict[str, Any] = {"off": offset, "data": b""}
            if not offset:
                body.update(len=len(data), sha=digest)
            room = _LIMIT_BYTES - message.HEADER_BYTES - len(cbor.encode(body)) - 2
            body["data"] = data[offset : offset + room]
            sent = self._pico.now_ms
            answer = self.ask(message.OP_WRITE, message.G_IMAGE, 1, body)
            if "off" not in answer:
                status = self.ask(message.OP_READ, message.G_TABLE, 0, {})
                raise SystemExit(f"The scanner refused the upload: {status.get('refusal')}")
            times.append((answer["off"] - offset, self._pico.now_ms - sent))
            offset = answer["off"]
        uploaded = self._pico.now_ms
        self.ask(message.OP_WRITE, message.G_TABLE, 1, {"sha": digest})
        while True:
            status = self.ask(message.OP_READ, message.G_TABLE, 0, {})
            if status["job"] not in ("verifying", "idle"):
                break
            self._pico.run_ms(20)
        if status["job"] != "active":
            raise SystemExit(f"The scanner refused the table: {status.get('refusal')}")
        steady = times[3:-1] or times  # without the head, whose signature is verified on the way
        return {
            "bytes": len(data),
            "upload_ms": round(uploaded - begun, 1),
            "activate_ms": round(self._pico.now_ms - uploaded, 1),
            "upload_kb_per_s": round(len(data) / (uploaded - begun), 1),
            "steady_kb_per_s": round(sum(n for n, _ in steady) / sum(ms for _, ms in steady), 1),
        }


def _owned(value: Any) -> Any:
    """The value with every view into the frame copied."""
    if isinstance(value, dict):
        return {key: _owned(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_owned(inner) for inner in value]
    return bytes(value) if isinstance(value, memoryview) else value
