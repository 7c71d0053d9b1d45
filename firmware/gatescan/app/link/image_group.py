"""Group 1 (image): any SMP client can upload a signed table file into the staging slot.

The upload needs no unlock: the signed head is checked before more than a few kB are taken,
and nothing staged is used before it is activated. Why an upload was refused stands in the
status of group 66.
"""

from gatescan.app.limiter import Limiter
from gatescan.app.link import loading
from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.smp import message
from gatescan.core.smp.message import G_IMAGE, SmpError
from gatescan.drivers.ticks import ticks_ms

if TYPE_CHECKING:
    from gatescan.app.scanner import Scanner
    from gatescan.core.smp.router import Slices

_REFUSED_PAUSE_MS = const(1000)


class ImageGroup:
    """Upload with resume, and the state of both slots in the words of the protocol."""

    def __init__(self, scanner: "Scanner") -> None:
        self._scanner = scanner
        self._refusals = Limiter(_REFUSED_PAUSE_MS)
        scanner.router.add(G_IMAGE, 0, read=self._state)
        scanner.router.add(G_IMAGE, 1, write=self._upload)

    def _upload(self, arguments: dict) -> "Slices":
        tables = self._scanner.tables
        now_ms = ticks_ms()
        if tables.job == "verifying" or not self._may_begin(arguments["off"], now_ms):
            raise SmpError(message.E_BUSY)
        offset, data = arguments["off"], arguments["data"]
        try:
            if offset == 0:
                yield from loading.load(loading.UPLOAD)  # changes taken before may have cost it
                tables.job_sha = b""  # a new file: what was activated before is told no more
                wanted = yield from tables.staging.begin(
                    bytes(arguments["sha"]), arguments["len"]
                )
                if wanted:
                    return {"off": wanted}
            offset = yield from tables.staging.write(offset, data)
            return {"off": offset}
        except tables.staging.Refused as error:
            self._refusals.allow(now_ms)
            tables.refuse(error.args[0])
            raise SmpError(message.E_CORRUPT)

    def _may_begin(self, offset: int, now_ms: int) -> bool:
        """Strangers whose file was refused wait a moment: each try costs flash and time."""
        self._refusals.tick(now_ms)
        return offset > 0 or self._scanner.auth.is_open or not self._refusals.waiting

    def _state(self, arguments: dict) -> dict:
        tables = self._scanner.tables
        images = []
        manifest = tables.slots.manifest
        if tables.slots.table is not None and manifest is not None:
            images.append(
                {"slot": 0, "version": str(manifest.seq), "hash": manifest.table_sha256,
                 "bootable": True, "confirmed": True, "active": True}
            )  # fmt: skip
        if tables.staging.complete:
            images.append({"slot": 1, "version": "staged", "hash": tables.staging.sha})
        return {"images": images}
