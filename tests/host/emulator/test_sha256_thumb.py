"""The Pico's own SHA-256 against Python's: the Thumb code runs on the emulated chip."""

import hashlib
import random
import re
from pathlib import Path

from emulated_pico.build import firmware_modules
from emulated_pico.machine import EmulatedPico

_BYTES = 4096 + 64
_PROGRAM = """
import sys, time
from binascii import hexlify
from gatescan.core import compat
time.sleep_ms(100)

def code():
    import sha256_thumb
    return sha256_thumb

compat.sha256_code = code
from gatescan.core.trust import sha256
print("used", sha256.new is not sha256.hashlib.sha256)
with open("data", "rb") as file:
    data = memoryview(file.read())
for start in (0, 1, 2, 3, 64):
    for length in (0, 55, 56, 64, 100, 1024, 4096):
        hashed = sha256.new()
        hashed.update(data[start : start + length])
        print("=", start, length, hexlify(hashed.digest()).decode())
block = sha256.Block()
block.data[:55] = data[:55]
value = memoryview(block.data)[23:55]
for _ in range(100):
    block.into(value)
print("chain", hexlify(value).decode())
print("done")
"""


def test_the_thumb_code_hashes_as_python_does(uf2: Path, rng: random.Random) -> None:
    data = rng.randbytes(_BYTES)
    wanted = ("gatescan/__init__.mpy", "gatescan/core/__init__.mpy", "gatescan/core/compat.mpy",
              "gatescan/core/trust/__init__.mpy", "gatescan/core/trust/sha256.mpy",
              "sha256_thumb.mpy")  # fmt: skip
    files = {name: content for name, content in firmware_modules().items() if name in wanted}
    assert len(files) == len(wanted)
    board = EmulatedPico(uf2, files={**files, "data": data, "main.py": _PROGRAM.encode()})
    board.power_on()
    assert board.wait_console("done", 3000), board.console
    # The module proves the code before it uses it: a mistake in one shows here first.
    assert "used True" in board.console
    found = re.findall(r"= (\d+) (\d+) (\w+)", board.console)
    assert len(found) == 5 * 7
    for start, length, said in found:
        part = data[int(start) : int(start) + int(length)]
        assert said == hashlib.sha256(part).hexdigest(), (start, length)
    chain = data[:55]
    for _ in range(100):
        chain = chain[:23] + hashlib.sha256(chain).digest()
    assert f"chain {chain[23:].hex()}" in board.console
