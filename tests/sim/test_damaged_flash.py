"""Damage in flash: the scanner starts, says what is wrong, answers "by hand", can be repaired."""

import contextlib
import random

import pytest

import demo_site
from gatescan.core.trust import bundle
from gatescan_host.errors import Exit, GatescanError
from gatescan_host.simulator.scanner import Event
from sim import rig
from sim.journal_flash import damage_flash, fill, place

_FUZZ_ROUNDS = 4
_LEFT = 30  # events for which there is blank space when the test begins

_TOOLS = """
def put(path, data, mode="wb"):
    with open(path, mode) as file:  # littlefs keeps nothing of a file that is not closed
        file.write(data)

def cut(path, count):
    with open(path, "rb") as file:
        data = file.read()
    put(path, data[:-count])

def flip(path, at):
    with open(path, "r+b") as file:
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes((byte ^ 0x10,)))
"""


@pytest.fixture(scope="module")
def signed_sha() -> bytes:
    """SHA-256 of the one table that may ever be in use."""
    head = bundle.parse_head(rig.table(1))
    assert head is not None
    return head.manifest.table_sha256


def _on(gate: rig.Gate) -> dict:
    gate.scanner.power_on()
    return gate.status()


def _by_hand(gate: rig.Gate) -> None:
    assert gate.scan(rig.SPREAD)["verdict"] == "manual_inspection"
    assert gate.scan(rig.VODKA)["verdict"] == "manual_inspection"


_SETTINGS = {
    "flipped": "flip(name, 20)",
    "emptied": "put(name, b'')",
    "first byte": "flip(name, 0)",
    "longer": "put(name, b'more', 'ab')",
}


@pytest.mark.parametrize(
    ("name", "damage"),
    [("settings", "flipped"), ("settings", "emptied"), ("settings", "longer"),
     ("settings.2", "flipped")],
)  # fmt: skip
def test_one_copy_of_the_settings(flash_gate, name, damage):
    """They are kept twice: one damaged copy costs nothing."""
    script = f"{_TOOLS}name = {name!r}\n{_SETTINGS[damage]}"
    rig.flash_script(flash_gate.scanner.state_dir, script)
    report = _on(flash_gate)
    assert report["provisioned"] and "problem" not in report
    flash_gate.set_time()
    assert flash_gate.allows()


@pytest.mark.parametrize(("first", "second"), [("settings", "settings.2"),
                                               ("settings.2", "settings")])  # fmt: skip
def test_one_copy_after_the_other(flash_gate, first, second):
    """The good copy mends the damaged one at the start: the next damage finds two again."""
    for name in (first, second):
        script = f"{_TOOLS}name = {name!r}\n{_SETTINGS['flipped']}"
        rig.flash_script(flash_gate.scanner.state_dir, script)
        assert _on(flash_gate)["provisioned"]
        flash_gate.scanner.power_cut()
        flash_gate.scanner.forget_events()
    flash_gate.scanner.power_on()
    flash_gate.set_time()
    assert flash_gate.allows()


@pytest.mark.parametrize("damage", ["flipped", "emptied"])
def test_both_copies_of_the_settings(flash_gate, damage):
    """No keys, so no table; and whoever gives it new ones must hold the scanner in his hand."""
    gate = flash_gate
    script = f"for name in ('settings', 'settings.2'): {_SETTINGS[damage]}"
    rig.flash_script(gate.scanner.state_dir, _TOOLS + script)
    report = _on(gate)
    assert report["provisioned"] is False and report["condition"] == "no_table"
    assert "settings" in report["problem"] and "provision" in report["problem"]
    _by_hand(gate)
    shown = rig.gatescan("status", "--port", gate.port)
    assert shown.code == 0 and "settings are damaged" in shown.out
    provision = ("provision", "--public", demo_site.key_folder("site"), "--site", "vestre",
                 "--lang", "en")  # fmt: skip
    refused = gate.cli(*provision)
    assert refused.code == Exit.NOT_AUTHORISED and "BACK" in refused.err, refused
    assert gate.status()["provisioned"] is False
    gate.scanner.press("back", 2000)
    done = gate.cli(*provision)
    assert done.code == 0, done
    gate.set_time()
    report = gate.status()
    assert "problem" not in report
    assert report["table"], "the same key: the table in flash proves itself again"
    assert gate.allows()


