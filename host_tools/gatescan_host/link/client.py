"""SMP client that survives lost, late, doubled and damaged answers.

smpclient 7.3 gives up after a timeout for ever: the late answer makes every later one look
wrong. Here a request is sent up to three times, answers to other requests are passed over,
and every exchange has an end.
"""

import asyncio
import hashlib
import struct
from collections.abc import AsyncIterator
from time import monotonic
from typing import Any, Final

from pydantic import ValidationError
from smp import header as smpheader
from smp.exceptions import SMPException
from smpclient import SMPClient
from smpclient.exceptions import SMPClientException
from smpclient.generics import success
from smpclient.requests.image_management import ImageUploadWrite
from smpclient.transport import SMPTransportDisconnected
from typing_extensions import override

from gatescan_host.errors import Exit, GatescanError
from gatescan_host.link.patience import patient
from gatescan_host.link.transport import ScannerTransport

_TRIES: Final = 3
_MAX_STANDSTILL: Final = 5  # answers in a row that ask for the same offset again
_UPLOAD_PATIENCE: Final = 4  # times the usual timeout: flash is erased, a signature checked


class LinkLost(GatescanError):
    """The cable was pulled or the scanner lost power."""

    exit_code = Exit.NO_DEVICE


class LinkTimeout(GatescanError):
    """Nobody answered."""

    exit_code = Exit.TIMEOUT


class UploadRefused(Exception):
    """The scanner refused a part of the upload with `code` (smp.error.MGMT_ERR)."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class ScannerClient(SMPClient):
    """`request` with retries, `send_file` with resume."""

    def __init__(self, address: str, timeout_s: float = 2.5) -> None:
        self._scanner_transport = ScannerTransport()
        super().__init__(self._scanner_transport, address, timeout_s)
        self.retries = 0  # requests sent again since the port was opened

    @override
    async def request(self, request: Any, timeout_s: float | None = None) -> Any:
        """The typed response or error to `request`; raises LinkLost or LinkTimeout."""
        limit = patient(timeout_s if timeout_s is not None else self._timeout_s)
        for attempt in range(_TRIES):
            if attempt:
                self.retries += 1
            try:
                self._scanner_transport.drop_input()
                async with asyncio.timeout(limit):
                    await self._scanner_transport.send(request.BYTES)
                    return _load(request, await self._own_answer(request))
            except TimeoutError:
                continue
            except _Unreadable:
                continue
            except SMPTransportDisconnected:
                raise LinkLost(
                    f"The connection to {self.address} broke off: "
                    "check the cable and start again; nothing is lost."
                ) from None
        raise LinkTimeout(
            f"The scanner at {self.address} does not answer: "
            "check that it has power and runs Gatescan, then start again."
        )

    async def _own_answer(self, request: Any) -> bytes:
        while True:
            try:
                frame = await self._scanner_transport.receive()
            except SMPTransportDisconnected:
                raise
            except (SMPException, SMPClientException, ValueError, struct.error):
                continue  # a damaged line; ours may still come
            if len(frame) < smpheader.Header.SIZE:
                continue
            if frame[6] == request.header.sequence and frame[7] == request.header.command_id:
                return frame

    async def send_file(self, data: bytes) -> AsyncIterator[int]:
        """Upload `data` into the staging slot, going on where an earlier try stopped.

        Yields the offset after each packet. Raises UploadRefused when the scanner will not
        have it, LinkTimeout when it does not move on.
        """
        offset = 0
        standstill = 0
        digest = hashlib.sha256(data).digest()
        while offset != len(data):
            if offset == 0:
                packet = ImageUploadWrite(off=0, data=b"", len=len(data), sha=digest)
            else:
                packet = ImageUploadWrite(off=offset, data=b"")
            response = await self.request(
                self._maximize_upload_packet(packet, data), _UPLOAD_PATIENCE * self._timeout_s
            )
            # A refusal of an upload has the form of an answer with `rc` and without `off`.
            code = getattr(response, "rc", None)
            if code:
                raise UploadRefused(int(code))
            if not success(response) or response.off is None:
                raise LinkTimeout("The scanner's answer to the upload makes no sense: try again.")
            standstill = standstill + 1 if response.off <= offset else 0
            if standstill > _MAX_STANDSTILL or response.off > len(data):
                raise LinkTimeout("The upload does not move on: restart the scanner, try again.")
            offset = response.off
            yield offset

    async def wait_alive(self, limit_s: float) -> None:
        """Connect, waiting up to `limit_s` for a scanner that is just starting."""
        deadline = monotonic() + patient(limit_s)
        while True:
            try:
                await self.connect()
                return
            except GatescanError:
                if monotonic() > deadline:
                    raise
                await asyncio.sleep(0.2)


class _Unreadable(Exception):
    pass


def _load(request: Any, frame: bytes) -> Any:
    for kind in (request._Response, request._ErrorV1, request._ErrorV2):
        try:
            return kind.loads(frame)
        except (ValidationError, SMPException, ValueError, TypeError):
            continue
    raise _Unreadable
