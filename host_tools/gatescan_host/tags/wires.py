"""The readers whose bytes `gatescan tags parse` takes, by name."""

from collections.abc import Callable

from gatescan_host.tags import barcode_wires, rfid_wires
from gatescan_host.tags.frames import Read

READERS: dict[str, Callable[[bytes], Read]] = {
    "line": barcode_wires.line,
    "gm65": barcode_wires.gm65,
    "m3y": barcode_wires.m3y,
    "ssi": barcode_wires.ssi,
    "rdm6300": rfid_wires.rdm6300,
    "r200": rfid_wires.r200,
    "pn532": rfid_wires.pn532,
    "mfrc522": rfid_wires.iso14443a,
}
