"""The Pico's own block decoder against the bytecode: the Thumb code runs on the emulated chip."""

import random
import re
from pathlib import Path

from emulated_pico.build import firmware_files
from emulated_pico.machine import EmulatedPico
from hand_table import codes, item_sections

_PROGRAM = """
import random, sys, time
from array import array
time.sleep_ms(100)
from gatescan.core.table import blocks_plain, decode_plain
from gatescan.core.table.codes import read_codes
from decode_thumb import advance
random.seed(SEED)
with open("codes", "rb") as file:
    model = read_codes(file.read())
with open("index", "rb") as file:
    index = file.read()
buffer = bytearray(12 + 1024 + 16)
states = [array("i", [0] * 12) for _ in range(2)]
file = open("blocks", "rb")
wrong = steps = 0

def agree():
    global wrong, steps
    found = advance(states[0], buffer, model)
    steps += 1
    if decode_plain.advance(states[1], buffer, model) != found or states[0] != states[1]:
        wrong += 1
        print("wrong", found, list(states[0]), list(states[1]))
    return found

for number in range(len(index) // 6):
    for step in (1, 3, 70000):
        file.seek(number * 1024)
        length = file.readinto(memoryview(buffer)[12:1036])
        blocks_plain.seed(buffer, 3, number, index)
        for state in states:
            blocks_plain.begin(state, buffer, length)
        found = 1
        while found == 1:
            for state in states:
                state[7], state[8] = state[2], state[3] + step
            found = agree()
        print("end", found)
for _ in range(NOISE):
    for at in range(12, 1052):
        buffer[at] = random.getrandbits(8)
    buffer[6] &= 15
    buffer[12] |= 1
    buffer[13] &= 7
    buffer[14] %= 64
    for state in states:
        blocks_plain.begin(state, buffer, 1024)
        state[7] = 100000000
    agree()
print("wrong", wrong, "of", steps)
print("done")
"""


def test_the_thumb_code_decodes_as_the_bytecode_does(uf2: Path, rng: random.Random) -> None:
    key, class_id, pairs = rng.randrange(10**9), 7, []
    for _ in range(500):
        pairs.append((key, class_id))
        key += rng.choice((1, 1, 1, 2, 9, 16, 99, rng.randrange(1, 10 ** rng.randrange(1, 11))))
        class_id = rng.choice((class_id, class_id, class_id, rng.randrange(64)))
    _, blocks, index = item_sections(pairs)
    program = _PROGRAM.replace("SEED", str(rng.getrandbits(30))).replace("NOISE", "20")
    kept = ("gatescan/__init__.mpy", "gatescan/core/__init__.mpy", "gatescan/core/compat.mpy",
            "decode_thumb.mpy")  # fmt: skip
    files = {
        name: content
        for name, content in firmware_files().items()
        if name in kept or name.startswith("gatescan/core/table/")
    }
    files |= {"codes": codes(), "blocks": blocks[3], "index": index[3]}
    board = EmulatedPico(uf2, files={**files, "main.py": program.encode()})
    board.power_on()
    assert board.wait_console("done", 20000), board.console
    assert set(re.findall(r"end (-?\d+)", board.console)) == {"0"}
    wrong, steps = re.findall(r"wrong (\d+) of (\d+)", board.console)[0]
    assert int(wrong) == 0, board.console
    assert int(steps) > 500
