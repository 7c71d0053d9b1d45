"""Key folders: make one, ask it, sign with it.

    public.key    56-byte LMS public key              tree       all nodes, a cache
    private.seed  key identifier and seed, mode 0600  next_leaf  the counter: see leaf_counter
    key.json      label and date                      lock       held while signing

Never copy, back up or restore such a folder: a counter that goes back signs with spent leaves.
A second key, made apart and kept sealed, is the spare.
"""

import json
import os
import shutil
import stat
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from gatescan.core.trust import lms
from gatescan_host.signing import leaf_counter, lms_signer
from gatescan_host.signing.errors import SigningError

CONFORMANCE = (
    "LMS, SHA-256, H{height}/W4: compatible with RFC 8554; not conformant with NIST SP 800-208, "
    "which wants the private key inside a hardware module."
)
DEMO_LABEL = "DEMO"

_PUBLIC, _SEED, _INFO, _TREE = "public.key", "private.seed", "key.json", "tree"
_FORMAT = 1


@dataclass(frozen=True)
class KeyStatus:
    """What `gatescan keys status` tells about a key folder."""

    key_id: str  # 16 hex digits
    label: str
    created: str  # ISO 8601, UTC
    height: int
    used: int  # signatures, the skipped ones included
    remaining: int  # signatures
    demo: bool  # label begins with DEMO: good for trying out only
    algorithm: str
    warnings: tuple[str, ...]


def new_key(
    folder: Path,
    height: int = 15,
    label: str = "",
    on_progress: lms_signer.Progress | None = None,
) -> bytes:
    """Make a key folder and return the public key; 2**height signatures.

    `folder` must not exist or be empty; it appears complete or not at all. Raises SigningError.
    """
    if height not in lms_signer.HEIGHTS:
        raise SigningError(f"A key of height {height} is not supported: choose 5, 10 or 15.")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise SigningError(f"{folder} exists already; keys are never replaced: choose a new one.")
    identifier = os.urandom(lms_signer.IDENTIFIER_BYTES)
    seed = os.urandom(lms_signer.SEED_BYTES)
    tree = lms_signer.build_tree(identifier, seed, height, on_progress)
    public_key = lms_signer.public_key(identifier, _node(tree, 1), height)
    info = {"format": _FORMAT, "label": label, "created": _now()}
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))  # mode 0700
        try:
            leaf_counter.write_flushed(fresh / _SEED, identifier + seed, 0o600)
            leaf_counter.write_flushed(fresh / _PUBLIC, public_key)
            leaf_counter.write_flushed(fresh / _INFO, json.dumps(info).encode())
            leaf_counter.write_flushed(fresh / _TREE, tree, 0o600)
            leaf_counter.start(fresh)
            fresh.rename(folder)
            leaf_counter.flush_folder(folder.parent)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    except OSError as error:
        raise SigningError(
            f"The key could not be written to {folder} ({error.strerror}): choose another folder."
        ) from None
    return public_key


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _node(tree: bytes, node: int) -> bytes:
    return tree[lms_signer.NODE_BYTES * node : lms_signer.NODE_BYTES * (node + 1)]


def _read(folder: Path, name: str) -> bytes:
    try:
        return (folder / name).read_bytes()
    except OSError as error:
        raise SigningError(
            f"{folder} is not a usable key folder: {name} cannot be read ({error.strerror}); "
            "make a key with `gatescan keys new --out DIR`."
        ) from None


def public(folder: Path) -> bytes:
    """The 56-byte public key of a key folder; raises SigningError."""
    key = _read(folder, _PUBLIC)
    try:
        lms_signer.height_of(key)
    except ValueError:
        raise SigningError(
            f"{folder / _PUBLIC} is damaged: get the public key from a scanner's provisioning."
        ) from None
    return key


def _info(folder: Path) -> tuple[str, str]:
    """(label, created) of a key folder."""
    try:
        info = json.loads(_read(folder, _INFO))
        return str(info["label"]), str(info["created"])
    except (ValueError, KeyError, TypeError):
        raise SigningError(
            f"{folder / _INFO} is damaged: it needs format, label and created, as JSON."
        ) from None


def _loose(folder: Path) -> tuple[str, ...]:
    mode = (folder / _SEED).stat().st_mode
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        return (f"Others may read {folder / _SEED}: run `chmod 600` on it, or make a new key.",)
    return ()


def status(folder: Path) -> KeyStatus:
    """Label, height and remaining signatures of a key folder; raises SigningError."""
    key = public(folder)
    height = lms_signer.height_of(key)
    label, created = _info(folder)
    _read(folder, _SEED)
    used, clean = leaf_counter.read(folder)
    warnings = _loose(folder)
    if not clean:
        used += leaf_counter.skip_after_crash(height)
        warnings += ("The last signer did not finish: some signatures are skipped for safety.",)
    used = min(used, 1 << height)
    return KeyStatus(
        key_id=lms.key_id(key).hex(),
        label=label,
        created=created,
        height=height,
        used=used,
        remaining=(1 << height) - used,
        demo=label.upper().startswith(DEMO_LABEL),
        algorithm=CONFORMANCE.format(height=height),
        warnings=warnings,
    )


def _secret(folder: Path) -> tuple[bytes, bytes]:
    data = _read(folder, _SEED)
    if len(data) != lms_signer.IDENTIFIER_BYTES + lms_signer.SEED_BYTES:
        raise SigningError(f"{folder / _SEED} is damaged: this key is lost, make a new one.")
    return data[: lms_signer.IDENTIFIER_BYTES], data[lms_signer.IDENTIFIER_BYTES :]


def _cached_path(folder: Path, q: int, height: int) -> bytes:
    """The authentication path of leaf q from the cached tree; too short when the cache is."""
    out = b""
    try:
        with (folder / _TREE).open("rb") as tree:
            for node in lms_signer.path_nodes(q, height):
                tree.seek(lms_signer.NODE_BYTES * node)
                out += tree.read(lms_signer.NODE_BYTES)
    except OSError:
        return b""
    return out


def sign(folder: Path, message: bytes, published_q: int = -1) -> bytes:
    """An LMS signature of `message`, checked before it is given out.

    `published_q`: the highest leaf number known from published tables of this key, -1 for none.
    Raises SigningError. A damaged tree is built anew, which takes as long as making the key.
    """
    key = public(folder)
    height = lms_signer.height_of(key)
    identifier, seed = _secret(folder)
    try:
        with leaf_counter.burnt_leaf(folder, height, published_q) as q:
            one_time = lms_signer.one_time_signature(identifier, seed, q, message)
            path = _cached_path(folder, q, height)
            signature = lms_signer.signature(q, one_time, height, path)
            if lms.verify(key, message, signature):
                return signature
            tree = lms_signer.build_tree(identifier, seed, height)
            path = b"".join(_node(tree, n) for n in lms_signer.path_nodes(q, height))
            signature = lms_signer.signature(q, one_time, height, path)
            if lms.verify(key, message, signature):
                leaf_counter.write_flushed(folder / _TREE, tree, 0o600)
                return signature
    except OSError as error:
        raise SigningError(
            f"The key in {folder} could not be used ({error.strerror}): it must lie on a local "
            "disk that can be written."
        ) from None
    raise SigningError(
        f"The private seed in {folder} does not belong to its public key: make a new key."
    )
