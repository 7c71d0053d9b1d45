"""Group 68: provisioning. The first host to reach a factory-new scanner gives it its keys;
after that only a host that holds the present key may replace them."""

from gatescan.app.settings import SettingsError
from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.journal import record
from gatescan.core.smp import message
from gatescan.core.smp.message import G_DEVICE, SmpError

if TYPE_CHECKING:
    from gatescan.app.link.auth_group import Auth
    from gatescan.app.scanner import Scanner

DEVICE_BAD_SETTINGS = const(1)


class DeviceGroup:
    """Write 0 `{"key","public","site","lang"}` provisions; the session ends with it."""

    def __init__(self, scanner: "Scanner", auth: "Auth") -> None:
        self._scanner = scanner
        self._auth = auth
        scanner.router.add(G_DEVICE, 0, write=self._provision)

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
            )
        except SettingsError:
            raise SmpError(G_DEVICE, DEVICE_BAD_SETTINGS)
        self._auth.close()
        scanner.log(record.JK_PROVISIONED)
        scanner.reload()
        return {"device": scanner.settings.device_id}
