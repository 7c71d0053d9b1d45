"""A demo key, a demo table and a simulated scanner that has both, in a few seconds."""

from pathlib import Path

import gatescan_host.site as site_package
from gatescan_host.link.provisioning import provision
from gatescan_host.link.session import Progress, ScannerLink
from gatescan_host.signing import keys
from gatescan_host.table.signed import SignedTable, build_signed

DEMO_HEIGHT = 5  # 32 signatures: made in a second, spent in a month


def site_file() -> Path:
    """The demonstration's site file."""
    return Path(site_package.__file__).parent / "demo" / "vestre.yaml"


def demo_key(folder: Path) -> Path:
    """The demo key folder inside `folder`, made on first use; a new one when it is spent."""
    number = 0
    while True:
        path = folder / (f"DEMO-key-{number}" if number else "DEMO-key")
        if not path.exists():
            keys.new_key(path, DEMO_HEIGHT, keys.DEMO_LABEL)
            return path
        if keys.status(path).remaining:
            return path
        number += 1


def equip(link_port: str, key_folder: Path, signed: SignedTable, device_keys: Path,
          progress: Progress | None = None) -> None:  # fmt: skip
    """Provision the scanner at `link_port` if it is new, set its clock, sync the table."""
    with ScannerLink(link_port) as link:
        key_file = device_keys / f"{link.status()['device']}.key"
        provision(link, keys.public(key_folder), signed.site_id, "da", key_file)
        link.set_time()
        link.activate(link.upload(signed.data, progress))


def demo_signed(folder: Path) -> tuple[Path, SignedTable]:
    """Key folder and signed demo table, made under `folder`."""
    key_folder = demo_key(folder)
    return key_folder, build_signed(site_file(), key_folder)
