"""Group 0 (OS): echo, task statistics, date and time, reset, parameters, application info."""

from gatescan import __version__
from gatescan.app.link.iso_time import iso_text, parse_iso
from gatescan.app.link.server import BUFFER_BYTES
from gatescan.core.compat import TYPE_CHECKING
from gatescan.core.smp import message
from gatescan.core.smp.message import G_OS, SmpError

if TYPE_CHECKING:
    from gatescan.app.link.auth_group import Auth
    from gatescan.app.scanner import Scanner


class OsGroup:
    """The standard commands that any SMP client knows."""

    def __init__(self, scanner: "Scanner", auth: "Auth") -> None:
        self._scanner = scanner
        self._auth = auth
        add = scanner.router.add
        add(G_OS, 0, write=lambda a: {"r": a["d"]})
        add(G_OS, 2, read=self._tasks)
        add(G_OS, 4, read=self._get_time, write=self._set_time)
        add(G_OS, 5, write=self._reset)
        add(G_OS, 6, read=lambda a: {"buf_size": BUFFER_BYTES, "buf_count": 1})
        add(G_OS, 7, read=self._info)

    def _tasks(self, arguments: dict) -> dict:
        supervisor = self._scanner.supervisor
        tasks = {}
        for number, name in enumerate(supervisor.names()):
            tasks[name] = {
                "prio": 0,
                "tid": number,
                "state": 1 if supervisor.running(name) else 0,
            }
        return {"tasks": tasks}

    def _get_time(self, arguments: dict) -> dict:
        utc = self._scanner.now_utc()
        if utc is None:
            raise SmpError(G_OS, 4)  # RTC_NOT_SET
        return {"datetime": iso_text(utc)}

    def _set_time(self, arguments: dict) -> dict:
        self._auth.required()
        utc = parse_iso(arguments["datetime"])
        if utc is None or not self._scanner.set_clock(utc):
            raise SmpError(message.E_INVALID)
        return {}

    def _reset(self, arguments: dict) -> dict:
        self._auth.required()
        self._scanner.server.after_answer = self._scanner.reset
        return {}

    def _info(self, arguments: dict) -> dict:
        board = self._scanner.board
        fields = {
            "s": "Gatescan",
            "n": self._scanner.settings.device_id,
            "v": __version__,
            "i": board.NAME,
            "o": "MicroPython",
        }
        wanted = arguments.get("format") or "s"
        if wanted == "a":
            wanted = "snvio"
        if len(wanted) > len(fields):
            raise SmpError(message.E_INVALID)
        return {"output": " ".join(fields[letter] for letter in wanted if letter in fields)}
