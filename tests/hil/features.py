"""What a rig may have, as words that tests ask for; and how a rig without it could get it."""

HOW = {
    "barcode": "connect a barcode engine, or a wire from `barcode_tx` to `barcode_rx`",
    "raw": "play the engine with a port of its own: a loopback wire carries printable codes only",
    "rfid": "connect an RDM6300 and name somebody who holds cards to it (`hands = \"person\"`)",
    "buttons": "connect both buttons and name somebody who presses them (`hands = \"person\"`)",
    "screen": "connect a panel, or firmware that answers the command `shown`",
    "pixels": "use a target that sees the panel's pixels: sim or emu",
    "light": "connect the light, or firmware that answers the command `shown`",
    "tone": "connect the sounder, or firmware that answers the command `shown`",
    "rhythm": "use a target that times light and sounder: sim or emu",
    "power": "use a target whose power the test can cut: sim or emu",
    "factory_new": "erase the scanner's file system and deploy again: it must hold no keys",
    "console": "use a target whose console is recorded from power-on: sim or emu",
    "unplug": "use a target whose panel can be unplugged: sim or emu",
}
NAMES = frozenset(HOW)
# What a target cannot do that has nothing but the scanner's link.
NOT_OVER_A_PORT = frozenset(
    ("raw", "pixels", "rhythm", "power", "factory_new", "console", "unplug")
)


def reason(rig: str, feature: str) -> str:
    """Why a test is skipped that needs `feature`, and what would let it run."""
    return f"rig {rig} has no {feature}: {HOW[feature]}"
