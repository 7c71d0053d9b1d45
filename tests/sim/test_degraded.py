"""Parts missing or flash damaged: the scanner says so, clears nothing, and can be mended."""

import time
from collections.abc import Callable

import pytest

from sim import rig

DAMAGE = {
    "settings": "f = open('settings', 'r+b')\nf.write(b'\\x00\\xff\\x00')\nf.close()",
    "slots": "f = open('slots', 'r+b')\nf.write(b'\\x00\\xff\\x00')\nf.close()",
    "boots": "f = open('boots', 'r+b')\nf.write(b'\\x00\\xff\\x00')\nf.close()",
    "table cut short": (
        "n = [n for n in os.listdir() if n.endswith('.gst')][0]\n"
        "d = open(n, 'rb').read()\nf = open(n, 'wb')\nf.write(d[:4000])\nf.close()"
    ),
    "table gone": "os.remove([n for n in os.listdir() if n.endswith('.gst')][0])",
    "signature": (
        "f = open([n for n in os.listdir() if n.endswith('.gst')][0], 'r+b')\n"
        "f.seek(1500)\nb = f.read(1)\nf.seek(1500)\nf.write(bytes((b[0] ^ 1,)))\nf.close()"
    ),
    "table body": (
        "f = open([n for n in os.listdir() if n.endswith('.gst')][0], 'r+b')\n"
        "f.seek(9000)\nb = f.read(1)\nf.seek(9000)\nf.write(bytes((b[0] ^ 16,)))\nf.close()"
    ),
}


def test_without_a_display_light_tone_and_log_still_answer(
    extra_gate: Callable[..., rig.Gate],
) -> None:
    gate = extra_gate(no_display=True, rtc_utc=int(time.time()))
    event = gate.scan(rig.VODKA)
    assert (event["verdict"], event["light"], event["tone"]) == (
        "refuse_handout", "refuse", "refuse",
    )  # fmt: skip
    rig.until(lambda: gate.scanner.light != (0, 0, 0))
    assert event["seq"] > 0


@pytest.mark.parametrize("what", DAMAGE)
def test_damaged_flash_clears_nothing_and_is_mended(flash_gate: rig.Gate, what: str) -> None:
    rig.flash_script(flash_gate.scanner.state_dir, DAMAGE[what])
    flash_gate.scanner.power_on()
    if what == "settings":
        # Without keys the scanner is as new: whoever holds it provisions it.
        assert not flash_gate.status()["provisioned"]
        assert flash_gate.scan(rig.SPREAD)["verdict"] == "manual_inspection"
        flash_gate.equip(rig.table(2))
    else:
        flash_gate.set_time()
        if what == "boots":
            assert flash_gate.allows()
            return
        rig.until(lambda: flash_gate.status()["condition"] == "no_table")
        assert flash_gate.scan(rig.SPREAD)["verdict"] == "manual_inspection"
        if what != "slots":
            assert rig.is_sentence(flash_gate.status()["problem"])
        flash_gate.sync(rig.table(2))
    assert flash_gate.allows()


def test_the_same_table_repairs_a_damaged_one(flash_gate: rig.Gate) -> None:
    rig.flash_script(flash_gate.scanner.state_dir, DAMAGE["table gone"])
    flash_gate.scanner.power_on()
    flash_gate.set_time()
    flash_gate.sync(rig.table())
    assert flash_gate.allows()


def test_a_settings_file_without_keys_never_opens_an_old_table(flash_gate: rig.Gate) -> None:
    rig.flash_script(flash_gate.scanner.state_dir, "os.remove('settings')")
    flash_gate.scanner.power_on()
    assert flash_gate.scan(rig.SPREAD)["verdict"] == "manual_inspection"
    assert "table" not in flash_gate.status()
