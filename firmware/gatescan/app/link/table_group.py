"""Group 66: status of the scanner and its table, activation of what was uploaded.

Read 0 `{"nonce": 16 bytes}` (optional) -> the report; with a nonce and a key, `mac` is the
HMAC over the report's other fields, so that the host knows who said it and that it is new.
Write 1 `{"sha": SHA-256 of the uploaded file}` starts verification; the status tells the end.
Write 2 `{"sha": SHA-256 of the table, "n": 0, 1 .., "off": offset, "data": up to 1024 bytes}`
brings a damaged place again; write 1 with that SHA-256 ends with the check of all of them.
Write 3 `{"sha": SHA-256 of a file}`: its upload may have the room of the table in use.
"""

import gc

from gatescan import BUILD_ID, __version__
from gatescan.app.link import loading
from gatescan.app.parts import missing
from gatescan.app.runtime import mem_free
from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.smp import cbor, message
from gatescan.core.smp.message import G_TABLE, SmpError
from gatescan.core.trust import mac

if TYPE_CHECKING:
    from gatescan.app.link.auth_group import Auth
    from gatescan.app.scanner import Scanner
    from gatescan.core.smp.router import Slices

TABLE_NOT_STAGED = const(1)  # nothing whole with that SHA-256 is staged
TABLE_NO_PATCH = const(2)  # for another table, not the next one, too many or too long


class TableGroup:
    """What a sync script needs beside the upload."""

    def __init__(self, scanner: "Scanner", auth: "Auth") -> None:
        self._scanner = scanner
        self._auth = auth
        scanner.router.add(G_TABLE, 0, read=self._status)
        scanner.router.add(G_TABLE, 1, write=self._activate)
        scanner.router.add(G_TABLE, 2, write=self._patch)
        scanner.router.add(G_TABLE, 3, write=self._announce)

    def _status(self, arguments: dict) -> dict:
        report = self._report()
        nonce = arguments.get("nonce")
        settings = self._scanner.settings
        if nonce is not None and settings.provisioned:
            report["mac"] = mac.report_mac(
                settings.device_key, settings.device_id.encode(), nonce, cbor.encode(report)
            )
        return report

    def _report(self) -> dict:
        gc.collect()  # else `heap_free` would tell how long ago the last collection was
        scanner = self._scanner
        tables, journal = scanner.tables, scanner.journal
        report = {
            "device": scanner.settings.device_id,
            "board": scanner.board.NAME,
            "fw": __version__,
            "build": BUILD_ID,
            "boot": scanner.boot,
            "provisioned": scanner.settings.provisioned,
            "site": scanner.settings.site_id,
            "condition": scanner.checkpoint.condition_name,
            "missing": missing(scanner),
            "utc": scanner.now_utc(),
            "job": tables.job,
            "job_bytes": tables.done_bytes,
            "staged": tables.staged_bytes,
            "heap_free": mem_free(),
            "restarts": scanner.supervisor.restarts,
            "late_ms": scanner.gate.late_ms,
            "link_dropped": scanner.server.dropped,
            "journal": {
                "seq": journal.head.seq,
                "link": journal.head.link,
                "first": journal.first_seq,
                "acked": journal.acked_seq,
            },
        }
        manifest = tables.slots.manifest
        report["overlay"] = tables.slots.over != ""
        report["merging"] = tables.merging
        if tables.merge and tables.merging is None:
            report["merge"] = tables.merge
        if tables.slots.base_sha256:
            report["base_sha256"] = tables.slots.base_sha256
        if tables.slots.damaged:
            report["damaged"] = [list(place) for place in tables.slots.damaged]
        if tables.slots.table is not None and manifest is not None:
            table = tables.slots.table
            report["table"] = {
                "seq": manifest.seq,
                "sha": manifest.table_sha256,
                "bytes": manifest.table_bytes,
                "not_after": manifest.not_after,
                "order": table.meta["order_id"],
                "items": table.items,
                "tags": table.tags,
                "slot": tables.slots.slot,
            }
        elif scanner.settings.damaged:
            report["problem"] = "The settings are damaged: hold BACK and provision the scanner."
        elif tables.slots.problem:
            report["problem"] = tables.slots.problem
        if tables.refusal is not None:
            report["refusal"] = {"code": tables.refusal.code, "text": tables.refusal.sentence}
        return report

    def _activate(self, arguments: dict) -> "Slices":
        self._auth.required()
        tables = self._scanner.tables
        if tables.job != "verifying":
            yield from loading.load(loading.UPLOAD)
        if not tables.activate(bytes(arguments["sha"])):
            if tables.job == "verifying":
                raise SmpError(message.E_BUSY)
            raise SmpError(G_TABLE, TABLE_NOT_STAGED)
        return {"job": tables.job}

    def _patch(self, arguments: dict) -> "Slices":
        self._auth.required()
        yield from loading.load(loading.REPAIR)
        from gatescan.app import mending

        tables = self._scanner.tables
        if tables.job == "verifying":
            raise SmpError(message.E_BUSY)
        sha, data = bytes(arguments["sha"]), arguments["data"]
        if not mending.patch(tables, sha, arguments["n"], arguments["off"], data):
            raise SmpError(G_TABLE, TABLE_NO_PATCH)
        return {"n": arguments["n"]}

    def _announce(self, arguments: dict) -> "Slices":
        self._auth.required()
        yield from loading.load(loading.UPLOAD)
        tables = self._scanner.tables
        if tables.job == "verifying":
            raise SmpError(message.E_BUSY)
        tables.staging.announce(bytes(arguments["sha"]))
        return {}
