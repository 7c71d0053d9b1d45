"""Tables that must not be used: refused with a sentence, by the command and by the scanner alone.

The command looks at the file first; so that the scanner's own checks are tried as well, each
table is also sent past the command, straight over the link.
"""

import random
import time

import pytest

import demo_site
from gatescan.core.trust import bundle, manifest
from gatescan_host.errors import Exit, GatescanError
from gatescan_host.link.provisioning import unlock
from gatescan_host.signing import bundle as signing
from gatescan_host.signing import keys
from gatescan_host.simulator.demo_table import site_file
from gatescan_host.table.signed import build_signed
from sim import rig

_BITS_A_PART = 8  # flipped in each part of the file
_DAY_S = 86400


@pytest.fixture(scope="module")
def loyal(shared_gate):
    """The gate, whose events are pulled before: none of them may be missing in the end."""
    with shared_gate.link() as link:
        unlock(link, shared_gate.key_file)
        if link.status()["table"]["seq"] < _head(rig.table(2)).manifest.seq:
            link.activate(link.upload(rig.table(2)))
    shared_gate.pull()
    shared_gate.open_visit()
    return shared_gate


@pytest.fixture(autouse=True)
def unshaken(loyal):
    """After each test: the same table, no event lost, an allowed thing still gets its allow."""
    before = loyal.status()["table"]
    loyal.pull()
    first = loyal.events()
    yield
    after = loyal.status()
    assert after["table"] == before
    assert after["condition"] == "ok"
    assert after["restarts"] == 0
    loyal.pull()
    assert loyal.events()[: len(first)] == first, "an acknowledged event changed or went missing"
    assert loyal.scan(rig.SPREAD)["verdict"] == "allow", "the visit is open still"


def _head(data: bytes) -> bundle.BundleHead:
    head = bundle.parse_head(data)
    assert head is not None
    return head


def _parts(data: bytes) -> dict[str, tuple[int, int]]:
    """Where the parts of a signed table file lie: first byte and end."""
    head = _head(data)
    signature_at = head.head_bytes - len(head.signature)
    return {
        "magic and lengths": (0, 8),
        "manifest": (8, signature_at),
        "signature": (signature_at, head.head_bytes),
        "table": (head.head_bytes, len(data)),
    }


def _refused_by_command(gate: rig.Gate, tmp_path, data: bytes) -> str:
    """`gatescan sync` ends with exit 6 and one sentence; returns it."""
    file = tmp_path / "table.gst"
    file.write_bytes(data)
    done = gate.cli("sync", "--table", file, "--json")
    assert done.code == Exit.TABLE_REJECTED, done
    assert done.out == ""
    said = [line for line in done.err.splitlines() if line.startswith("gatescan: ")]
    assert len(said) == 1 and rig.is_sentence(done.err), done.err
    return said[0]


def _refused_by_scanner(gate: rig.Gate, data: bytes) -> str:
    """The scanner itself refuses; returns its sentence."""
    with gate.link() as link:
        unlock(link, gate.key_file)
        with pytest.raises(GatescanError) as refusal:
            link.activate(link.upload(data))
        assert refusal.value.exit_code is Exit.TABLE_REJECTED, refusal.value
        assert link.status()["staged"] == 0, "what was refused leaves its room"
    assert rig.is_sentence(str(refusal.value))
    return str(refusal.value)


@pytest.mark.parametrize("part", ["magic and lengths", "manifest", "signature", "table"])
def test_one_flipped_bit(loyal, tmp_path, rng, part):
    """Several positions in each part, drawn anew in each run (the seed is printed)."""
    data = rig.table(3)
    first, end = _parts(data)[part]
    for _ in range(_BITS_A_PART):
        bad = rig.flip(data, rng.randrange(8 * first, 8 * end))
        _refused_by_scanner(loyal, bad)
    _refused_by_command(loyal, tmp_path, bad)


def test_every_byte_of_the_manifest_is_under_the_signature(loyal, rng):
    """One bit in each second byte, beginning anywhere: none may pass."""
    data = rig.table(3)
    first, end = _parts(data)["manifest"]
    with loyal.link() as link:
        unlock(link, loyal.key_file)
        for at in range(first + rng.randrange(2), end, 2):
            with pytest.raises(GatescanError) as refusal:
                link.upload(rig.flip(data, 8 * at + rng.randrange(8)))
            assert refusal.value.exit_code is Exit.TABLE_REJECTED


def test_signed_with_another_key(loyal, tmp_path):
    data = rig.table(1, "other")
    said = _refused_by_command(loyal, tmp_path, data)
    assert "key this scanner does not know" in said and "provision" in said
    assert said.removeprefix("gatescan: ") == _refused_by_scanner(loyal, data)


