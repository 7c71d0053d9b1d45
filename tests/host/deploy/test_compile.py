"""The bytecode that is shipped: complete, reproducible, in the format that the boards load."""

import ast
import hashlib
import json
import os
import re
import subprocess
import sys
from functools import cache

import pytest

from gatescan_host import build_id
from gatescan_host.deploy import compile as compiling
from gatescan_host.deploy import image, pack
from gatescan_host.deploy.boards import TARGETS
from gatescan_host.deploy.order import SOON
from gatescan_host.errors import Exit, GatescanError
from gatescan_host.simulator.checkout import board_folder, firmware_folder

built = cache(compiling.compile_firmware)  # a second each
ARMV6M, XTENSAWIN = 4, 10  # numbers of architectures, MicroPython py/persistentcode.h


class NoTypes(ast.NodeTransformer):
    """Takes out what only type checkers import."""

    def visit_If(self, node):
        return None if ast.unparse(node.test) == "TYPE_CHECKING" else self.generic_visit(node)


def modules(manifest) -> set[str]:
    """What a manifest and those that it includes put on a board, as paths of sources."""
    found: set[str] = set()

    def include(name: str) -> None:
        if "$(" not in name:  # the port's own manifest brings what MicroPython needs, not ours
            found.update(modules(manifest.parent / name))

    def package(name: str) -> None:
        folder = manifest.parent
        found.update(p.relative_to(folder).as_posix() for p in (folder / name).rglob("*.py"))

    scope = {"include": include, "package": package, "module": found.add,
             "require": lambda name: None}  # fmt: skip
    exec(manifest.read_text(), scope)
    return found


@pytest.mark.parametrize("board", TARGETS)
def test_every_list_of_files_names_the_same_ones(board):
    """Manifest (frozen images), package.json (mip) and what deploy ships, all against the tree."""
    sources = set(build_id.shipped_sources(board))
    # An image has room for what only computers run; a board's file system has not.
    lines = (firmware_folder() / "not_on_boards.txt").read_text().splitlines()
    left_out = {line for line in lines if not line.startswith("#")}
    assert modules(board_folder(board) / "manifest.py") == sources | left_out
    assert not sources & left_out
    package = firmware_folder() / "package.json"
    if board != "rpi_pico":
        package = board_folder(board) / "package.json"
    listed = json.loads(package.read_text())["urls"]
    assert {target.removeprefix("../") for target, _ in listed} == {*sources, build_id.MODULE}
    # Nobody computes an id for mip: an older module of that name must not speak for its files.
    paths = {**build_id.shipped_sources(board), build_id.MODULE: firmware_folder() / "build_id.py"}
    for target, source in listed:
        assert target.startswith("../"), "mip's folder is lib, a board starts main.py in the root"
        wanted = paths[target.removeprefix("../")]
        assert (package.parent / source).resolve() == wanted.resolve()
    assert listed[-1][0] == "../main.py", "half installed must not start"
    shipped = set(built(board))
    assert shipped == {compiling.compiled_name(name) for name in [*sources, build_id.MODULE]}


@pytest.mark.parametrize("board", TARGETS)
def test_what_a_board_imports_is_shipped(board):
    sources = build_id.shipped_sources(board)
    have = {name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            for name in [*sources, build_id.MODULE]}  # fmt: skip
    roots = {name.split(".")[0] for name in have}
    for name, path in sources.items():
        for node in ast.walk(NoTypes().visit(ast.parse(path.read_text()))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in roots:
                assert node.module in have, f"{name} imports {node.module}"
            elif isinstance(node, ast.Import):
                for alias in node.names:
                    if alias.name.split(".")[0] in roots:
                        assert alias.name in have, f"{name} imports {alias.name}"


def test_formats_and_native_code():
    for board, architecture in (("rpi_pico", ARMV6M), ("esp32_s3", XTENSAWIN)):
        native = set()
        for path, content in built(board).items():
            if path in compiling.PLAIN:
                continue
            code = compiling.bytecode(content)
            assert code.version == 6, path
            if code.native is not None:
                native.add(path)
                assert code.native[1] == architecture, path
        assert "gatescan/core/smp/crc16_viper.mpy" in native


def test_boot_and_main_stay_text():
    files = built("rpi_pico")
    for name in compiling.PLAIN:
        assert files[name] == (firmware_folder() / name).read_bytes()


def test_the_same_bytes_from_another_folder_and_another_hash_seed(tmp_path):
    script = ("import hashlib\nfrom gatescan_host.deploy.compile import compile_firmware\n"
              "f = compile_firmware('rpi_pico')\n"
              "print(hashlib.sha256(repr(f).encode()).hexdigest())")  # fmt: skip
    environment = {**os.environ, "PYTHONHASHSEED": "1",
                   "PYTHONPATH": os.pathsep.join(
                       str(firmware_folder().parent / name)
                       for name in ("firmware", "host_tools"))}  # fmt: skip
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, env=environment,
                          capture_output=True, text=True, timeout=120, check=True)  # fmt: skip
    own = hashlib.sha256(repr(built("rpi_pico")).encode()).hexdigest()
    assert done.stdout.strip() == own
    here = str(firmware_folder().parent).encode()
    assert not [p for p, data in built("rpi_pico").items() if here in data]


def test_the_build_id_goes_along():
    files = built("rpi_pico")
    assert build_id.build_id("rpi_pico").encode() in files["build_id.mpy"]


def test_a_source_that_does_not_compile_is_named():
    with pytest.raises(GatescanError, match=r"gatescan/x.py does not compile \(.*mend it"):
        compiling.compile_source("gatescan/x.py", b"def :\n", "armv6m")


def test_no_bytecode_is_told():
    with pytest.raises(ValueError, match=r"not a \.mpy"):
        compiling.bytecode(b"import x")


def test_a_board_that_there_is_not():
    with pytest.raises(GatescanError) as refused:
        compiling.compile_firmware("toaster")
    assert refused.value.exit_code is Exit.USAGE
    assert re.search("choose one of .*rpi_pico", str(refused.value))


@pytest.mark.parametrize("board", TARGETS)
def test_a_board_gets_all_modules_in_one_file(board):
    made = image.image(board)
    assert set(made.files) == {"boot.py", "main.py", "finder.mpy", "firmware.pack"}
    assert made.modules == {path: data for path, data in built(board).items()
                            if path not in compiling.PLAIN}  # fmt: skip
    packed = {path: data for path, data in made.modules.items() if path != "finder.mpy"}
    assert pack.read(made.files["firmware.pack"], packed) == packed


def test_the_modules_of_the_start_lie_in_the_order_of_their_import():
    start = compiling.compile_all("rpi_pico").start
    assert len(set(start)) == len(start)
    assert start[:2] == ["gatescan/__init__.mpy", "build_id.mpy"]
    assert {"board.mpy", "gatescan/app/start.mpy", "gatescan/core/codes.mpy"} - set(start) == {
        "gatescan/core/codes.mpy"}, "public constants leave nothing to import"  # fmt: skip
    assert not [path for path in start if path.endswith("_plain.mpy")]
    # Kept loaded for the table in use and for one on its way: nobody uses them by these names.
    assert {"gatescan/core/table/items.mpy", "gatescan/core/table/pages.mpy"} <= set(start)


def test_what_each_start_loads_after_that_is_there_and_not_part_of_it():
    made = compiling.compile_all("rpi_pico")
    assert set(SOON) <= set(made.files) - set(made.start)