@pytest.mark.parametrize(
    ("names", "record"),
    [
        (("settings", "settings.2"), "{}"),
        (("settings", "settings.2"), "{'device_key': 'x', 'public_key': 1, 'site': 2, 'lang': 3}"),
        (("slots",), "{'other': 1}"),
        (("slots",), "{'slot': 'a', 'key': b'x' * 16, 'floors': [1, [2], 'x']}"),
        (("boots", "stage.info"), "{}"),
        (("boots", "stage.info"), "{'n': 'x', 'len': None, 'sha': 7}"),
    ],
    ids=["settings empty", "settings types", "slots other", "slots types", "others empty",
         "others types"],
)  # fmt: skip
def test_a_record_that_other_firmware_wrote(flash_gate, names, record):
    """Its checksum is good and it means nothing here: no scanner may restart for ever over it."""
    gate = flash_gate
    script = (
        "from gatescan.app import storage\n"
        f"for name in {names!r}: storage.write_record(name, {record})\n"
    )
    rig.flash_script(gate.scanner.state_dir, script)
    report = _on(gate)
    assert report["restarts"] == 0
    if "boots" in names:
        gate.set_time()
        assert gate.allows()
        gate.sync(rig.table(2))
    else:
        assert "table" not in report and rig.is_sentence(report["problem"])
        _by_hand(gate)


@pytest.mark.parametrize(
    "damage",
    ["flip('slots', 12)", "put('slots', b'')", "os.remove('slots')"],
    ids=["flipped", "emptied", "removed"],
)
def test_record_of_the_slots(flash_gate, damage):
    """The ratchet stands in it too: without it an older table must still be refused."""
    gate = flash_gate
    gate.scanner.power_on()
    gate.set_time()
    gate.sync(rig.table(2))
    gate.scanner.power_cut()
    rig.flash_script(gate.scanner.state_dir, _TOOLS + damage)
    gate.scanner.forget_events()
    report = _on(gate)
    assert report["condition"] == "no_table"
    assert rig.is_sentence(report["problem"]) and "sync" in report["problem"]
    _by_hand(gate)
    gate.set_time()
    with pytest.raises(GatescanError, match="already accepted") as refusal:
        gate.sync(rig.table(1))
    assert refusal.value.exit_code is Exit.TABLE_REJECTED
    gate.sync(rig.table(2))
    assert "problem" not in gate.status()
    assert gate.allows()


@pytest.mark.parametrize(
    "damage",
    ["flip('table-a.gst', 60)", "flip('table-a.gst', 1000)", "flip('table-a.gst', 0)",
     "os.remove('table-a.gst')", "put('table-a.gst', b'')"],
    ids=["manifest", "signature", "magic", "removed", "emptied"],
)  # fmt: skip
def test_head_of_the_table_file(flash_gate, damage):
    gate = flash_gate
    rig.flash_script(gate.scanner.state_dir, _TOOLS + damage)
    report = _on(gate)
    assert report["condition"] == "no_table" and "table" not in report
    assert rig.is_sentence(report["problem"]) and "again" in report["problem"]
    _by_hand(gate)
    _repair(gate)


@pytest.mark.parametrize("share", [0.3, 0.7, 0.999])
def test_body_of_the_table_file(flash_gate, share):
    """The signature is good and a block is not: found at once or by the check after the start."""
    at = int(len(rig.table()) * share)
    gate = flash_gate
    rig.flash_script(gate.scanner.state_dir, _TOOLS + f"flip('table-a.gst', {at})")
    gate.scanner.power_on()
    rig.until(lambda: gate.status()["condition"] == "no_table")
    report = gate.status()
    assert rig.is_sentence(report["problem"]), report
    _by_hand(gate)
    _repair(gate)


def test_a_table_file_that_ends_too_early(flash_gate):
    gate = flash_gate
    rig.flash_script(gate.scanner.state_dir, _TOOLS + "cut('table-a.gst', 600)")
    gate.scanner.power_on()
    rig.until(lambda: gate.status()["condition"] == "no_table")
    _by_hand(gate)
    _repair(gate)