def test_signature_of_another_key_under_this_keys_name(loyal, tmp_path):
    """Somebody writes our key's id into a manifest and signs with his own."""
    good, foreign = rig.table(3), demo_site.key_folder("other")
    head = _head(good)
    signature = keys.sign(foreign, head.manifest_raw)
    forged = bundle.pack_head(head.manifest_raw, signature) + good[head.head_bytes :]
    assert "signature" in _refused_by_command(loyal, tmp_path, forged)
    assert "signature" in _refused_by_scanner(loyal, forged)


def test_head_of_one_release_with_the_table_of_another(loyal):
    ours, other = rig.table(3), rig.table(4)
    size = len(ours) - _head(ours).head_bytes
    mixed = ours[: _head(ours).head_bytes] + other[_head(other).head_bytes :][:size]
    assert "not the signed ones" in _refused_by_scanner(loyal, mixed)


def test_an_older_table(loyal, tmp_path):
    said = _refused_by_command(loyal, tmp_path, rig.table(1))
    assert "already accepted" in said and "higher number" in said
    assert "already accepted" in _refused_by_scanner(loyal, rig.table(1))


def test_a_higher_number_under_an_older_signature(loyal):
    """A signer that was put back from a copy: its leaf numbers come again."""
    head = _head(rig.table(3))
    fields = dict(head.manifest._asdict(), seq=9999)
    raw = manifest.encode(fields)
    forged = bundle.pack_head(raw, head.signature) + rig.table(3)[head.head_bytes :]
    assert "signature" in _refused_by_scanner(loyal, forged)


def test_made_for_another_site(loyal, tmp_path):
    table = rig.table(3)[_head(rig.table(3)).head_bytes :]
    now = int(time.time())
    folder = demo_site.key_folder("site")
    data = signing.sign_table(
        table, folder, site_id="nyborg", seq=5000, not_before=now - 60, not_after=now + _DAY_S
    )
    said = _refused_by_command(loyal, tmp_path, data)
    assert "nyborg" in said and "vestre" in said
    assert "nyborg" in _refused_by_scanner(loyal, data)


@pytest.mark.parametrize(
    ("days", "word"), [(-400, "expired"), (30, "not valid yet")], ids=["expired", "early"]
)
def test_out_of_its_time(loyal, tmp_path, days, word):
    now = int(time.time()) + days * _DAY_S
    data = build_signed(site_file(), demo_site.key_folder("site"), now_utc=now, seq=6000).data
    assert word in _refused_by_command(loyal, tmp_path, data)
    assert word in _refused_by_scanner(loyal, data)


def test_needs_newer_firmware(loyal):
    table = rig.table(3)[_head(rig.table(3)).head_bytes :]
    now = int(time.time())
    data = signing.sign_table(
        table, demo_site.key_folder("site"), site_id="vestre", seq=7000,
        not_before=now - 60, not_after=now + _DAY_S, min_fw=0xFF000000,
    )  # fmt: skip
    assert "firmware" in _refused_by_scanner(loyal, data)


def test_signed_nonsense_is_refused_by_the_self_test(loyal):
    """The signature is good and the content is no table: the reader has the last word."""
    now = int(time.time())
    good = rig.table(3)[_head(rig.table(3)).head_bytes :]
    for content in (random.Random(1).randbytes(3000), rig.flip(good, 80_000)):
        data = signing.sign_table(
            content, demo_site.key_folder("site"), site_id="vestre", seq=8000,
            not_before=now - 60, not_after=now + _DAY_S,
        )  # fmt: skip
        assert "table" in _refused_by_scanner(loyal, data).lower()


@pytest.mark.parametrize("length", [0, 1, 7, 8, 100, 2000, -1, -40])
def test_cut_short(loyal, tmp_path, length):
    data = rig.table(3)[:length]
    _refused_by_command(loyal, tmp_path, data)
    if data:
        _refused_by_scanner(loyal, data)


def test_larger_than_the_flash(loyal):
    """Endless data is stopped by the announced length and by the signed one."""
    with pytest.raises(GatescanError, match="does not fit") as refusal:
        loyal.sync(rig.table(3) + bytes(1_400_000))
    assert refusal.value.exit_code is Exit.TABLE_REJECTED
    with pytest.raises(GatescanError, match="length differs"):
        loyal.sync(rig.table(3) + bytes(1))


def test_refusals_stand_in_the_log(loyal):
    for data in (rig.table(1), rig.table(1, "other")):
        _refused_by_scanner(loyal, data)
    loyal.pull()
    reasons = [event["reason"] for event in loyal.events() if event["kind"] == "table_refused"]
    assert reasons[-2:] == ["old", "key"]
