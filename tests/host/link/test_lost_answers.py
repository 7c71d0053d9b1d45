"""A provisioning whose answer is lost, and then the line: the error is that of the line."""

from pathlib import Path
from typing import Any

import pytest

from gatescan_host.errors import Exit, GatescanError
from gatescan_host.link.provisioning import provision

_DENIED = GatescanError("Unlock it first: give its key.", Exit.NOT_AUTHORISED)


class _Link:
    """A new scanner that takes its keys, and whose answers do not come."""

    def __init__(self, unlocking: GatescanError | None) -> None:
        self._unlocking = unlocking

    def status(self) -> dict[str, Any]:
        return {"device": "ab" * 8, "provisioned": False}

    def provision(self, *keys: object) -> None:
        raise _DENIED  # what the second try hears, after the first one's answer was lost

    def unlock(self, key: bytes) -> None:
        if self._unlocking is not None:
            raise self._unlocking


def _provision(folder: Path, unlocking: GatescanError | None) -> Path:
    return provision(_Link(unlocking), bytes(60), "vestre", "da", folder / "key")  # type: ignore[arg-type]


def test_the_new_key_opens_it(tmp_path):
    assert _provision(tmp_path, None).is_file()


def test_the_line_is_to_blame_and_the_new_key_waits(tmp_path):
    lost = GatescanError("The scanner does not answer: check the cable.", Exit.TIMEOUT)
    with pytest.raises(GatescanError) as fault:
        _provision(tmp_path, lost)
    assert fault.value is lost
    assert (tmp_path / "key.new").is_file() and not (tmp_path / "key").exists()


def test_a_scanner_with_other_keys_refuses(tmp_path):
    with pytest.raises(GatescanError) as fault:
        _provision(tmp_path, GatescanError("Wrong key: give its own.", Exit.NOT_AUTHORISED))
    assert fault.value is _DENIED
