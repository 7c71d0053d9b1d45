"""The wiring of a rig, as data: a TOML file in rigs/ (README.md says what may stand in it)."""

import csv
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

from hil import features

FOLDER = Path(__file__).resolve().parent / "rigs"
BOARDS = Path(__file__).resolve().parents[2] / "boards"
TARGETS = ("sim", "emu", "serial")
HANDS = ("machine", "loopback", "person")
_DEFAULT = {"sim": "sim", "emu": "emu", "serial": "pico_loopback"}
_FIELDS = {"about", "target", "board", "hands", "features", "wires", "baud"}


class RigError(Exception):
    """What is wrong with the description of a rig, in one sentence."""


class Rig(NamedTuple):
    """`hands`: who acts (the machine itself, the loopback wire, a person who is asked);
    `wires`: pin of the board -> what it leads to; `baud`: line -> bits a second."""

    name: str
    about: str
    target: str
    board: str
    hands: str
    features: frozenset[str]
    wires: dict[str, str]
    baud: dict[str, int]

    def has(self, feature: str) -> bool:
        """Whether the rig has a feature of features.py."""
        return feature in self.features


def kind_of(target: str) -> str:
    """The kind of target that `--target` names: sim, emu, or a serial port."""
    return target if target in ("sim", "emu") else "serial"


def choose(target: str, name: str | None) -> Rig:
    """The rig called `name` (or a path ending in .toml), or the usual one of `target`."""
    kind = kind_of(target)
    name = name or _DEFAULT[kind]
    rig = load(Path(name) if name.endswith(".toml") else FOLDER / f"{name}.toml")
    if rig.target != kind:
        raise RigError(f"rig {rig.name} is for target {rig.target}, not for {target}: "
                       "choose another with --rig")  # fmt: skip
    return rig


def load(path: Path) -> Rig:
    """Read and check one description; raises RigError."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError:
        known = ", ".join(sorted(file.stem for file in FOLDER.glob("*.toml")))
        raise RigError(f"there is no rig {path.stem}: choose one of {known}, or a .toml file")
    except tomllib.TOMLDecodeError as fault:
        raise RigError(f"{path.name} is no TOML: {fault}")
    strange = data.keys() - _FIELDS
    if strange:
        raise RigError(f"{path.name}: unknown field {', '.join(sorted(strange))}")
    rig = Rig(
        path.stem, _text(path, data, "about"), _one_of(path, data, "target", TARGETS),
        _text(path, data, "board"), _one_of(path, data, "hands", HANDS),
        frozenset(data.get("features", ())), data.get("wires", {}), data.get("baud", {}),
    )  # fmt: skip
    strange = rig.features - features.NAMES
    if strange:
        raise RigError(f"{path.name}: unknown feature {', '.join(sorted(strange))}")
    impossible = rig.features & features.NOT_OVER_A_PORT if rig.target == "serial" else set()
    if impossible:
        raise RigError(f"{path.name}: over a serial port nobody can see or do "
                       f"{', '.join(sorted(impossible))}")  # fmt: skip
    pins = pin_names(rig.board)
    strange = (set(rig.wires) | set(rig.wires.values()) & pins) - pins
    if strange:
        raise RigError(f"{path.name}: boards/{rig.board}/pins.csv has no pin "
                       f"{', '.join(sorted(strange))}")  # fmt: skip
    if rig.hands == "loopback" and rig.wires.get("barcode_tx") != "barcode_rx":
        raise RigError(f"{path.name}: hands = \"loopback\" needs the wire "
                       "barcode_tx = \"barcode_rx\"")  # fmt: skip
    return rig


def pin_names(board: str) -> set[str]:
    """The names in boards/BOARD/pins.csv; the simulator has the Pico's pins."""
    path = BOARDS / ("rpi_pico" if board == "simulator" else board) / "pins.csv"
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return {row["name"] for row in csv.DictReader(file)}
    except OSError:
        raise RigError(f"boards/{board} has no pins.csv: check the name of the board")


def _text(path: Path, data: dict[str, Any], field: str) -> str:
    value = data.get(field)
    if not isinstance(value, str) or not value:
        raise RigError(f"{path.name}: the field {field} is missing")
    return value


def _one_of(path: Path, data: dict[str, Any], field: str, allowed: tuple[str, ...]) -> str:
    value = _text(path, data, field)
    if value not in allowed:
        raise RigError(f"{path.name}: {field} must be one of {', '.join(allowed)}")
    return value
