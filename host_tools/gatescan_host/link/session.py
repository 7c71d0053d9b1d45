"""A scanner on a serial port, as commands see it: plain calls, plain values, clear errors."""

import asyncio
import contextlib
import hashlib
import os
import time
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self, TypeVar

from smp import error as smperror
from smpclient.generics import error_v1, error_v2, success
from smpclient.requests.os_management import DateTimeRead, DateTimeWrite, EchoWrite, ResetWrite

from gatescan.core.smp import cbor
from gatescan.core.trust import mac
from gatescan_host.errors import Exit, GatescanError
from gatescan_host.link import messages
from gatescan_host.link.client import LinkLost, LinkTimeout, ScannerClient, UploadRefused
from gatescan_host.link.patience import patient

_T = TypeVar("_T")
_VERIFY_LIMIT_S = 120.0
_UNLOCK_TRIES = 3
_NONCE_SPENT = (65, 1)  # group and code of app/link/auth_group.py
Progress = Callable[[int, int], None]


class ScannerLink:
    """Open with `with`; every method raises GatescanError with the exit code of its kind."""

    def __init__(self, address: str, *, timeout_s: float = 2.5, patience_s: float = 0.0) -> None:
        self._loop = asyncio.new_event_loop()
        self._client = ScannerClient(address, timeout_s)
        self._patience_s = patience_s
        self._unlocked = False
        self.address = address

    def __enter__(self) -> Self:
        try:
            self._run(self._client.wait_alive(self._patience_s))
        except BaseException:
            self._run(self._client.disconnect())
            self._loop.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if self._unlocked and not isinstance(value, LinkLost | LinkTimeout):
                # The scanner does not see a port being closed: tell it that nobody follows.
                with contextlib.suppress(GatescanError):
                    self.ask(messages.Lock())
            self._run(self._client.disconnect())
        finally:
            self._loop.close()

    @property
    def retries(self) -> int:
        """Requests that had to be sent again since the port was opened."""
        return self._client.retries

    def _run(self, work: Coroutine[Any, Any, _T]) -> _T:
        return self._loop.run_until_complete(work)

    def ask(self, request: Any, timeout_s: float | None = None) -> Any:
        """The successful response to `request`; refusals become GatescanError."""
        response = self._run(self._client.request(request, timeout_s))
        if success(response):
            return response
        if error_v1(response):
            raise _refusal(response.rc)
        if error_v2(response):
            raise GroupRefusal(int(response.err.group), int(response.err.rc))
        raise GatescanError("The scanner's answer makes no sense: is its firmware older?")

    def echo(self, text: str) -> str:
        """What the scanner sends back."""
        return self.ask(EchoWrite(d=text)).r

    def unlock(self, key: bytes) -> str:
        """Open a session with the scanner's own `key`; returns the device id."""
        for left in reversed(range(_UNLOCK_TRIES)):
            challenge = self.ask(messages.Challenge())
            answer = mac.unlock_mac(key, challenge.device.encode(), challenge.nonce)
            try:
                self.ask(messages.Unlock(mac=answer))
                break
            except GroupRefusal as refusal:
                # Asked twice because an answer was lost: the first had used the nonce up.
                if not left or (refusal.group, refusal.code) != _NONCE_SPENT:
                    raise
        self._unlocked = True
        return challenge.device

    def status(self, key: bytes | None = None) -> dict[str, Any]:
        """The scanner's report; with `key` its authenticity is checked, `authentic` says so."""
        nonce = os.urandom(mac.NONCE_BYTES) if key else None
        response = self.ask(messages.Status(nonce=nonce))
        report = response.model_dump(
            exclude={"header", "version", "sequence", "smp_data"}, exclude_unset=True
        )
        if nonce is None or key is None:
            return report
        given = report.pop("mac", b"")
        wanted = mac.report_mac(key, report["device"].encode(), nonce, cbor.encode(report))
        if not mac.equal(wanted, given):
            raise GatescanError(
                "The scanner's report is not signed with its key: "
                "this is another scanner, or its key was replaced.",
                Exit.NOT_AUTHORISED,
            )
        report["authentic"] = True
        return report

    def get_time(self) -> str:
        """The scanner's clock as ISO 8601 text in UTC."""
        return self.ask(DateTimeRead()).datetime

    def set_time(self, utc: float | None = None) -> str:
        """Set the clock (now, unless given) and return what the scanner then tells."""
        moment = datetime.fromtimestamp(time.time() if utc is None else utc, UTC)
        self.ask(DateTimeWrite(datetime=moment.strftime("%Y-%m-%dT%H:%M:%S+00:00")))
        return self.get_time()

    def reset(self) -> None:
        """Restart the scanner."""
        self.ask(ResetWrite())
        self._unlocked = False

    def open_maintenance(self) -> None:
        """Restart the scanner into MicroPython's prompt, once."""
        self.ask(messages.Maintenance())
        self._unlocked = False

    def provision(
        self,
        key: bytes,
        public_key: bytes,
        site_id: str,
        language: str,
        readers: str = "rdm6300",
    ) -> str:
        """Give the scanner its keys, and say which RFID readers it has; returns the device id."""
        request = messages.Provision(
            key=key, public=public_key, site=site_id, lang=language, readers=readers
        )
        return self.ask(request).device

    def upload(self, data: bytes, progress: Progress | None = None) -> bytes:
        """Send a signed table file into the staging slot; returns its SHA-256."""

        async def send() -> None:
            async for offset in self._client.send_file(data):
                if progress is not None:
                    progress(offset, len(data))

        try:
            self._run(send())
        except UploadRefused as refused:
            if refused.code == smperror.MGMT_ERR.ECORRUPT:
                raise self._table_rejected() from None
            raise _refusal(smperror.MGMT_ERR(refused.code)) from None
        return hashlib.sha256(data).digest()

    def activate(self, sha: bytes, progress: Progress | None = None) -> dict[str, Any]:
        """Have the uploaded file verified and used; returns the status after it."""
        try:
            self.ask(messages.Activate(sha=sha))
        except GatescanError as refusal:
            # A lost answer makes us ask twice: then the scanner is already at it.
            if refusal.exit_code is not Exit.BUSY:
                raise
        report = self.settled(progress)
        if report["job"] == "refused":
            raise self._table_rejected(report)
        if report["job"] != "active":
            raise GatescanError("The scanner restarted while it verified the table: sync again.")
        return report

    def settled(self, progress: Progress | None = None) -> dict[str, Any]:
        """The status once no table is being verified: a pulled cable does not end that."""
        deadline = time.monotonic() + patient(_VERIFY_LIMIT_S)
        while True:
            report = self.status()
            if report["job"] not in ("verifying", "searching"):
                return report
            if time.monotonic() > deadline:
                raise GatescanError(
                    "The scanner is still verifying the table: ask `gatescan status` later.",
                    Exit.TIMEOUT,
                )
            if progress is not None:
                progress(report["job_bytes"], report["staged"])
            time.sleep(0.02)

    def journal(self, first: int) -> tuple[bytes, int]:
        """Records from number `first` on, as many as one answer holds, and their count."""
        response = self.ask(messages.JournalRead(first=first))
        return response.records, response.count

    def acknowledge(self, seq: int, link: bytes) -> None:
        """Tell the scanner that every record up to `seq`, whose link is `link`, is stored."""
        self.ask(messages.Acknowledge(seq=seq, link=link))

    def _table_rejected(self, report: dict[str, Any] | None = None) -> GatescanError:
        refusal = (report or self.status()).get("refusal")
        text = refusal["text"] if refusal else "The scanner refused the table."
        return GatescanError(text, Exit.TABLE_REJECTED)


