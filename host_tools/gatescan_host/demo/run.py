"""Plays the demonstration: `python -m gatescan_host.demo.run [FOLDER]`."""

import shutil
import sys
import time
from pathlib import Path
from typing import Any

from rich.console import Console

from gatescan_host.cli.device import status_text
from gatescan_host.cli.output import progress
from gatescan_host.demo.script import VISIT, Act
from gatescan_host.errors import GatescanError
from gatescan_host.link.provisioning import provision, unlock
from gatescan_host.link.session import ScannerLink
from gatescan_host.reports import visit as visit_report
from gatescan_host.signing import bundle, keys
from gatescan_host.simulator.demo_table import DEMO_HEIGHT, site_file
from gatescan_host.simulator.picture import framed
from gatescan_host.simulator.scanner import SimulatedScanner
from gatescan_host.store import history
from gatescan_host.store.database import open_store, remember_table
from gatescan_host.store.pull import pull
from gatescan_host.table import commands
from gatescan_host.table.info import info
from gatescan_host.table.signed import build_signed, site_salt

_SETTLE_S = 0.25  # a person looks at the screen before going on
console = Console(highlight=False, width=100)


def main() -> int:
    """Exit code 0 when every verdict was the expected one."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "build/demo")
    begun = time.monotonic()
    try:
        wrong = play(folder)
    except GatescanError as error:
        console.print(f"gatescan: {error}", markup=False)
        return int(error.exit_code)
    console.print(f"\nThe demonstration took {time.monotonic() - begun:.1f} s.", markup=False)
    if wrong:
        console.print(f"{wrong} answers were not the expected ones.", markup=False)
        return 1
    console.print("Every verdict was the expected one.", markup=False)
    return 0


def play(folder: Path) -> int:
    """Keys, table, scanner, sync, visit, log; returns how many answers were wrong."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    _title("1  A throw-away DEMO signing key (32 signatures)")
    key_folder = folder / "DEMO-key"
    keys.new_key(key_folder, DEMO_HEIGHT, keys.DEMO_LABEL)
    console.print(f"key {keys.status(key_folder).key_id}", markup=False)

    _title("2  The site file becomes a signed table")
    table_file = folder / "vestre.gst"
    signed = build_signed(site_file(), key_folder)
    table_file.write_bytes(signed.data)
    console.print(
        f"{table_file.name}: no. {signed.seq} of {signed.site_id}, {signed.stats['keys']} items, "
        f"{signed.stats['tags']} tags, {len(signed.data)} bytes signed",
        markup=False,
    )

    _title("3  A simulated scanner: the shipped firmware on MicroPython")
    with SimulatedScanner(folder / "scanner") as scanner:
        for name, path in scanner.ports._asdict().items():
            console.print(f"{name:10} {path}", markup=False)

        _title("4  Provisioned, clock set, table synced")
        key_file = folder / "device.key"
        with ScannerLink(scanner.ports.link) as link:
            provision(link, keys.public(key_folder), signed.site_id, "da", key_file)
            console.print(f"clock set to {link.set_time()} UTC", markup=False)
            with progress("upload") as move:
                sha = link.upload(signed.data, move)
            link.activate(sha)
            console.print(status_text(link.status(key_file.read_bytes())), markup=False)

        _title("5  A visit")
        time.sleep(_SETTLE_S)
        salt = site_salt(key_folder)
        wrong = sum(not _act(scanner, salt, *act) for act in enumerate(VISIT, 1))

        _title("6  The log, fetched and verified")
        wrong += not _log(scanner, folder, key_file, table_file)
    return wrong


def _act(scanner: SimulatedScanner, salt: bytes, number: int, act: Act) -> bool:
    """Carry out one act, show what the guard sees; False when the answer is not the expected."""
    code = commands.text_of(salt, act.code) if act.how == "sheet" else act.code
    scanner.forget_events()
    sent = time.monotonic()
    if act.how in ("barcode", "sheet"):
        scanner.barcode(code)
    elif act.how == "tag":
        scanner.present(act.code)
    else:
        scanner.press("ok")
    event = scanner.wait_for("screen" if act.verdict is None else "verdict")
    elapsed_ms = (time.monotonic() - sent) * 1000
    time.sleep(_SETTLE_S)
    console.print(f"\n[bold]{number:2}  {act.what}[/]  [dim]{code}[/]")
    console.print("\n".join(framed(scanner.frame)), markup=False)
    console.print(f"    light {event['light']}, tone {event['tone']}", markup=False)
    if act.verdict is None:
        return True
    return _judge(act, event, elapsed_ms)


def _judge(act: Act, event: dict[str, Any], elapsed_ms: float) -> bool:
    first = event["cit"][0] if event["cit"] else None
    good = (event["verdict"], first) == (act.verdict, act.citation)
    steps = f"; {', '.join(event['obligations'])}" if event["obligations"] else ""
    # An RFID tag counts after two equal frames, 65 ms apart: that is the reader's time.
    console.print(
        f"    {event['verdict']}, {first}{steps}; verdict {event['latency_ms']} ms after the "
        f"last byte ({elapsed_ms:.0f} ms after it was sent)",
        markup=False,
    )
    if not good:
        console.print(
            f"    EXPECTED {act.verdict}, {act.citation}", markup=False, style="bold red"
        )
    return good


def _log(scanner: SimulatedScanner, folder: Path, key_file: Path, table_file: Path) -> bool:
    engine = open_store(folder / "events.sqlite")
    manifest = bundle.parse(table_file.read_bytes()).manifest
    remember_table(engine, manifest, info(table_file)["order_id"])
    with ScannerLink(scanner.ports.link) as link:
        key = unlock(link, key_file)
        done = pull(link, engine, key)
        device_id = link.status()["device"]
    console.print(f"{done.new} events stored in {folder / 'events.sqlite'}", markup=False)
    verified = history.verify(engine, device_id)
    console.print(verified.sentence, markup=False)
    visit = visit_report.last_visit(engine, device_id)
    if visit is not None:
        console.print("\n".join(visit_report.text_lines(visit)), markup=False)
    return verified.ok and visit is not None


def _title(text: str) -> None:
    console.rule(f"[bold]{text}", align="left")


if __name__ == "__main__":
    sys.exit(main())
