"""The journal in the flash of a scanner that is off: where an event lies, filling it, damage."""

from gatescan.app.scanner import _MAX_SEGMENTS as MAX_SEGMENTS
from gatescan.core.codes import V_REFUSE_HANDOUT
from sim import rig

_OPEN = """
from gatescan.app.journal_flash import JournalFolder
from gatescan.core.journal import claim, places, record, segments
journal = segments.Journal(flash.device, JournalFolder("/flash/journal"), b"{device}", {segments})
"""
_PLACE = """
at = journal._places
position = max(p for p in range(len(at)) if at.firsts[p] <= {seq})
slot = {seq} - at.firsts[position]
block = at.blocks(position)[slot // 84]
print(block * 4096 + claim.HEAD_BYTES + record.RECORD_BYTES * (slot % 84))
"""
_FILL = """
number = 0
while True:
    while journal.prepare(): pass
    if journal.room <= {leave}: break
    journal.append(record.JK_SCAN, tick_ms=number, verdict={verdict})
    number += 1
if {acked}: journal.acknowledge(journal.head.seq, journal.head.link)
print(journal.room, journal.head.seq)
"""


def _run(gate: rig.Gate, script: str, **values: object) -> str:
    """Run code on the opened journal; a script that prints ends with one line."""
    text = (_OPEN + script).format(device=gate.scanner_id, segments=MAX_SEGMENTS, **values)
    return rig.flash_script(gate.scanner.state_dir, text).strip()


def place(gate: rig.Gate, seq: int) -> int:
    """Where the record of event `seq` lies, or will lie, in the flash chip."""
    return int(_run(gate, _PLACE, seq=seq))


def fill(gate: rig.Gate, leave: int, acked: bool = False) -> None:
    """Log events with the scanner's own code until `leave` more fit."""
    room, _ = _run(gate, _FILL, leave=leave, acked=acked, verdict=V_REFUSE_HANDOUT).split()
    assert acked or int(room) == leave


def damage_flash(gate: rig.Gate, address: int, data: bytes) -> None:
    """Write over the flash chip as no scanner would."""
    flash = gate.scanner.state_dir / "flash.bin"
    content = bytearray(flash.read_bytes())
    content[address : address + len(data)] = data
    flash.write_bytes(content)
