"""Group 1 (image): any SMP client can upload a signed table file into the staging slot.

The upload needs no unlock: the signed head is checked before more than a few kB are taken,
and nothing staged is used before it is activated. Why an upload was refused stands in the
status of group 66.
"""

from gatescan.app.staging import StagingError
from gatescan.core.compat import TYPE_CHECKING
from gatescan.core.smp import message
from gatescan.core.smp.message import G_IMAGE, SmpError

if TYPE_CHECKING:
    from gatescan.app.scanner import Scanner



class ImageGroup:
    """Upload with resume, and the state of both slots in the words of the protocol."""

    def __init__(self, scanner: "Scanner") -> None:
        self._scanner = scanner
        scanner.router.add(G_IMAGE, 0, read=self._state)
        scanner.router.add(G_IMAGE, 1, write=self._upload)

    def _upload(self, arguments: dict) -> dict:
        tables = self._scanner.tables
        if tables.job == "verifying":
            raise SmpError(message.E_BUSY)
        offset, data = arguments["off"], arguments["data"]
        try:
            if offset == 0:
                wanted = tables.staging.begin(bytes(arguments["sha"]), arguments["len"])
                if wanted:
                    return {"off": wanted}
            return {"off": tables.staging.write(offset, data)}
        except StagingError as error:
            tables.refuse(error.args[0])
            raise SmpError(message.E_CORRUPT)

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
