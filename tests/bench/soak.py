"""Scan for a long time and watch the memory: python tests/bench/soak.py [COUNT] (10,000).

Prints one JSON document: free memory (after a collection) along the way, its slope, latencies.
Between what a guard scans come codes that somebody printed to do harm: `attacks` counts them.
"""

import json
import statistics
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / name) for name in ("firmware", "host_tools", "tests")]

from sim import rig  # noqa: E402 - needs the folders above

# what the guard does, over and over; a step is a barcode, a command of the
# printed sheet, or a button
_ROUND = (
    rig.SPREAD, rig.VODKA, rig.UNKNOWN, rig.RADIO, rig.SEAL, "no such tag", rig.RADIO, "back",
    "sheet:VISITOR", rig.VODKA, "sheet:DKK500", "4006381333930",
)  # fmt: skip
# product codes of every carrier, and codes made to confuse: over-long ones, dear ones, control
# characters, and what engines obey or send
_CODES = (
    "]d20109521234543213211234\x1d10AB", "]C100395212340000000014", "]e00109521234543213",
    "https://id.gs1.org/01/09521234543213/21/1234?17=271231", "0109521234543213",
    "]Q1https://evil.example/01/09521234543213/21/%2e%2e%2f", "]E0000000000000", "]I1",
)  # fmt: skip
_ATTACKS = (
    b"]Q1" + b"A" * 4096, b"]Q3" + b"0109521234543213" * 200, b"10" * 60,
    b"]C1" + b"90A\x1d" * 30, b"]d2" + b"37" * 62, b"https://" + b"%41/" * 28,
    b"\x00\x01\x02\x07\x08\x1b[2J\x7f", b"\x1d" * 120, b"^_^SCAN.", b"^_^DEFALT.",
    b"\x7e\x00\x08\x01\x00\xd9\x55\xab\xcd", b"\x16T", b"\x16M\rDEFALT.",
    b"\x02\x00\x00\x01\x00\x33\x31", b"\x04\xe5\x04\x00\xff\x13",
    b"\x07\xc6\x04\x00\xff\x2d\x01\xfe\x02", b"\x06\xf3\x00\x00\x0b1\xfe\xcb",
    b"\x5a\x00\x00\x0aS_CMD_0000\x10\xa5", "æøå€".encode(), b"\xff" * 64, b"P<" + b"<" * 86,
    b"4111111111111111", b"one\rtwo\rthree", b"urn:epc:id:sgtin:0614141.112345.400",
)  # fmt: skip
_ALLOWED = rig.SPREAD.zfill(14)
_ATTACK_EVERY = 4  # steps
_WARM_UP = 120  # steps until every code was scanned once
_HELD_OPEN = 20  # steps, much less than the link's rooms stay open without a question
_ATTACK_S = 0.04  # 4 kB take a third of a second at 115,200 baud; a pty has no speed
_SAMPLES = 40
_SETTLING = 3  # samples until all that answers a host is there


def soak(gate: rig.Gate, count: int) -> dict[str, Any]:
    """Do `count` steps at a gate with an open visit; the figures."""
    gate.open_visit()
    every = max(1, (count - _WARM_UP) // _SAMPLES)
    samples: list[tuple[int, int, int]] = []
    latencies: list[int] = []
    begun = time.monotonic()
    for number in range(1, count + 1):
        if number % _ATTACK_EVERY == 0:
            _attack(gate, _ATTACKS[number // _ATTACK_EVERY % len(_ATTACKS)])
        else:
            turn, at = divmod(number - number // _ATTACK_EVERY, len(_ROUND))
            # every second round is one of codes
            latency = _step(gate, _CODES[at % len(_CODES)] if turn & 1 else _ROUND[at])
            if latency is not None:
                latencies.append(latency)
        if number < _WARM_UP and number % _HELD_OPEN == 0:
            gate.status()  # a link that opens has what scans loaded forgotten: before, not after
        if number >= _WARM_UP and (number - _WARM_UP) % every == 0:
            # Asked first: what answers a host is in memory then, at every sample.
            condition = gate.status()["condition"]
            samples.append((number, memory_free(gate), starts(gate)))
            if condition == "journal_full":
                _fetch(gate)
    del samples[:_SETTLING]
    latencies.sort()
    # a start empties the heap: the slope is that of the longest time without one
    times = Counter(starts for _, _, starts in samples)
    steady = [(at, free) for at, free, starts in samples if starts == times.most_common(1)[0][0]]
    slope = statistics.linear_regression(*zip(*steady, strict=True)).slope
    return {
        "schema": 1,
        "scans": count,
        "seconds": round(time.monotonic() - begun, 1),
        "free_first_bytes": samples[0][1],
        "free_last_bytes": samples[-1][1],
        "free_least_bytes": min(free for _, free, _ in samples),
        "slope_bytes_per_scan": round(slope, 3),
        "attacks": count // _ATTACK_EVERY,
        "verdicts": len(latencies),
        "latency_p50_ms": latencies[len(latencies) // 2],
        "latency_p99_ms": latencies[len(latencies) * 99 // 100],
        "latency_max_ms": latencies[-1],
        "restarts": gate.status()["restarts"],
        "starts": starts(gate),
    }


def memory_free(gate: rig.Gate) -> int:
    """Free bytes of the scanner's heap after a collection."""
    gate.scanner.forget_events()
    gate.scanner.order({"do": "memory"})
    return int(gate.scanner.wait_for("memory")["free"])


def starts(gate: rig.Gate) -> int:
    """How often the firmware has begun, whoever ended it."""
    return gate.scanner.console_log.read_text(errors="replace").count("ready, device")


def _step(gate: rig.Gate, what: str) -> int | None:
    """Carry out one step; the verdict's latency in ms where there was a verdict."""
    gate.scanner.forget_events()
    if what == "back":
        gate.scanner.press("back", 60)
    else:
        kind, _, name = what.rpartition(":")
        gate.scanner.barcode(rig.demo_site.command(name) if kind == "sheet" else what)
    gate.scanner.wait_for("screen")
    # The verdict follows its screen at once; where none comes, the next step is not held up.
    limit = time.monotonic() + 0.02
    while time.monotonic() < limit:
        while not gate.scanner.events.empty():
            event = gate.scanner.events.get()
            if event["event"] == "verdict":
                return int(event["latency_ms"])
        time.sleep(0.0005)
    return None


def _attack(gate: rig.Gate, code: bytes) -> None:
    """Scan what is no tag: whether anything is shown is up to the scanner, never "allow"."""
    gate.scanner.forget_events()
    gate.scanner.barcode(code)
    limit = time.monotonic() + _ATTACK_S
    while time.monotonic() < limit:
        while not gate.scanner.events.empty():
            event = gate.scanner.events.get()
            # the verdict of the step before may come late
            if event.get("verdict") == "allow" and event["tag"] != _ALLOWED:
                raise SystemExit(f"allow for {code!r}")
        time.sleep(0.001)


def _fetch(gate: rig.Gate) -> None:
    with gate.link() as link:
        link.unlock(gate.key_file.read_bytes())
        report = link.status()["journal"]
        link.acknowledge(report["seq"], report["link"])


def main() -> None:
    """Run it on a scanner of its own."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory(prefix="gatescan-soak-") as name:
        gate = rig.Gate(Path(name), rig.simulator(Path(name)))
        gate.scanner.power_on()
        try:
            gate.equip(rig.table())
            print(json.dumps(soak(gate, count)))
        finally:
            gate.close()


if __name__ == "__main__":
    main()
