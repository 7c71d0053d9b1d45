"""The house's own rules: who may import what, how large a room is, lists that match the tree."""

import ast
import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
FIRMWARE = ROOT / "firmware"
CORE = FIRMWARE / "gatescan" / "core"
# what core may import beside itself: no machine, os, time, asyncio
PURE = {
    "array", "binascii", "collections", "hashlib", "json", "micropython", "struct", "types",
    "typing",
}
TYPES_ONLY = {"collections.abc", "typing", "types"}


def imports(path: Path) -> list[tuple[str, bool]]:
    """(module, only under TYPE_CHECKING) of every import in a file."""
    tree = ast.parse(path.read_text())
    guarded = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for inner in ast.walk(node)
    }
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(name.name, id(node) in guarded) for name in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found.append((node.module or "", id(node) in guarded))
    return found


def files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", files(CORE), ids=name)
def test_core_is_pure(path: Path) -> None:
    for module, types_only in imports(path):
        if module.startswith("gatescan.core") or types_only:
            continue
        assert module in PURE, f"{name(path)} imports {module}"
    called = {
        node.func.id
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not called & {"open", "exec", "eval", "input", "__import__"}


@pytest.mark.parametrize("path", files(FIRMWARE / "gatescan" / "drivers"), ids=name)
def test_drivers_know_core_and_drivers_only(path: Path) -> None:
    for module, _ in imports(path):
        if module.startswith("gatescan"):
            assert module.startswith(("gatescan.core", "gatescan.drivers")), name(path)
        assert module != "board"


@pytest.mark.parametrize("path", files(FIRMWARE), ids=name)
def test_machine_stays_under_boards(path: Path) -> None:
    assert not {"machine", "rp2", "neopixel"} & {module for module, _ in imports(path)}


@pytest.mark.parametrize("path", files(ROOT / "host_tools"), ids=name)
def test_the_host_knows_only_core_of_the_firmware(path: Path) -> None:
    for module, _ in imports(path):
        if module.startswith("gatescan."):
            assert module.startswith("gatescan.core"), f"{name(path)} imports {module}"


@pytest.mark.parametrize(
    "path", [*files(FIRMWARE / "gatescan"), *files(ROOT / "host_tools"), *files(ROOT / "boards")],
    ids=name,
)  # fmt: skip
def test_rooms_stay_small_and_introduce_themselves(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= 320, f"{name(path)} has outgrown its room: split it"
    if text.strip():
        assert ast.get_docstring(ast.parse(text)), f"{name(path)} has no first line that says why"
    assert not re.search(r"\bexcept:", text), "a bare except hides what happened"


def test_package_json_lists_the_tree() -> None:
    spec = importlib.util.spec_from_file_location("make_package", FIRMWARE / "make_package.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    lists = module.targets()
    assert lists.pop("rpi_pico") == FIRMWARE / "package.json"
    assert (FIRMWARE / "package.json").read_text() == module.package_text()
    for board, path in lists.items():
        assert path.read_text() == module.package_text(board), name(path)


def test_the_manifest_takes_the_whole_package() -> None:
    calls: list[tuple[str, str]] = []
    scope = {
        kind: lambda value, kind=kind, **_: calls.append((kind, value))
        for kind in ("require", "package", "module", "include")
    }
    exec((FIRMWARE / "manifest.py").read_text(), scope)
    assert ("package", "gatescan") in calls
    modules = {value for kind, value in calls if kind == "module"}
    assert modules == {"boot.py", "finder.py", "main.py", "unpack.py"}


def test_constraints_pin_by_name_and_version_only() -> None:
    for line in (ROOT / "constraints.txt").read_text().splitlines():
        assert re.fullmatch(r"(#.*|[A-Za-z0-9._-]+==[A-Za-z0-9.!+]+|)", line), line
