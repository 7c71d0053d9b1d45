"""The scanner's side, from its own report: firmware, key, clock, table, log, memory, parts."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from gatescan import __version__
from gatescan_host import home
from gatescan_host.build_id import UNKNOWN, build_id
from gatescan_host.doctor.finding import Finding, Result
from gatescan_host.errors import Exit, GatescanError

_CLOCK_LIMIT_S = 60  # a table's dates and the log bear this
_DAY_S = 86_400
_EXPIRES_SOON_S = 7 * _DAY_S
_UNFETCHED_MANY = 2_000  # events; at most 20,160 fit, far fewer beside a large table
_UNFETCHED_LIMIT = 10_000
_LEAST_HEAP_BYTES = 24_576  # as in firmware/gatescan/app/selftest.py


def findings(report: dict[str, Any], now_utc: float | None = None) -> list[Finding]:
    """What `report` (ScannerLink.status) tells, part by part; `now_utc` for tests."""
    now = time.time() if now_utc is None else now_utc
    return [
        _firmware(report),
        _clock(report, now),
        _table(report, now),
        _log(report),
        _memory(report),
        *_health(report),
    ]


def key(report: dict[str, Any], authentic: bool, refusal: GatescanError | None) -> Finding:
    """Whether this computer holds the scanner's key; `refusal` came when it was tried."""
    device = report["device"]
    if not report["provisioned"]:
        return Finding(
            "key", Result.FAIL, "the scanner has no keys",
            report.get("problem") or "Run `gatescan provision` with the site's public key.",
            Exit.NOT_AUTHORISED,
        )  # fmt: skip
    if authentic:
        return Finding("key", Result.PASS, f"this computer holds the key of {device}")
    if refusal is not None:
        return Finding("key", Result.FAIL, "the key here is not the scanner's", str(refusal),
                       Exit.NOT_AUTHORISED)  # fmt: skip
    return Finding(
        "key", Result.LOOK, f"no key of {device} in {home.device_key_file(device).parent}",
        "Use the computer that provisioned it, or copy its key here: without it nothing can be "
        "changed and no log fetched.",
    )  # fmt: skip


def _firmware(report: dict[str, Any]) -> Finding:
    said = f"{report['fw']} on {report['board']}, build {report.get('build', UNKNOWN)}"
    if report["fw"] != __version__:
        return Finding("firmware", Result.FAIL, f"{said}; this checkout has {__version__}",
                       "Run `gatescan deploy`.")  # fmt: skip
    try:
        here = build_id(report["board"])
    except GatescanError:
        return Finding("firmware", Result.LOOK, said, "This checkout does not know that board.")
    if report.get("build", UNKNOWN) != here:
        return Finding("firmware", Result.LOOK, f"{said}; this checkout is build {here}",
                       "Run `gatescan deploy` to bring what lies here.")  # fmt: skip
    return Finding("firmware", Result.PASS, said)


def _clock(report: dict[str, Any], now: float) -> Finding:
    utc = report["utc"]
    if utc is None:
        return Finding("clock", Result.FAIL, "not set",
                       "Run `gatescan time --set`; till then all is done by hand.")  # fmt: skip
    off_s = utc - now
    if abs(off_s) > _CLOCK_LIMIT_S:
        which = "ahead of" if off_s > 0 else "behind"
        return Finding("clock", Result.FAIL, f"{abs(off_s):.0f} s {which} this computer's",
                       "Check this computer's clock, then `gatescan time --set`.")  # fmt: skip
    return Finding("clock", Result.PASS, "agrees with this computer's")


def _table(report: dict[str, Any], now: float) -> Finding:
    table = report.get("table")
    if not table:
        return Finding("table", Result.FAIL, report.get("problem") or "none",
                       "Run `gatescan sync`; till then all is done by hand.")  # fmt: skip
    until = datetime.fromtimestamp(table["not_after"], UTC)
    said = f"no. {table['seq']}, {table['items']} items, until {until:%Y-%m-%d %H:%M} UTC"
    if table["not_after"] <= now:
        return Finding("table", Result.FAIL, f"{said}: expired",
                       "Build a new one and run `gatescan sync`.")  # fmt: skip
    if table["not_after"] - now < _EXPIRES_SOON_S:
        return Finding("table", Result.LOOK, f"{said}: soon over",
                       "Build the next one and run `gatescan sync`.")  # fmt: skip
    if report["condition"] == "expired":
        return Finding("table", Result.FAIL, f"{said}: not valid now",
                       "Check clock and dates of the site file, then sync again.")  # fmt: skip
    return Finding("table", Result.PASS, said)


def _log(report: dict[str, Any]) -> Finding:
    journal = report["journal"]
    waiting = journal["seq"] - journal["acked"]
    said = f"{waiting} of {journal['seq']} events not fetched"
    remedy = "Run `gatescan log pull`, and see to it that it runs every day."
    if report["condition"] == "journal_full":
        return Finding("log", Result.FAIL, f"{said}; the scanner cannot write any more", remedy)
    if waiting > _UNFETCHED_LIMIT:
        return Finding("log", Result.FAIL, said, remedy)
    return Finding("log", Result.LOOK if waiting > _UNFETCHED_MANY else Result.PASS, said,
                   remedy if waiting > _UNFETCHED_MANY else "")  # fmt: skip


def _memory(report: dict[str, Any]) -> Finding:
    said = f"{report['heap_free']} bytes free"
    if report["heap_free"] < _LEAST_HEAP_BYTES:
        return Finding("memory", Result.FAIL, said,
                       "Restart the scanner; tell its maintainer if it recurs.")  # fmt: skip
    return Finding("memory", Result.PASS, said)


def _health(report: dict[str, Any]) -> Iterator[Finding]:
    if report["restarts"]:
        yield Finding("tasks", Result.FAIL, f"{report['restarts']} restarts since the start",
                      "Fetch the log: it says which task failed and when.")  # fmt: skip
    for part in report.get("missing") or ():
        yield Finding(part, Result.FAIL, "missing or broken",
                      "Run `gatescan selftest`: it says what to check.")  # fmt: skip
