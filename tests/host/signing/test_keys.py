"""Key folders: signatures others accept, leaves never spent twice, sentences for every mistake."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from pyhsslms import pyhsslms as peer

from gatescan.core.trust import lms
from gatescan_host.signing import keys, leaf_counter, lms_signer
from gatescan_host.signing.errors import SigningError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    keys.new_key(tmp_path / "key", 5, "north gate")
    return tmp_path / "key"


def test_an_independent_verifier_accepts_every_leaf(folder):
    public = peer.LmsPublicKey.deserialize(keys.public(folder))
    for q in range(32):
        message = b"message %d" % q
        signature = keys.sign(folder, message)
        assert lms.signature_index(signature) == q
        assert public.verify(message, signature)
        assert lms.verify(keys.public(folder), message, signature)
        assert not public.verify(message + b".", signature)
    with pytest.raises(SigningError, match="no signatures left"):
        keys.sign(folder, b"one too many")
    assert keys.status(folder).remaining == 0


def test_a_bigger_tree_is_built_by_processes_and_reports_progress(tmp_path):
    steps = []
    key = keys.new_key(tmp_path / "k", 10, on_progress=lambda *step: steps.append(step))
    assert steps[-1] == (1024, 1024)
    assert steps == sorted(steps)
    assert len(steps) > 4
    assert peer.LmsPublicKey.deserialize(key).verify(b"m", keys.sign(tmp_path / "k", b"m"))


def test_status_tells_what_is_left_and_that_a_demo_is_a_demo(tmp_path, folder):
    keys.sign(folder, b"m")
    status = keys.status(folder)
    assert (status.height, status.used, status.remaining) == (5, 1, 31)
    assert status.key_id == lms.key_id(keys.public(folder)).hex()
    assert status.label == "north gate"
    assert not status.demo
    assert status.warnings == ()
    assert "not conformant" in status.algorithm
    keys.new_key(tmp_path / "demo", 5, "DEMO: not for a real gate")
    assert keys.status(tmp_path / "demo").demo


def test_the_seed_is_private_and_a_loose_folder_is_reported(folder):
    assert stat.S_IMODE((folder / "private.seed").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    (folder / "private.seed").chmod(0o644)
    assert "chmod 600" in keys.status(folder).warnings[0]


def test_two_keys_differ(tmp_path):
    assert keys.new_key(tmp_path / "a", 5) != keys.new_key(tmp_path / "b", 5)


def test_an_existing_folder_is_never_replaced(folder, tmp_path):
    before = (folder / "public.key").read_bytes()
    with pytest.raises(SigningError, match="never replaced"):
        keys.new_key(folder, 5)
    (tmp_path / "file").write_text("x")
    with pytest.raises(SigningError, match="never replaced"):
        keys.new_key(tmp_path / "file", 5)
    assert (folder / "public.key").read_bytes() == before
    (tmp_path / "empty").mkdir()
    keys.new_key(tmp_path / "empty", 5)


def test_a_height_that_is_not_offered(tmp_path):
    with pytest.raises(SigningError, match="choose 5, 10 or 15"):
        keys.new_key(tmp_path / "k", 20)


def test_nothing_is_left_of_a_key_that_could_not_be_written(tmp_path, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(leaf_counter, "start", full)
    with pytest.raises(SigningError, match="No space left"):
        keys.new_key(tmp_path / "k", 5)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["public.key", "private.seed", "key.json", "next_leaf"])
@pytest.mark.parametrize("content", [None, b"", b"rubbish", b"-1 clean", b"3 sealed"])
def test_a_missing_or_damaged_file_is_a_sentence(folder, name, content):
    (folder / name).unlink()
    if content is not None:
        (folder / name).write_bytes(content)
    failures = 0
    for ask in (keys.status, lambda f: keys.sign(f, b"m")):
        try:
            ask(folder)
        except SigningError as error:
            assert str(error)
            failures += 1
    assert failures


def test_a_folder_that_is_no_key(tmp_path):
    with pytest.raises(SigningError, match="not a usable key folder"):
        keys.public(tmp_path / "nothing")


@pytest.mark.parametrize("content", [None, b"", b"\x55" * 2048])
def test_a_damaged_tree_is_mended(folder, content):
    whole = (folder / "tree").read_bytes()
    (folder / "tree").unlink()
    if content is not None:
        (folder / "tree").write_bytes(content)
    assert lms.verify(keys.public(folder), b"m", keys.sign(folder, b"m"))
    assert (folder / "tree").read_bytes() == whole


def test_a_seed_of_another_key_signs_nothing(folder, tmp_path):
    keys.new_key(tmp_path / "other", 5)
    (folder / "private.seed").write_bytes((tmp_path / "other" / "private.seed").read_bytes())
    with pytest.raises(SigningError, match="does not belong"):
        keys.sign(folder, b"m")


def test_a_folder_restored_from_a_copy_is_refused_when_more_is_published(folder):
    signatures = [keys.sign(folder, b"%d" % i) for i in range(4)]
    (folder / "next_leaf").write_text("2 clean\n")
    with pytest.raises(SigningError, match="restored from a copy"):
        keys.sign(folder, b"m", published_q=lms.signature_index(signatures[-1]))


class Crash(BaseException):
    """Stops a signer where a power cut would."""


_STEPS = ("fsync", "replace", "one_time_signature", "verify", "open")


def _crash_at(monkeypatch: pytest.MonkeyPatch, number: int) -> list[str]:
    """Make the n-th step of signing (disk or computation) crash; returns the steps taken."""
    taken: list[str] = []

    def watched(name, call):
        def step(*args, **kwargs):
            taken.append(name)
            if len(taken) == number:
                raise Crash
            return call(*args, **kwargs)

        return step

    monkeypatch.setattr(os, "fsync", watched("fsync", os.fsync))
    monkeypatch.setattr(os, "open", watched("open", os.open))
    monkeypatch.setattr(Path, "replace", watched("replace", Path.replace))
    monkeypatch.setattr(lms, "verify", watched("verify", lms.verify))
    monkeypatch.setattr(
        lms_signer,
        "one_time_signature",
        watched("one_time_signature", lms_signer.one_time_signature),
    )
    return taken


def test_a_crash_at_every_step_never_gives_a_leaf_twice(tmp_path, monkeypatch):
    """`used` is every leaf somebody may have computed with, finished or not."""
    folder = tmp_path / "key"
    keys.new_key(folder, 10)
    used: list[int] = []
    original = lms_signer.one_time_signature

    def noted(identifier, seed, q, message):
        used.append(q)
        return original(identifier, seed, q, message)

    monkeypatch.setattr(lms_signer, "one_time_signature", noted)
    number = 0
    crashed = True
    while crashed:
        number += 1
        crashed = False
        with monkeypatch.context() as patch:
            steps = _crash_at(patch, number)
            try:
                keys.sign(folder, b"first %d" % number)
            except Crash:
                crashed = True
        signature = keys.sign(folder, b"second %d" % number)
        assert lms.verify(keys.public(folder), b"second %d" % number, signature)
    assert set(_STEPS) == set(steps)
    assert number > 8
    assert len(used) == len(set(used))
    assert used == sorted(used)


_SIGN_FOR_EVER = """
import sys
from pathlib import Path
from gatescan.core.trust import lms
from gatescan_host.signing import keys
for i in range(int(sys.argv[2])):
    print(lms.signature_index(keys.sign(Path(sys.argv[1]), b"%d" % i)), flush=True)
