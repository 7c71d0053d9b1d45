"""Files that a user names: read and written with a sentence for what goes wrong."""

import os
import tempfile
from pathlib import Path

from gatescan_host.errors import Exit, GatescanError


def read_file(path: Path) -> bytes:
    """The bytes of a file; raises GatescanError with exit code 2."""
    try:
        return path.read_bytes()
    except OSError as fault:
        raise GatescanError(
            f"{path} cannot be read ({fault.strerror}): check the name.", Exit.USAGE
        ) from None


def write_file(path: Path, data: bytes) -> None:
    """Write a file whole or not at all; raises GatescanError with exit code 2."""
    path = path.resolve()
    try:
        if path.exists() and not path.is_file():
            # A device or a pipe is written to, never replaced.
            with path.open("wb") as file:
                file.write(data)
            return
        descriptor, aside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
            Path(aside).chmod(0o644)
            Path(aside).replace(path)
        except OSError:
            Path(aside).unlink(missing_ok=True)
            raise
    except OSError as fault:
        raise GatescanError(
            f"{path} cannot be written ({fault.strerror}): choose another place.", Exit.USAGE
        ) from None