def _repair(gate: rig.Gate) -> None:
    """The very same table comes again under its own number."""
    gate.set_time()
    gate.sync(rig.table(1))
    report = gate.status()
    assert report["condition"] == "ok" and "problem" not in report
    assert gate.allows()
    gate.restart()
    assert gate.status()["table"]["seq"] == report["table"]["seq"]


@pytest.mark.parametrize("damage", ["flip('boots', 2)", "os.remove('boots')"])
def test_boot_counter(flash_gate, damage):
    rig.flash_script(flash_gate.scanner.state_dir, _TOOLS + damage)
    report = _on(flash_gate)
    assert report["boot"] >= 1 and report["table"]
    flash_gate.set_time()
    assert flash_gate.allows()


@pytest.mark.parametrize(
    "damage",
    ["put('stage', b'x' * 3000); put('settings.new', b'half a rec'); put('journal/what', b'?')",
     "put('stage', b'x' * 300); put('stage.info', b'rubbish'); put('slots.new', b'')"],
    ids=["upload without record", "with a damaged one"],
)  # fmt: skip
def test_leftovers(flash_gate, damage):
    gate = flash_gate
    rig.flash_script(gate.scanner.state_dir, _TOOLS + damage)
    assert _on(gate)["table"]
    gate.set_time()
    gate.sync(rig.table(2))
    assert gate.allows()
    gate.pull()


@pytest.mark.parametrize(
    "damage",
    [b"half a record", b"z" * 48, bytes(9 * 48 + 7)],
    ids=["half", "foreign", "many"],
)  # fmt: skip
def test_tail_of_the_journal(flash_gate, damage):
    """What a power cut may leave behind the last event: nothing is lost, the chain goes on."""
    gate = flash_gate
    gate.scanner.power_on()
    gate.pull()
    known = gate.events()
    gate.scanner.power_cut()
    damage_flash(gate, place(gate, len(known) + 1), damage)
    gate.scanner.forget_events()
    gate.scanner.power_on()
    gate.scan(rig.VODKA)
    gate.pull()
    assert gate.events()[: len(known)] == known
    assert [event["kind"] for event in gate.events()[len(known) :]].count("scan") == 1


def test_an_event_changed_in_flash_is_found_by_the_pull(flash_gate):
    gate = flash_gate
    damage_flash(gate, place(gate, 2) + 20, b"\x55")
    gate.scanner.power_on()
    done = gate.cli("log", "pull", "--db", gate.database)
    assert done.code == Exit.CHAIN_BROKEN, done
    assert "Event 2 does not follow" in done.err and "secure the scanner" in done.err
    gate.set_time()
    assert gate.allows(), "the gate works on; the host knows"


def test_a_full_file_system_clears_nothing_and_does_not_stop_the_scanner(flash_gate):
    """What cannot be written down is not cleared: every `allow` stands in the log."""
    gate = flash_gate
    script = (
        _TOOLS + "size, number = 131072, 0\n"
        "while size >= 512:\n"
        "    try:\n"
        "        put('junk-%d' % number, bytes(size))\n"
        "        number += 1\n"
        "    except OSError:\n"
        "        size //= 2\n"
        "from gatescan.app import storage\n"
        "print(storage.free_bytes('/flash'))\n"
    )
    assert int(rig.flash_script(gate.scanner.state_dir, script)) < 4 * 4096, "it is not full"
    fill(gate, leave=_LEFT)
    report = _on(gate)
    assert report["table"]
    gate.set_time()
    gate.open_visit()
    allowed = 0
    while (event := gate.scan(rig.SPREAD))["verdict"] == "allow":
        allowed += 1
        assert event["seq"] and allowed < _LEFT
    assert event["verdict"] == "manual_inspection" and event["light"] == "fault"
    assert gate.scan(rig.SPREAD)["verdict"] == "manual_inspection"
    report = gate.status()
    assert report["condition"] == "journal_full" and report["restarts"] == 0
    gate.pull()
    kinds = [event.get("verdict") for event in gate.events()]
    assert kinds.count("allow") == allowed


