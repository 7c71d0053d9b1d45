"""No heap creep: after hundreds of scans the scanner has the memory it had before."""

from pathlib import Path

from bench import soak_tags
from bench.soak import soak
from gatescan_host.link.provisioning import Reader
from sim import rig

_STEPS = 300
_ALLOWED_BYTES = 2048
_TAGS = 24  # each kind twice
_SEED = 7


def test_memory_stays_where_it_was(gate):
    figures = soak(gate, _STEPS)
    print(figures)
    assert figures["restarts"] == 0
    assert figures["verdicts"] > _STEPS // 2
    lost = figures["free_first_bytes"] - figures["free_least_bytes"]
    assert lost <= _ALLOWED_BYTES, f"slope {figures['slope_bytes_per_scan']} bytes a scan"


def test_every_kind_of_tag_is_answered_by_a_reader_that_has_much_to_load(tmp_path: Path) -> None:
    gate = rig.Gate(tmp_path, rig.simulator(tmp_path, engine="gm861", reader=Reader.PN532))
    gate.scanner.power_on()
    try:
        soak_tags.equip(gate)
        figures = soak_tags.soak(gate, _TAGS, _SEED)
    finally:
        gate.close()
    print(figures)
    assert (figures["answered"], figures["without_memory"]) == (figures["tags"], 0)
    assert (figures["restarts"], figures["starts"]) == (0, 2)
