"""The boards' files against the type stubs of their MicroPython ports (what `make types` runs)."""

import importlib.util
import shutil
import sys
import types
from importlib.metadata import PackageNotFoundError

import pytest

from host.boards.recorded import BOARDS, PORTS


def check_types() -> types.ModuleType:
    spec = importlib.util.spec_from_file_location("check_types", BOARDS / "check_types.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(params=sorted(PORTS))
def checker(request: pytest.FixtureRequest) -> tuple[types.ModuleType, str]:
    module, name = check_types(), request.param
    if importlib.util.find_spec("mypy") is None:
        pytest.skip("mypy is not installed in this Python: `make types` brings it")
    try:
        module.distribution(module.STUBS[name])
    except PackageNotFoundError:
        pytest.skip(f"{module.STUBS[name]} is not installed: `make types` brings it")
    return module, name


def test_the_types_are_right(checker: tuple[types.ModuleType, str]) -> None:
    module, name = checker
    code, text = module.check(name)
    assert code == 0, text


def test_a_wrong_argument_is_found(checker: tuple[types.ModuleType, str], tmp_path) -> None:
    """Without the stubs every call would be right: the check must be able to fail."""
    module, name = checker
    folder = tmp_path / name
    shutil.copytree(BOARDS / name, folder)
    source = folder / "board.py"
    text = source.read_text(encoding="utf-8")
    source.write_text(text.replace("freq=_I2C_HZ", 'freq="fast"'), encoding="utf-8")
    code, said = module.check(name, folder)
    assert code == 1 and "board.py" in said and "I2C" in said, said


def test_every_real_board_is_checked() -> None:
    assert sorted(check_types().STUBS) == sorted(PORTS)
    assert sys.version_info >= (3, 11), "boards/mypy.ini says 3.11"
