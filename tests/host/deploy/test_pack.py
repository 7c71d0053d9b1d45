"""firmware.pack: what goes in comes out, on CPython and through finder.py on MicroPython."""

import json
import subprocess
from pathlib import Path

import pytest

from gatescan_host.deploy import pack
from gatescan_host.deploy.compile import compile_source
from gatescan_host.errors import GatescanError
from gatescan_host.simulator.checkout import firmware_folder, micropython

_HEAD_BYTES = 12


def made(rng, sizes) -> dict[str, bytes]:
    """Modules of these sizes, half of each random, so that they can be packed a little."""
    return {
        f"gatescan/app/m{number}.mpy": rng.randbytes(size // 2) + bytes(size - size // 2)
        for number, size in enumerate(sizes)
    }


def test_what_goes_in_comes_out(rng):
    modules = made(rng, [rng.randrange(0, 5000) for _ in range(60)])
    start = rng.sample(sorted(modules), 40)
    data = pack.write(modules, start)
    assert pack.read(data, modules) == modules
    assert len(data) < sum(map(len, modules.values()))


@pytest.mark.parametrize(
    "sizes", [[], [0], [1], [1, 1], [16384, 1], [16000, 300, 90], [40, 16000]]
)
def test_small_and_large_ones(rng, sizes):
    modules = made(rng, sizes)
    assert pack.read(pack.write(modules, list(modules)), modules) == modules
    assert pack.read(pack.write(modules, []), modules) == modules


def test_what_cannot_be_packed_is_stored(rng):
    modules = {f"m{number}.mpy": rng.randbytes(3000) for number in range(9)}
    assert pack.read(pack.write(modules, list(modules)), modules) == modules


def test_too_much_is_a_sentence(rng):
    modules = {f"m{number}.mpy": rng.randbytes(30_000) for number in range(10)}
    with pytest.raises(GatescanError, match=r"m9\.mpy has no place .*make the firmware smaller"):
        pack.write(modules, [])


def test_a_damaged_pack_is_refused_in_a_sentence(rng):
    modules = made(rng, [700] * 20)
    data = pack.write(modules, list(modules)[:12])
    damaged = [data[:length] for length in (0, 5, _HEAD_BYTES, len(data) - 1)]
    for _ in range(200):
        at = rng.randrange(len(data))
        damaged.append(data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1 :])
    sentence = r"^The firmware's pack is damaged: deploy again\.$"
    for other in damaged:
        with pytest.raises(GatescanError, match=sentence):
            pack.read(other, modules)
    with pytest.raises(GatescanError, match="damaged"):
        pack.read(data, list(modules)[1:])


# --- finder.py and unpack.py, on the unix port, with the root of its file system elsewhere ---

_PROGRAM = """
import sys
sys.path[:] = [{folder!r}, ".frozen"]
import finder
finder._PACK = {file!r}
finder.help_import()
import gatescan.app.start
finder.settle()
import late, gatescan.core.far
print(gatescan.app.start.NAMES + [late.__name__, gatescan.core.far.__name__])
for absent in ("gatescan.core.nowhere", "nowhere"):
    try:
        __import__(absent)
    except (ImportError, OSError):
        print("absent")
"""


def run(folder: Path, file: Path) -> list[str]:
    """What the program prints on MicroPython, where the modules are in the pack `file`."""
    program = folder / "main.py"
    program.write_text(_PROGRAM.format(folder=str(folder), file=str(file)))
    done = subprocess.run([micropython(), program], capture_output=True, text=True, timeout=60)
    return (done.stdout + done.stderr).splitlines()


def modules_on_micropython(folder: Path) -> tuple[dict[str, bytes], list[str]]:
    """A small firmware for the unix port, with our finder and unpacker; and its start."""
    for name in ("finder.py", "unpack.py"):
        (folder / name).write_bytes((firmware_folder() / name).read_bytes())
    body = "".join(f"# {number}\nT{number} = 'text {number}'\n" for number in range(40))
    texts = {
        "gatescan/__init__.py": "", "gatescan/app/__init__.py": "",
        "gatescan/app/start.py": "import board, gatescan.core.near\n"
        "NAMES = [board.__name__, gatescan.core.near.__name__]\n" + body,
        "board.py": body, "gatescan/core/__init__.py": "", "gatescan/core/near.py": body,
        "gatescan/core/far.py": body, "late.py": body,
    }  # fmt: skip
    built = {
        path.replace(".py", ".mpy"): compile_source(path, text.encode(), "host")
        for path, text in texts.items()
    }
    return built, [path.replace(".py", ".mpy") for path in list(texts)[:6]]



def test_micropython_imports_out_of_the_pack(tmp_path):
    modules, start = modules_on_micropython(tmp_path)
    file = tmp_path / "firmware.pack"
    file.write_bytes(pack.write(modules, start))
    names = ["board", "gatescan.core.near", "late", "gatescan.core.far"]
    assert run(tmp_path, file) == [str(names), "absent", "absent"]


def test_without_a_pack_micropython_imports_files(tmp_path):
    modules, _ = modules_on_micropython(tmp_path)
    for path, content in modules.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    said = run(tmp_path, tmp_path / "firmware.pack")
    assert said[0] == str(["board", "gatescan.core.near", "late", "gatescan.core.far"])


_UNPACK = """
import sys, json
sys.path.insert(0, {folder!r})
from unpack import unpack
for line in open({cases!r}):
    data = bytes(json.loads(line))
    out = bytes(16384 + 64)
    length = unpack(data, len(data), out, 16384)
    print(length, sum(out[:length]) if length >= 0 else 0, sum(out[16384:]))
"""


def test_no_damaged_block_is_written_beyond_its_room(tmp_path, rng):
    """And none takes for ever; what is whole comes out whole."""
    whole = rng.randbytes(2000) * 5 + bytes(6000)
    block = pack.lz4.block.compress(whole, store_size=False)
    cases = [block, b"", b"\x10", b"\xff" * 9000, b"\x1f\x00" + b"\xff" * 500, block[:-1]]
    for _ in range(150):
        at = rng.randrange(len(block))
        cases.append(block[:at] + rng.randbytes(rng.randrange(1, 9)) + block[at + 1 :])
    lines = tmp_path / "cases"
    lines.write_text("".join(json.dumps(list(case)) + "\n" for case in cases))
    program = _UNPACK.format(folder=str(firmware_folder()), cases=str(lines))
    command = [micropython(), "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    said = [[int(word) for word in line.split()] for line in done.stdout.splitlines()]
    assert len(said) == len(cases), done.stderr
    assert said[0] == [len(whole), sum(whole), 0]
    assert all(length <= 16384 and not beyond for length, _, beyond in said)
    assert [length for length, _, _ in said[1:6]] == [-1] * 5
