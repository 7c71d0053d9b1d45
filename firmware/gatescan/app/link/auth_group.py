"""Group 65: a host proves that it holds this scanner's key before it may change anything.

Read 0 gives a nonce; write 0 `{"mac": HMAC}` opens a session that closes after a minute of
silence, with the next unlock and with a restart. The session guards the scanner's state;
tables are safe by their signature, not by it.
"""

import os

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.journal import record
from gatescan.core.smp import message
from gatescan.core.smp.message import SmpError
from gatescan.core.trust import mac
from gatescan.drivers.ticks import ticks_diff, ticks_ms

if TYPE_CHECKING:
    from gatescan.app.scanner import Scanner

AUTH_NO_NONCE = const(1)  # ask for a nonce first
AUTH_BAD_MAC = const(2)  # not this scanner's key
AUTH_NO_KEY = const(3)  # the scanner is not provisioned
_IDLE_MS = const(60_000)
_FAIL_PAUSE_MS = const(1000)  # one guess a second


class Auth:
    """The session of the link. `required()` raises unless it is open."""

    def __init__(self, scanner: "Scanner") -> None:
        self._scanner = scanner
        self._nonce = b""
        self._open = False
        self._used_ms = 0
        self._failed_ms = -_FAIL_PAUSE_MS
        scanner.router.add(message.G_AUTH, 0, read=self._challenge, write=self._unlock)

    def required(self) -> None:
        """Raise E_ACCESS_DENIED unless a session is open; an unprovisioned scanner has none."""
        now_ms = ticks_ms()
        if self._open and ticks_diff(now_ms, self._used_ms) > _IDLE_MS:
            self._open = False
        if not self._open and self._scanner.settings.provisioned:
            raise SmpError(message.E_ACCESS_DENIED)
        self._used_ms = now_ms

    def close(self) -> None:
        """End the session."""
        self._open = False
        self._nonce = b""

    def _challenge(self, arguments: dict) -> dict:
        if not self._scanner.settings.provisioned:
            raise SmpError(message.G_AUTH, AUTH_NO_KEY)
        self._nonce = os.urandom(mac.NONCE_BYTES)
        return {"nonce": self._nonce, "device": self._scanner.settings.device_id}

    def _unlock(self, arguments: dict) -> dict:
        nonce, self._nonce = self._nonce, b""
        self._open = False
        if ticks_diff(ticks_ms(), self._failed_ms) < _FAIL_PAUSE_MS:
            raise SmpError(message.E_BUSY)
        if not nonce:
            raise SmpError(message.G_AUTH, AUTH_NO_NONCE)
        settings = self._scanner.settings
        wanted = mac.unlock_mac(settings.device_key, settings.device_id.encode(), nonce)
        if not mac.equal(wanted, bytes(arguments["mac"])):
            self._failed_ms = ticks_ms()
            self._scanner.log(record.JK_UNLOCK_FAILED)
            raise SmpError(message.G_AUTH, AUTH_BAD_MAC)
        self._open = True
        self._used_ms = ticks_ms()
        self._scanner.log(record.JK_UNLOCK)
        return {"idle_ms": _IDLE_MS}
