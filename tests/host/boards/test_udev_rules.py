"""The udev rule: its syntax (udev(7)), the boards it names, what it grants."""

import re
import shutil
import subprocess

import pytest

from gatescan_host.link import ports
from host.boards.recorded import BOARDS

RULES = BOARDS / "70-gatescan.rules"
TERM = re.compile(r'([A-Z_]+)(?:\{([^}]+)\})?(==|!=|\+=|=)"([^"]*)"')
MATCHES = {"ACTION", "SUBSYSTEM", "KERNEL", "ATTR", "ATTRS", "ENV"}
ASSIGNMENTS = {"ENV", "MODE", "GROUP", "TAG", "SYMLINK", "GOTO", "LABEL"}

Rule = list[tuple[str, str, str, str]]


def rules() -> list[Rule]:
    """(key, attribute, operator, value) of each term of each rule."""
    found = []
    for line in RULES.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            terms = [TERM.fullmatch(term.strip()) for term in line.split(",")]
            assert all(terms), f"no rule of udev: {line}"
            found.append([(m[1], m[2] or "", m[3], m[4]) for m in terms if m])
    return found


def matching(subsystem: str, vendor: int, product: int) -> dict[str, str]:
    """What the rules assign to such a device (of a USB device, or of the tty on it)."""
    assigned: dict[str, str] = {}
    values = {"idVendor": f"{vendor:04x}", "idProduct": f"{product:04x}"}
    for rule in rules():
        wanted = [term for term in rule if term[2] == "=="]
        assert wanted or rule[0][0] == "LABEL", "a rule without a condition is for every device"
        fits = all(
            {"SUBSYSTEM": subsystem, "ACTION": "add", "ENV": "usb_device"}.get(
                key, values.get(attribute)
            ) == value
            for key, attribute, _, value in wanted
        )  # fmt: skip
        if wanted and fits:
            assigned |= {f"{k}{a}": v for k, a, op, v in rule if op != "=="}
    return assigned


def test_every_term_is_a_match_or_an_assignment_of_udev() -> None:
    for rule in rules():
        for key, _, operator, _ in rule:
            assert key in (MATCHES if operator in ("==", "!=") else ASSIGNMENTS), key


def test_jumps_lead_to_labels() -> None:
    values = {key: {t[3] for r in rules() for t in r if t[0] == key} for key in ("GOTO", "LABEL")}
    assert values["GOTO"] == values["LABEL"]


@pytest.mark.parametrize(("vendor", "product"), ports.IDENTITIES)
def test_each_port_that_the_host_looks_for_may_be_opened(vendor: int, product: int) -> None:
    tty = matching("tty", vendor, product)
    assert tty == {
        "ENVID_MM_PORT_IGNORE": "1", "MODE": "0660", "GROUP": "dialout", "TAG": "uaccess",
        "SYMLINK": "gatescan-$attr{serial}",
    }  # fmt: skip
    assert matching("usb", vendor, product) == {"ENVID_MM_DEVICE_IGNORE": "1"}


def test_the_bootsel_loader_may_be_opened_and_is_no_scanner() -> None:
    assert matching("usb", 0x2E8A, 0x0003)["GROUP"] == "plugdev"
    assert matching("tty", 0x2E8A, 0x0003) == {}


def test_other_devices_are_left_alone() -> None:
    assert matching("tty", 0x0403, 0x6001) == matching("usb", 0x0403, 0x6001) == {}


def test_the_file_comes_before_the_one_that_grants_uaccess() -> None:
    assert int(RULES.name.split("-")[0]) < 73


def test_udevadm_finds_nothing_to_complain_about() -> None:
    if shutil.which("udevadm") is None:
        pytest.skip("udevadm is not on this computer; the syntax is checked above all the same")
    done = subprocess.run(
        ["udevadm", "verify", str(RULES)], capture_output=True, text=True, timeout=60
    )
    if "Unknown command" in done.stderr:
        pytest.skip("this udevadm has no `verify` (systemd 254 brought it)")
    assert done.returncode == 0, done.stdout + done.stderr