class GroupRefusal(GatescanError):
    """A refusal with a group's own code."""

    def __init__(self, group: int, code: int) -> None:
        sentence, exit_code = _GROUP_SENTENCES.get(
            (group, code), (f"The scanner refused (group {group}, code {code}).", Exit.FAILED)
        )
        super().__init__(sentence, exit_code)
        self.group, self.code = group, code


_GROUP_SENTENCES = {
    (0, 4): ("The scanner's clock is not set: run `gatescan time --set`.", Exit.FAILED),
    (65, 1): ("The scanner asked for nothing to sign: start again.", Exit.NOT_AUTHORISED),
    (65, 2): (
        "The scanner does not accept this key: use the key it was provisioned with.",
        Exit.NOT_AUTHORISED,
    ),
    (65, 3): ("The scanner has no keys yet: provision it first.", Exit.NOT_AUTHORISED),
    (65, 4): (
        "The scanner's settings are damaged: hold its BACK button while you provision it.",
        Exit.NOT_AUTHORISED,
    ),
    (66, 1): ("The scanner has no whole upload of this file: sync again.", Exit.FAILED),
    (66, 2): ("The scanner does not want this patch: sync the whole table.", Exit.FAILED),
    (67, 1): (
        "The scanner's journal differs from the stored one: run `gatescan log verify`.",
        Exit.CHAIN_BROKEN,
    ),
    (68, 2): ("A visit is open at the scanner: close it, then test.", Exit.BUSY),
    (68, 1): (
        "The scanner refused the settings: check public key, site id and language.",
        Exit.FAILED,
    ),
}


def _refusal(code: smperror.MGMT_ERR) -> GatescanError:
    if code == smperror.MGMT_ERR.EACCESSDENIED:
        return GatescanError(
            "The scanner wants to be unlocked first: give its device key (--device-key).",
            Exit.NOT_AUTHORISED,
        )
    if code == smperror.MGMT_ERR.EBUSY:
        return GatescanError("The scanner is busy: try again in a moment.", Exit.BUSY)
    if code == smperror.MGMT_ERR.ENOTSUP:
        return GatescanError("The scanner does not know this command: update its firmware.")
    if code == smperror.MGMT_ERR.ENOMEM:
        return GatescanError(
            "The scanner has no memory left for this: restart it, then try once more."
        )
    return GatescanError(f"The scanner refused the request ({code.name}).")
