"""What the check of one seal costs a Pico: python tests/bench/pico_seal.py (GATESCAN_UF2=...).

On the emulated Pico, with the firmware as it is deployed, its own `cryptolib` and nothing else
running: time and garbage of the whole check of a closed NTAG 424 DNA TagTamper (PICC data opened,
both session keys, the MAC, the file data decrypted), and what its modules cost when the first seal
loads them. Prints one JSON line; exit 1 where a check takes longer than 100 ms.
"""

import hashlib
import json
import statistics
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / name) for name in ("firmware", "host_tools", "tests")]

from emulated_pico import stock  # noqa: E402 - needs the folders above
from emulated_pico.build import firmware_files  # noqa: E402
from emulated_pico.machine import EmulatedPico  # noqa: E402
from host.seals import made_seal  # noqa: E402

_LIMIT_MS = 120_000  # of emulated time
_MOST_MS = 100
_SEALS = 20
_MAIN = """
import gc
from time import ticks_diff, ticks_us
from finder import help_import
help_import()
gc.collect()
before = gc.mem_alloc()
begun = ticks_us()
from cryptolib import aes
from gatescan.core.seals import sun
took = ticks_diff(ticks_us(), begun)
gc.collect()
print("@", took, gc.mem_alloc() - before, 0, "load")
for line in open("/seals"):
    meta_key, file_key, picc_enc, enc_file, sdmmac, mac_input = eval(line)
    gc.collect()
    gc.disable()
    before = gc.mem_alloc()
    begun = ticks_us()
    uid, ctr = sun.picc_data(aes, meta_key, picc_enc)
    found = sun.verify(aes, file_key, uid, ctr, sdmmac, mac_input, enc_file, ctr - 1)
    took = ticks_diff(ticks_us(), begun)
    print("@", took, gc.mem_alloc() - before, len(mac_input), found.tamper, found.error)
    gc.enable()
print("@ end")
"""


def seals() -> list[tuple[bytes, ...]]:
    """Closed seals; the MAC of each covers the hex digits of its file data and more."""
    made = []
    for number in range(_SEALS):
        drawn = hashlib.sha512(b"seal %d" % number).digest()
        seal = made_seal.Seal(drawn[:16], drawn[16:32], b"\x04" + drawn[32:38], number + 1)
        text = seal.message(b"CC" + drawn[38:52], before=b"item=1234&e=", after=b"&cmac=")
        made.append(tuple(
            bytes.fromhex(text[name] or "") for name in
            ("meta_key", "file_key", "picc_enc", "enc_file", "sdmmac", "mac_input")
        ))  # fmt: skip
    return made


def measure(uf2: Path) -> list[list[str]]:
    """What the Pico printed: microseconds, bytes of heap, bytes under the MAC, what was found."""
    files = {
        **firmware_files(),
        "main.py": _MAIN.encode(),
        "seals": "".join(f"{seal!r}\n" for seal in seals()).encode(),
    }
    pico = EmulatedPico(uf2, files=files)
    pico.power_on()
    ended = pico.wait_console("@ end", _LIMIT_MS)
    lines = [line.split() for line in pico.console.splitlines() if line.startswith("@ ")]
    pico.cut_power()
    if not ended:
        raise SystemExit(f"The Pico did not finish:\n{pico.console[-800:]}")
    return [line[1:] for line in lines[:-1]]


def main() -> int:
    """Measure, print."""
    image, reason = stock.find()
    if image is None:
        print(f"A check of seals needs a Pico to run on: {reason}.", file=sys.stderr)
        return 2
    loaded, *checked = measure(image)
    times_ms = [int(line[0]) / 1000 for line in checked]
    result: dict[str, Any] = {
        "checks": len(checked),
        "intact": sum(line[3:] == ["CC", "None"] for line in checked),
        "mac_input_bytes": max(int(line[2]) for line in checked),
        "mean_ms": round(statistics.mean(times_ms), 2),
        "max_ms": round(max(times_ms), 2),
        "garbage_max_bytes": max(int(line[1]) for line in checked),
        "load_ms": round(int(loaded[0]) / 1000, 1),
        "loaded_bytes": int(loaded[1]),
    }
    print(json.dumps(result))
    return 0 if result["intact"] == _SEALS and result["max_ms"] <= _MOST_MS else 1


if __name__ == "__main__":
    sys.exit(main())
