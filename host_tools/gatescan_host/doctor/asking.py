"""The parts that only a person can judge: shown one after the other, confirmed one by one."""

import time
from collections.abc import Callable
from typing import Any

from gatescan_host.doctor.finding import Finding, Result
from gatescan_host.errors import Exit, GatescanError
from gatescan_host.link import messages
from gatescan_host.link.session import ScannerLink

# names of core.screens.signals, and what a person sees; together they light all three colours
_LIGHTS = (
    ("refuse", "Does the light blink red, quickly?"),
    ("after", "Does the light blink blue, slowly?"),
    ("seal", "Is the light blue-green, with short gaps?"),
)
_TONE = ("fault", "Did you hear four low tones?")
_PRESS_LIMIT_S = 15.0
_POLL_S = 0.1

Confirm = Callable[[str], bool]
Tell = Callable[[str], None]


class Asking:
    """Shows, plays and watches over `link`; `confirm(question)` is the person's answer."""

    def __init__(
        self, link: ScannerLink, key: bytes | None, confirm: Confirm, tell: Tell,
        press_limit_s: float = _PRESS_LIMIT_S,
    ) -> None:  # fmt: skip
        self._link = link
        self._key = key
        self._confirm = confirm
        self._tell = tell
        self._press_limit_s = press_limit_s

    def settle(self, found: list[Finding]) -> list[Finding]:
        """`found` with light, sounder and buttons as the person saw, heard and pressed them."""
        asked = {"light": self._light, "sounder": self._sounder, "buttons": self._buttons}
        return [
            asked[f.what]() if f.what in asked and f.result is Result.LOOK else f for f in found
        ]

    def _ask(self, request: Any) -> Any:
        try:
            return self._link.ask(request)
        except GatescanError as refusal:
            # A person may take longer than the session does.
            if refusal.exit_code is not Exit.NOT_AUTHORISED or self._key is None:
                raise
            self._link.unlock(self._key)
            return self._link.ask(request)

    def _light(self) -> Finding:
        for light, question in _LIGHTS:
            self._ask(messages.Look(light=light, tone="silent"))
            if not self._confirm(question):
                return Finding(
                    "light", Result.FAIL, f"{light!r} was not seen",
                    "Check its 5 V, GND and the wire from light to DIN; without light and display "
                    "nobody may work with the scanner.",
                )  # fmt: skip
        return Finding("light", Result.PASS, "all three colours seen")

    def _sounder(self) -> Finding:
        tone, question = _TONE
        self._ask(messages.Look(light="ready", tone=tone))
        if self._confirm(question):
            return Finding("sounder", Result.PASS, "heard")
        return Finding(
            "sounder", Result.FAIL, "was not heard",
            "Check its two wires; it must be a passive one (an active one has a single tone).",
        )  # fmt: skip

    def _buttons(self) -> Finding:
        for number, name in enumerate(("OK", "BACK")):
            self._tell(f"Press {name} now ...")
            deadline = time.monotonic() + self._press_limit_s
            while not self._ask(messages.Shown()).pressed[number]:
                if time.monotonic() > deadline:
                    return Finding(
                        "buttons", Result.FAIL, f"{name} was not noticed",
                        "Check the wire from the button to its pin and to GND.",
                    )  # fmt: skip
                time.sleep(_POLL_S)
        return Finding("buttons", Result.PASS, "both noticed")
