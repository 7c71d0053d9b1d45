"""Group 65: a host proves that it holds this scanner's key before it may change anything.

Read 0 gives a nonce; write 0 `{"mac": HMAC}` opens a session; write 1 closes it, and so do a
minute of silence and a restart. The session guards the scanner's state;
tables are safe by their signature, not by it.
"""

import os

from gatescan.app.limiter import Limiter
from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.journal import record
from gatescan.core.smp import message
from gatescan.core.smp.message import SmpError
from gatescan.drivers.ticks import ticks_diff, ticks_ms

if TYPE_CHECKING:
    from gatescan.app.scanner import Scanner
    from gatescan.core.smp.router import Router

AUTH_NO_NONCE = const(1)  # ask for a nonce first
AUTH_BAD_MAC = const(2)  # not this scanner's key
AUTH_NO_KEY = const(3)  # the scanner is not provisioned
AUTH_PRESENCE = const(4)  # settings damaged: BACK must be held meanwhile
_NONCE_BYTES = const(16)
_IDLE_MS = const(60_000)
_FAIL_PAUSE_MS = const(1000)  # one guess a second
_LOG_PAUSE_MS = const(60_000)  # one logged failure a minute: guessing must not fill the log


class Auth:
    """The session of the link. `required()` raises unless it is open."""

    def __init__(self, scanner: "Scanner") -> None:
        self._scanner = scanner
        self._nonce = b""
        self._open = False
        self._answer = b""  # that opened the session
        self._used_ms = 0
        self._guesses = Limiter(_FAIL_PAUSE_MS)  # a wrong one makes the next one wait
        self._failures = Limiter(_LOG_PAUSE_MS)

    def answer(self, router: "Router") -> None:
        """Serve the commands of this group on `router`."""
        router.add(message.G_AUTH, 0, read=self._challenge, write=self._unlock)
        router.add(message.G_AUTH, 1, write=self._lock)

    @property
    def is_open(self) -> bool:
        """Whether a session is open."""
        return self._open

    def required(self) -> None:
        """Raise E_ACCESS_DENIED unless a session is open; an unprovisioned scanner has none."""
        now_ms = ticks_ms()
        self.tick(now_ms)
        settings = self._scanner.settings
        if not self._open and settings.provisioned:
            raise SmpError(message.E_ACCESS_DENIED)
        if settings.damaged and self._scanner.button_pins[1].value():
            # Not factory-new, only forgetful: a stranger at the cable must not take it over.
            raise SmpError(message.G_AUTH, AUTH_PRESENCE)
        self._used_ms = now_ms

    def tick(self, now_ms: int) -> None:
        """Let a silent session and a wrong guess become history.

        Call it at least once a day: a difference of ticks is negative after 6 days, and what
        nobody looked at meanwhile would seem to have just happened.
        """
        self._failures.tick(now_ms)
        if self._open and ticks_diff(now_ms, self._used_ms) > _IDLE_MS:
            self._open = False
        self._guesses.tick(now_ms)

    def close(self) -> None:
        """End the session."""
        self._open = False
        self._nonce = b""

    def _challenge(self, arguments: dict) -> dict:
        if not self._scanner.settings.provisioned:
            raise SmpError(message.G_AUTH, AUTH_NO_KEY)
        if not self._nonce:
            # The same until it is used: a host that asks twice may hear the first answer.
            self._nonce = os.urandom(_NONCE_BYTES)
        return {"nonce": self._nonce, "device": self._scanner.settings.device_id}

    def _unlock(self, arguments: dict) -> dict:
        from gatescan.core.trust import mac  # seldom needed, and a kilobyte of RAM (rare.py)

        given = bytes(arguments["mac"])
        if self._open and mac.equal(given, self._answer):
            return {"idle_ms": _IDLE_MS}  # a line that doubles, or our answer was lost
        nonce, self._nonce = self._nonce, b""
        self.tick(ticks_ms())
        if self._guesses.waiting:
            raise SmpError(message.E_BUSY)
        if not nonce:
            raise SmpError(message.G_AUTH, AUTH_NO_NONCE)
        settings = self._scanner.settings
        wanted = mac.unlock_mac(settings.device_key, settings.device_id.encode(), nonce)
        if not mac.equal(wanted, given):
            self._guesses.allow(ticks_ms())
            if self._failures.allow(ticks_ms()):
                self._scanner.log(record.JK_UNLOCK_FAILED)
            raise SmpError(message.G_AUTH, AUTH_BAD_MAC)
        self._open, self._answer = True, given
        self._used_ms = ticks_ms()
        self._scanner.log(record.JK_UNLOCK)
        return {"idle_ms": _IDLE_MS}

    def _lock(self, arguments: dict) -> dict:
        self.close()
        return {}
