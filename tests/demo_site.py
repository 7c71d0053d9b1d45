"""The demo key and table, built once for all tests that need a real table."""

import hashlib
import os
import tempfile
from functools import cache
from pathlib import Path

from gatescan_host.signing import bundle, keys
from gatescan_host.simulator.demo_table import site_file
from gatescan_host.site.load import load_site
from gatescan_host.table import commands
from gatescan_host.table.signed import SignedTable, build_signed, site_salt


@cache
def workshop() -> Path:
    """A folder of this test run; the system's own cleaning may take it afterwards."""
    return Path(tempfile.mkdtemp(prefix="gatescan-test-"))


def key_folder(name: str = "site") -> Path:
    """A signing key of 1,024 signatures, one folder a name: one process may run all tests."""
    return _key_folder(name)


@cache
def _key_folder(name: str) -> Path:
    folder = workshop() / f"DEMO-{name}"
    keys.new_key(folder, 10, keys.DEMO_LABEL)
    return folder


def signed(count: int = 1, key: str = "site") -> SignedTable:
    """The `count`th signed build of the demo site; later ones have higher numbers."""
    return _signed(count, key)


@cache
def _signed(count: int, key: str) -> SignedTable:
    if count > 1:
        _signed(count - 1, key)
    return build_signed(site_file(), key_folder(key))


@cache
def table_path() -> Path:
    """The demo table without its signature, as a file that unit tests can open."""
    data = signed().data
    path = workshop() / "demo-table.bin"
    path.write_bytes(data[bundle.parse(data).head_bytes :])
    os.environ["GATESCAN_TEST_TABLE"] = str(path)
    texts = (command(one.name) for one in commands.of_site(load_site(site_file()).site.cash))
    os.environ["GATESCAN_TEST_COMMANDS"] = " ".join(texts)
    return path


def command(name: str, key: str = "site") -> str:
    """The text of a command barcode, such as END, in the tables that `key` signs."""
    return commands.text_of(site_salt(key_folder(key)), name)


def sha(data: bytes) -> bytes:
    """SHA-256."""
    return hashlib.sha256(data).digest()
