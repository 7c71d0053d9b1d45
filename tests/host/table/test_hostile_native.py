"""Hostile files on MicroPython: the native code, which knows no end of a buffer, answers alike."""

import random
import subprocess
from pathlib import Path

from fuzz import forge, on_micropython, seeds
from fuzz.edits import Script, forged
from gatescan.core.table.format import K_ITEMS
from gatescan_host.simulator.checkout import micropython

CASES = 160


def test_native_code_answers_hostile_files_alike(tmp_path: Path, root: Path, rng: random.Random):
    cases = []
    pool = seeds.seeds()
    for number in range(CASES):
        seed = pool[number % len(pool)]
        script = Script(bytes((0,)) + rng.randbytes(rng.choice((6, 12, 30))))
        table, over, delta = seed.table, b"", b""
        if seed.delta and number & 1:
            delta = forged(seed.delta, script)
        elif seed.delta and number & 2:
            over = forged(seed.overlay, script)
        else:
            table, over = forged(table, script), seed.overlay
        cases.append((table, over, delta, seed.keys))
    for class_id in (64, 65, 119, 255):  # of the first key of a block
        magic, pieces = forge.take_apart(pool[0].table)
        next(piece for piece in pieces if piece.kind == K_ITEMS).data[2] = class_id
        cases.append((bytes(forge.assemble(magic, pieces)), b"", b"", pool[0].keys))
    wanted = [on_micropython.answers(*case) for case in cases]
    lines = []
    for number, (*parts, keys) in enumerate(cases):
        names = [f"{number}-{n}" if part else "-" for n, part in enumerate(parts)]
        for name, part in zip(names, parts, strict=True):
            if part:
                (tmp_path / name).write_bytes(part)
        lines.append(" ".join([*names, *map(str, keys)]))
    (tmp_path / "list.txt").write_text("\n".join(lines) + "\n")
    done = subprocess.run(
        [micropython(), "-X", "heapsize=2M", str(root / "tests/fuzz/on_micropython.py"),
         str(tmp_path)],
        env={"MICROPYPATH": f"{root / 'firmware'}:{root / 'tests'}"},
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-300:] + done.stderr
    got = done.stdout.splitlines()
    assert [line.startswith("refused") for line in wanted].count(False) > 20
    assert got == wanted
