"""Group 68: the device itself. Write 0 provisions, write 1, read 2 and write 2 serve test rigs
and people who look (see rig_commands.py), write 3 is the self-test.

The first host to reach a factory-new scanner gives it its keys; after that only a host that
holds the present key may replace them.
"""

from gatescan.app import rare
from gatescan.app.settings import SettingsError
from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.journal import record
from gatescan.core.smp import message
from gatescan.core.smp.message import G_DEVICE, SmpError

if TYPE_CHECKING:
    from gatescan.app.link.auth_group import Auth
    from gatescan.app.scanner import Scanner

DEVICE_BAD_SETTINGS = const(1)
DEVICE_VISIT_OPEN = const(2)  # a test would speak into a visit


class DeviceGroup:
    """Write 0 `{"key","public","site","lang"}` provisions; the session ends with it.

    The others need a session too: `loopback` puts words into the barcode reader's mouth, `shown`
    tells what lies on the counter, and the self-test lights, sounds and writes.
    """

    def __init__(self, scanner: "Scanner", auth: "Auth") -> None:
        self._scanner = scanner
        self._auth = auth
        add = scanner.router.add
        add(G_DEVICE, 0, write=self._provision)
        add(G_DEVICE, 1, write=lambda a: self._rare("link.rig_commands", "loopback", a))
        add(G_DEVICE, 2, read=lambda a: self._rare("link.rig_commands", "shown", a),
            write=lambda a: self._rare("link.rig_commands", "look", a))  # fmt: skip
        add(G_DEVICE, 3, write=lambda a: self._rare("selftest", "run", a))
        add(G_DEVICE, 4, write=lambda a: self._rare("maintenance", "ask", a))

    def _rare(self, room: str, function: str, arguments: dict) -> dict:
        self._auth.required()
        return rare.call(room, function, self._scanner, arguments)

    def _provision(self, arguments: dict) -> dict:
        scanner = self._scanner
        self._auth.required()
        if scanner.tables.job == "verifying":
            raise SmpError(message.E_BUSY)
        try:
            scanner.settings.provision(
                bytes(arguments["key"]),
                bytes(arguments["public"]),
                arguments["site"],
                arguments["lang"],
                arguments.get("readers", "rdm6300"),
            )
        except SettingsError:
            raise SmpError(G_DEVICE, DEVICE_BAD_SETTINGS)
        self._auth.close()
        scanner.log(record.JK_PROVISIONED)
        scanner.reload()
        return {"device": scanner.settings.device_id}
