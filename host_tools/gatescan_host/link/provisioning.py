"""Keys between host and scanner: provisioned so that no interruption locks anybody out."""

import time
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

from gatescan_host import home
from gatescan_host.errors import Exit, GatescanError
from gatescan_host.link.patience import patient
from gatescan_host.link.session import ScannerLink

_MOST_READERS = 2  # with three a Pico has no RAM left for an upload
_GUESS_PAUSE_S = 1.1  # the scanner takes one attempt a second


class Reader(StrEnum):
    """RFID readers that a scanner may have: READERS of its settings."""

    RDM6300 = "rdm6300"
    R200 = "r200"
    PN532 = "pn532"
    MFRC522 = "mfrc522"


def _pending(key_file: Path) -> Path:
    return key_file.with_name(key_file.name + ".new")


def unlock(link: ScannerLink, key_file: Path | None = None) -> bytes:
    """Open a session with the stored key and return it; raises GatescanError.

    A provisioning that was interrupted may have left its new key beside the old one: whichever
    the scanner accepts becomes the stored one.
    """
    device_id = link.status()["device"]
    key_file = key_file or home.device_key_file(device_id)
    pending = _pending(key_file)
    try:
        key = home.device_key(device_id, key_file)
        link.unlock(key)
    except GatescanError as refusal:
        if refusal.exit_code is not Exit.NOT_AUTHORISED or not pending.exists():
            raise
        time.sleep(patient(_GUESS_PAUSE_S))
        key = home.device_key(device_id, pending)
        link.unlock(key)
        pending.replace(key_file)
    return key


def wired(readers: Sequence[Reader]) -> str:
    """`readers` as a scanner is told of them; GatescanError where no scanner can have these."""
    if len(set(readers)) > _MOST_READERS:
        raise GatescanError("A scanner has memory for two RFID readers: name two.", Exit.USAGE)
    if Reader.RDM6300 in readers and Reader.R200 in readers:
        raise GatescanError(
            "An RDM6300 and an R200 need the same line: wire one of them.", Exit.USAGE
        )
    return ",".join(dict.fromkeys(one.value for one in readers))


def provision(
    link: ScannerLink,
    public_key: bytes,
    site_id: str,
    language: str,
    key_file: Path | None = None,
    readers: str = "rdm6300",
) -> Path:
    """Give the scanner a fresh key of its own, the site and its public key; leaves it unlocked.

    `readers`: the RFID readers that are wired, joined by commas; used from its next start on.

    Returns the file that holds the scanner's key.
    """
    report = link.status()
    key_file = key_file or home.device_key_file(report["device"])
    if report["provisioned"]:
        unlock(link, key_file)
    pending = _pending(key_file)
    key = home.new_device_key(report["device"], pending)
    try:
        link.provision(key, public_key, site_id, language, readers)
    except GatescanError as refusal:
        if refusal.exit_code is not Exit.NOT_AUTHORISED:
            raise
        try:
            # Asked twice because an answer was lost? Then the new key guards it already.
            link.unlock(key)
        except GatescanError as fault:
            if fault.exit_code is not Exit.NOT_AUTHORISED:
                raise  # the line once more: the new key lies beside the old one for the next try
            raise refusal from None
    else:
        link.unlock(key)
    pending.replace(key_file)
    return key_file
