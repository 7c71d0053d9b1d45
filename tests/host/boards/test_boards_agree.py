"""Every board offers the same constructors: the firmware never asks which board it is on."""

import ast
from pathlib import Path

import pytest

from host.boards.recorded import BOARDS, PORTS

NAMES = sorted(path.parent.name for path in BOARDS.glob("*/board.py"))
# What a board may have beside the others (boards/README.md says why).
SIMULATOR_ONLY = {"background", "STOP_WINDOW_MS"}
REAL_ONLY = {"BARCODE_BAUD", "RFID_BAUD"}  # a pty has no baud rate
# None on a real board, a function on the simulator: the firmware asks before it calls.
HOOK = "observe"


def tree_of(name: str) -> ast.Module:
    return ast.parse((BOARDS / name / "board.py").read_text(encoding="utf-8"))


def functions(name: str) -> dict[str, str]:
    """Public function -> its parameters with their types, as source."""
    return {
        node.name: ast.unparse(node.args)
        for node in tree_of(name).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    }


def constants(name: str) -> dict[str, object]:
    """Public constant -> its value, or None where it is computed."""
    found: dict[str, object] = {}
    for node in tree_of(name).body:
        if isinstance(node, ast.Assign):
            targets: list[ast.expr] = node.targets
        elif isinstance(node, ast.AnnAssign):
            targets = [node.target]
        else:
            continue
        for target in targets:
            if isinstance(target, ast.Name) and not target.id.startswith("_"):
                value = node.value
                found[target.id] = value.value if isinstance(value, ast.Constant) else None
    return found


def test_there_are_three_boards() -> None:
    assert NAMES == ["esp32_s3", "rpi_pico", "simulator"]
    assert sorted(PORTS) == [name for name in NAMES if name != "simulator"]


@pytest.mark.parametrize("name", NAMES)
def test_the_constructors_are_those_of_the_pico(name: str) -> None:
    wanted = functions("rpi_pico")
    assert len(wanted) >= 15
    assert {n: a for n, a in functions(name).items() if n not in SIMULATOR_ONLY | {HOOK}} == wanted


@pytest.mark.parametrize("name", NAMES)
def test_the_constants_are_those_of_the_pico(name: str) -> None:
    allowed = SIMULATOR_ONLY if name == "simulator" else REAL_ONLY
    shared = set(constants("rpi_pico")) - REAL_ONLY - {HOOK}
    assert shared == {"NAME", "PANEL_ROWS"}
    assert set(constants(name)) - allowed - {HOOK} == shared
    assert constants(name)["NAME"] == name
    assert HOOK in {**constants(name), **functions(name)}
    if name != "simulator":
        assert {k: constants(name)[k] for k in REAL_ONLY} == {
            k: constants("rpi_pico")[k] for k in REAL_ONLY
        }


@pytest.mark.parametrize("name", NAMES)
def test_the_firmware_asks_for_nothing_else(name: str) -> None:
    """Each `board.x` in the firmware is there on each board; optional names go by getattr."""
    offered = set(functions(name)) | set(constants(name))
    firmware = BOARDS.parent / "firmware"
    asked: dict[str, Path] = {}
    # Drivers and core get a bus or nothing, never a board.
    for path in [firmware / "main.py", *(firmware / "gatescan" / "app").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute):
                if ast.unparse(node.value).split(".")[-1] == "board":
                    asked[node.attr] = path
    assert {"reset", "link", "barcode_uart", "rtc", "nfc_i2c"} <= set(asked), "nothing is found"
    assert not {n: p for n, p in asked.items() if n not in offered}


@pytest.mark.parametrize("name", sorted(PORTS))
def test_the_manifest_freezes_what_the_board_imports(name: str) -> None:
    frozen: list[str] = []
    included: list[str] = []
    scope = {"module": frozen.append, "include": included.append}
    exec((BOARDS / name / "manifest.py").read_text(encoding="utf-8"), scope)
    files = {path.name for path in (BOARDS / name).glob("*.py")} - {"manifest.py"}
    assert sorted(frozen) == sorted(files)
    # Without the port's own manifest an image would lack what its start needs.
    assert included == ["$(PORT_DIR)/boards/manifest.py", "../../firmware/manifest.py"]
