"""No heap creep: after hundreds of scans the scanner has the memory it had before."""

from bench.soak import soak

_STEPS = 300
_ALLOWED_BYTES = 2048


def test_memory_stays_where_it_was(gate):
    figures = soak(gate, _STEPS)
    print(figures)
    assert figures["restarts"] == 0
    assert figures["verdicts"] > _STEPS // 2
    lost = figures["free_first_bytes"] - figures["free_least_bytes"]
    assert lost <= _ALLOWED_BYTES, f"slope {figures['slope_bytes_per_scan']} bytes a scan"
