"""Where the host keeps device keys and events when no other place is named."""

import os
import re
from pathlib import Path

import typer

from gatescan_host.errors import Exit, GatescanError

_KEY_BYTES = 32


def folder() -> Path:
    """GATESCAN_HOME, or the user's own application folder; made when absent."""
    path = Path(os.environ.get("GATESCAN_HOME") or typer.get_app_dir("gatescan"))
    path.mkdir(parents=True, exist_ok=True)
    return path


def database_url() -> str:
    """The event store used when no --db is given."""
    return f"sqlite:///{folder() / 'events.sqlite'}"


def device_key_file(device_id: str) -> Path:
    """The file that holds a scanner's key; the scanner says its id, so it is looked at first."""
    if not re.fullmatch(r"[0-9a-f]{2,32}", device_id):
        raise GatescanError(
            "The scanner calls itself by an id that is none (2 to 32 hex digits): do not use it.",
            Exit.FAILED,
        )
    return folder() / "devices" / f"{device_id}.key"


def new_device_key(device_id: str, path: Path | None = None) -> bytes:
    """Make and store a scanner's key, readable by its owner only; returns the key."""
    path = path or device_key_file(device_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    key = os.urandom(_KEY_BYTES)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    return key


def device_key(device_id: str, path: Path | None = None) -> bytes:
    """The stored key of a scanner; raises GatescanError when there is none."""
    path = path or device_key_file(device_id)
    try:
        key = path.read_bytes()
    except OSError:
        raise GatescanError(
            f"There is no key of scanner {device_id} at {path}: "
            "provision the scanner from here, or name its key with --device-key.",
            Exit.NOT_AUTHORISED,
        ) from None
    if len(key) != _KEY_BYTES:
        raise GatescanError(f"{path} is no device key: it must have 32 bytes.", Exit.USAGE)
    return key
