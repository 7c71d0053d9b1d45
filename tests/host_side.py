"""The host's side of a gate on the bench: `gatescan` as scripts use it, keys, events, tables.

Shared by the tests of the simulated scanner (tests/sim) and of every target (tests/hil).
"""

import contextlib
import io
import json
import os
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

import pytest

import demo_site
from gatescan_host.cli.main import main
from gatescan_host.link.provisioning import provision, unlock
from gatescan_host.link.session import ScannerLink
from gatescan_host.signing import keys
from gatescan_host.store import history
from gatescan_host.store.database import open_store
from gatescan_host.store.pull import pull

CARD = "2A00C0FFE1"  # visit card of inmate-7f3a
SPREAD = "009800895250"  # allowed while that visit is open
VODKA = "5901041003003"  # refused, whoever comes
UNKNOWN = "4006381333931"
RADIO = "00000089002940"  # allowed after sealing and labelling
SEAL = "VF-000123"
SENTENCE_WORDS = 5  # a sentence that helps is longer than a code


class Done(NamedTuple):
    """What a command left."""

    code: int
    out: str
    err: str

    @property
    def answer(self) -> Any:
        """The one JSON document on stdout; fails when there is anything else."""
        return json.loads(self.out)


def gatescan(*arguments: str | Path, home: Path | None = None) -> Done:
    """The command `gatescan`, run in this process as a shell would run it."""
    out, err = io.StringIO(), io.StringIO()
    code = 0
    with (
        mock.patch.object(sys, "argv", ["gatescan", *map(str, arguments)]),
        mock.patch.dict(os.environ, {"GATESCAN_HOME": str(home)} if home else {}),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
    return Done(code, out.getvalue(), err.getvalue())


def table(count: int = 1, key: str = "site") -> bytes:
    """The `count`th signed demo table; a higher count has a higher number."""
    return demo_site.signed(count, key).data


def public_key(key: str = "site") -> bytes:
    """The key that signs `table(..., key)`."""
    return keys.public(demo_site.key_folder(key))


class HostSide(ABC):
    """What a host keeps about one scanner, and what it does to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key_file = folder / "device.key"
        self.database = folder / "events.sqlite"

    @abstractmethod
    def plugged(self) -> AbstractContextManager[str]:
        """The port of the link for as long as the cable is in."""

    @contextlib.contextmanager
    def link(self, **options: Any) -> Iterator[ScannerLink]:
        """The link, not unlocked."""
        with self.plugged() as port, ScannerLink(port, **options) as link:
            yield link

    def cli(self, *arguments: str | Path) -> Done:
        """`gatescan ... --port --device-key` of this gate."""
        with self.plugged() as port:
            options = ("--port", port, "--device-key", self.key_file)
            return gatescan(*arguments, *options, home=self.folder / "home")

    def status(self) -> dict[str, Any]:
        """The scanner's report."""
        with self.link() as link:
            return link.status()

    def equip(self, data: bytes, *, key: str = "site", utc: float | None = None) -> None:
        """Provision, set the clock, sync."""
        with self.link() as link:
            provision(link, public_key(key), "vestre", "en", self.key_file)
            link.set_time(utc)
            link.activate(link.upload(data))

    def set_time(self, utc: float | None = None) -> None:
        """Set the clock as a sync does."""
        with self.link() as link:
            unlock(link, self.key_file)
            link.set_time(utc)

    def sync(self, data: bytes) -> dict[str, Any]:
        """Upload and activate; raises GatescanError as the command does."""
        with self.link() as link:
            unlock(link, self.key_file)
            return link.activate(link.upload(data))

    def pull(self) -> int:
        """Fetch new events into the store, check all of them; returns how many were new."""
        with self.link() as link:
            unlock(link, self.key_file)
            return self.pull_over(link)

    def pull_over(self, link: ScannerLink) -> int:
        """The same over a link that is open and unlocked."""
        engine = open_store(self.database)
        done = pull(link, engine, self.key_file.read_bytes())
        verified = history.verify(engine, link.status()["device"])
        engine.dispose()
        assert verified.ok, verified.sentence
        return done.new

    def events(self) -> list[dict[str, Any]]:
        """The stored events, described; one store holds one scanner's."""
        engine = open_store(self.database)
        try:
            return list(history.show(engine, None))
        finally:
            engine.dispose()


def flip(data: bytes, bit: int) -> bytes:
    """`data` with one bit turned."""
    changed = bytearray(data)
    changed[bit >> 3] ^= 1 << (bit & 7)
    return bytes(changed)


def until(condition: Callable[[], object], limit_s: float = 5.0) -> None:
    """Wait until `condition()` holds; fails after `limit_s`."""
    deadline = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < deadline, "the condition did not come true in time"
        time.sleep(0.01)


def is_sentence(text: str) -> bool:
    """Whether `text` says something to a person, and no traceback slipped in."""
    return len(text.split()) >= SENTENCE_WORDS and "Traceback" not in text


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test may see or touch the keys and events of whoever runs it."""
    monkeypatch.setenv("GATESCAN_HOME", str(tmp_path / "home"))
    for name in ("GATESCAN_PORT", "GATESCAN_DB"):
        monkeypatch.delenv(name, raising=False)
