"""The suite's own judgement: rigs that make no sense, scanners that are not the right one."""

import re
from pathlib import Path

import pytest

from gatescan_host.build_id import UNKNOWN, build_id
from hil import checks, features, rig, seen

ROOT = Path(__file__).resolve().parents[3]
RIGS = sorted(rig.FOLDER.glob("*.toml"))
GOOD = rig.FOLDER.joinpath("pico_loopback.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", RIGS, ids=lambda path: path.stem)
def test_every_rig_can_be_loaded_and_is_told_of(path):
    loaded = rig.load(path)
    assert loaded.features
    assert f"`{path.stem}`" in (ROOT / "tests/hil/README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("old", "new", "says"), [
    ('barcode_tx = "barcode_rx"', 'barcode_tz = "barcode_rx"', "no pin barcode_tz"),
    ('barcode_tx = "barcode_rx"', 'barcode_rx = "engine TX"', "needs the wire"),
    ('"light"', '"lamp"', "unknown feature lamp"),
    ('"light"', '"power"', "nobody can see or do power"),
    ('board = "rpi_pico"', 'board = "pico9"', "boards/pico9"),
    ('board = "rpi_pico"', "", "field board is missing"),
    ('target = "serial"', 'target = "radio"', "must be one of"),
    ("about", "abuot", "unknown field abuot"),
    ("[wires]", "[wires", "no TOML"),
])  # fmt: skip
def test_a_rig_that_makes_no_sense_is_told_in_a_sentence(tmp_path, old, new, says):
    assert GOOD.count(old) == 1
    path = tmp_path / "mine.toml"
    path.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(rig.RigError, match=re.escape(says)):
        rig.load(path)


def test_an_own_rig_is_a_file_anywhere(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(GOOD, encoding="utf-8")
    assert rig.choose("/dev/ttyACM0", str(path)).wires == {"barcode_tx": "barcode_rx"}


def test_the_rig_must_be_one_of_the_target():
    with pytest.raises(rig.RigError, match="for target serial, not for sim"):
        rig.choose("sim", "pico_loopback")
    with pytest.raises(rig.RigError, match="no rig nonsense: choose one of"):
        rig.choose("emu", "nonsense")


def test_every_feature_is_explained():
    text = (ROOT / "tests/hil/README.md").read_text(encoding="utf-8")
    for name in features.NAMES:
        assert f"| `{name}` |" in text, name
        assert features.reason("x", name).startswith(f"rig x has no {name}: ")


WANTED = build_id("rpi_pico")
BANNER = f"Gatescan 0.1.0 on rpi_pico build {WANTED}"


@pytest.mark.parametrize(("banner", "board", "build", "says"), [
    (BANNER, "esp32_s3", WANTED, "the scanner is a esp32_s3"),
    (BANNER, "rpi_pico", "00000000", "runs build 00000000"),
    (BANNER, "rpi_pico", UNKNOWN, "does not know its build"),
    ("Gatescan 0.1.0 on rpi_pico build 00000000", "rpi_pico", WANTED, "the banner says"),
    ("MicroPython v1.28.0", "rpi_pico", WANTED, "the banner says"),
])  # fmt: skip
def test_the_wrong_scanner_is_refused(banner, board, build, says):
    reason = checks.objection(banner, board, build, "rpi_pico", WANTED)
    assert says in reason and ("deploy" in reason or "rig" in reason)


@pytest.mark.parametrize("banner", [BANNER, BANNER + "\r", None])
def test_the_right_scanner_is_accepted(banner):
    assert checks.objection(banner, "rpi_pico", WANTED, "rpi_pico", WANTED) == ""


def test_build_ids_tell_boards_apart():
    assert re.fullmatch("[0-9a-f]{8}", WANTED)
    assert build_id("simulator") != WANTED


def _played(name: str, from_ms: float = 100.0) -> seen.Heard:
    heard, at_ms = [], from_ms
    for hz, ms in seen.TONES[name]:
        if not heard or heard[-1][1] != hz:
            heard.append((at_ms, hz))
        at_ms += ms + 15  # the panel's tick
    return heard if heard[-1][1] == 0 else [*heard, (at_ms, 0)]


@pytest.mark.parametrize("name", [name for name, steps in seen.TONES.items() if steps])
def test_every_tone_is_recognised(name):
    whole = _played(name)
    assert seen.played(whole) == name
    assert name in seen.tones_of(whole)
    assert name in seen.tones_of(whole[:1]), "its beginning may still become it"
    assert name in seen.tones_of([(90.0, 700), (95.0, 0), *whole]), "behind the end of another"
    slow = [(at_ms * 8, hz) for at_ms, hz in whole]
    assert seen.played(slow) is None, "the rhythm is the meaning"


def test_refuse_and_report_are_told_apart_by_their_length():
    assert seen.tones_of(_played("report")) == ("report",)
    assert "refuse" in seen.tones_of(_played("refuse"))
    assert seen.tones_of([]) == ("silent",)
    assert seen.tones_of([(1.0, 3333)]) == ()


def test_rhythms_of_the_same_colour_are_told_apart():
    for name in ("after", "money", "inspect", "fault", "refuse", "report"):
        red, green, blue, on_ms, off_ms = seen.LIGHTS[name]
        history = []
        for period in range(4):
            begin_ms = period * (on_ms + off_ms)
            history += [(begin_ms, (red, green, blue)), (begin_ms + on_ms, (0, 0, 0))]
        assert seen.rhythm(history) == (name,)
    assert seen.lights_of((0, 40, 150)) == ("after", "money")
