"""Three commands of group 68 for whoever tests: send on the reader's line, tell what is shown,
show a light and a tone to a person.

A rig may consist of the scanner and one wire from `barcode_tx` to `barcode_rx`. What `loopback`
sends then comes back as a scan, and what `shown` tells is the answer that a guard would see.

All need an unlocked session, or a scanner without keys. Through `loopback` a stranger at the
cable could scan things that nobody holds and write to the barcode engine's command input;
`shown` would tell him what lies on the counter. That is the guard's and the host's business only.
"""

from gatescan.app.link.device_group import DEVICE_VISIT_OPEN
from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.screens import Screen
from gatescan.core.screens.signals import LIGHTS, TONES
from gatescan.core.smp import message
from gatescan.core.smp.message import G_DEVICE, SmpError

if TYPE_CHECKING:
    from gatescan.app.scanner import Scanner

_NEVER = ("allow",)  # what only a checked rule may say: nobody shall get used to it meaning less
_MOST_BYTES = const(64)  # the UART's send buffer takes them at once
_CR = const(13)
_GS = const(29)  # separates the elements of a GS1 code
_PRINTABLE = (0x20, 0x7E)  # no zero byte: no command of an engine can be made of these


def loopback(scanner: "Scanner", arguments: dict) -> dict:
    """`{"d": 1 to 64 characters: printable ASCII, GS, CR}` -> `{"sent": bytes}`."""
    data = arguments["d"].encode()
    if not 0 < len(data) <= _MOST_BYTES:
        raise SmpError(message.E_INVALID)
    for byte in data:
        if not _PRINTABLE[0] <= byte <= _PRINTABLE[1] and byte != _CR and byte != _GS:
            raise SmpError(message.E_INVALID)
    return {"sent": scanner.gate.barcode.uart.write(data) or 0}


def shown(scanner: "Scanner", arguments: dict) -> dict:
    """`{}` -> word and lines, light and tone now, and how many screens there were since start."""
    panel = scanner.panel
    screen = panel.shown
    if screen is None:
        raise SmpError(message.E_BAD_STATE)
    return {
        "lines": [screen.big] + list(screen.lines),
        "light": screen.light,
        "tone": screen.tone,
        "count": panel.screens,
        "display": panel.display_present,
        "pressed": [not pin.value() for pin in scanner.button_pins],
    }


def look(scanner: "Scanner", arguments: dict) -> dict:
    """`{"light": name, "tone": name}` shows both on a screen that says TEST, for four seconds.

    Refused while a visit is open, and always for the light and the tone of `allow`.
    """
    light, tone = arguments["light"], arguments["tone"]
    if light not in LIGHTS or tone not in TONES or light in _NEVER or tone in _NEVER:
        raise SmpError(message.E_INVALID)
    if scanner.checkpoint.visit_open:
        raise SmpError(G_DEVICE, DEVICE_VISIT_OPEN)
    scanner.panel.show_fault(Screen("TEST", (light, tone), light, tone))
    return {}