def test_flash_full_of_rubbish_is_a_new_scanner(flash_gate, rng):
    flash = flash_gate.scanner.state_dir / "flash.bin"
    flash.write_bytes(rng.randbytes(flash.stat().st_size))
    report = _on(flash_gate)
    assert report["provisioned"] is False and report["boot"] == 1
    _by_hand(flash_gate)
    flash_gate.key_file.unlink()
    flash_gate.equip(rig.table(1))
    assert flash_gate.allows()


def _answer(gate: rig.Gate) -> Event:
    """What the guard hears who scans an allowed thing, whatever state the scanner is in."""
    gate.scanner.power_on()
    with contextlib.suppress(GatescanError):
        gate.set_time()
    gate.scanner.present(rig.CARD)
    return gate.scan(rig.SPREAD)


@pytest.mark.parametrize("turn", range(_FUZZ_ROUNDS))
def test_random_bytes_in_any_file(flash_gate, rng, turn, signed_sha):
    """Whatever is hit: an `allow` comes from the very table that was signed, or not at all."""
    gate, rng = flash_gate, random.Random(rng.random() + turn)
    script = _TOOLS + "import random\nrandom.seed(%d)\n" % rng.randrange(1 << 30) + (
        "names = [n for n in os.listdir() if n != 'journal']\n"
        "names += ['journal/' + n for n in os.listdir('journal')]\n"
        "for _ in range(3):\n"
        "    name = random.choice(names)\n"
        "    size = os.stat(name)[6]\n"
        "    if size: flip(name, random.randrange(size)); print(name)\n"
    )
    hit = rig.flash_script(gate.scanner.state_dir, script)
    _never_allows_wrongly(gate, hit, signed_sha)


@pytest.mark.parametrize("turn", range(_FUZZ_ROUNDS))
def test_random_bytes_anywhere_in_the_flash_chip(flash_gate, rng, turn, signed_sha):
    """The file system's own records as well: it may lose files, it must not invent a table."""
    gate, rng = flash_gate, random.Random(rng.random() + turn)
    flash = gate.scanner.state_dir / "flash.bin"
    data = bytearray(flash.read_bytes())
    used = [at for at in range(0, len(data), 256) if data[at : at + 256].strip(b"\xff")]
    for _ in range(3):
        data[rng.choice(used) + rng.randrange(256)] ^= 1 << rng.randrange(8)
    flash.write_bytes(data)
    _never_allows_wrongly(gate, "raw", signed_sha)


def _never_allows_wrongly(gate: rig.Gate, hit: str, signed_sha: bytes) -> None:
    event = _answer(gate)
    report = gate.status()
    assert report["restarts"] == 0, gate.scanner.console_log.read_text()
    print("hit", hit.split(), "->", event["verdict"], report["condition"], report.get("problem"))
    if event["verdict"] == "allow":
        assert report["table"]["sha"] == signed_sha
    else:
        assert event["verdict"] in ("manual_inspection", "hold_for_decision")


def test_the_scanner_works_without_a_display(extra_gate):
    gate = extra_gate(no_display=True)
    gate.set_time()
    gate.open_visit()
    event = gate.scan(rig.SPREAD)
    assert (event["verdict"], event["light"], event["tone"]) == ("allow", "allow", "allow")
    assert gate.scanner.light != (0, 0, 0), "the lamp is lit"
    gate.scanner.forget_events()
    event = gate.scan(rig.VODKA)
    assert (event["light"], event["tone"]) == ("refuse", "refuse")
    gate.scanner.wait_for("sound", where=lambda sound: sound["hz"] > 0)
    assert gate.scanner.frame == bytes(1024), "nothing was drawn"
    gate.pull()
    assert [event["kind"] for event in gate.events()].count("scan") == 2


def test_folders_take_no_room_twice(tmp_path):
    """littlefs counts a folder's two blocks twice; with code in 13 folders 104 kB were missing."""
    told = rig.flash_script(
        tmp_path,
        "from gatescan.app import storage\n"
        "before = storage.free_bytes('/flash')\n"
        "for path in ('a', 'a/b', 'c'):\n"
        "    storage.make_folder('/flash/' + path)\n"
        "print((before - storage.free_bytes('/flash')) // 4096)",
    )
    assert told.strip() == "6"