"""


def _signer(root: Path, folder: Path, count: int) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-c", _SIGN_FOR_EVER, str(folder), str(count)],
        env={**os.environ, "PYTHONPATH": f"{root}/firmware:{root}/host_tools"},
        stdout=subprocess.PIPE, text=True,
    )


def test_concurrent_signers_never_share_a_leaf(root, tmp_path):
    keys.new_key(tmp_path / "key", 10)
    signers = [_signer(root, tmp_path / "key", 25) for _ in range(3)]
    leaves = [int(line) for s in signers for line in s.communicate(timeout=120)[0].split()]
    assert len(leaves) == 75
    assert sorted(leaves) == list(range(75))


def test_killed_signers_never_cost_a_leaf_twice(root, tmp_path, rng):
    keys.new_key(tmp_path / "key", 10)
    leaves: list[int] = []
    for _ in range(6):
        signer = _signer(root, tmp_path / "key", 1000)
        assert signer.stdout is not None
        for _ in range(rng.randrange(1, 6)):
            leaves.append(int(signer.stdout.readline()))
        signer.kill()
        leaves.extend(int(line) for line in signer.communicate(timeout=60)[0].split())
    leaves.append(lms.signature_index(keys.sign(tmp_path / "key", b"m")))
    assert leaves == sorted(set(leaves))
