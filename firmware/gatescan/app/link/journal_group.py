"""Group 67: the host reads the journal and says how far it has stored it.

Read 0 `{"first": seq}` -> `{"records": bytes, "count": n}`, as many 48-byte records as fit.
Write 1 `{"seq": n, "link": its link}` acknowledges every record up to n: only then may old
segments go.
"""

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.journal import record
from gatescan.core.smp import message
from gatescan.core.smp.message import G_JOURNAL, SmpError

if TYPE_CHECKING:
    from gatescan.app.link.auth_group import Auth
    from gatescan.app.scanner import Scanner

JOURNAL_OTHER_LINK = const(1)  # the host stored something else under that number
_RECORDS = const(40)  # of 48 bytes: one answer stays below the buffer of 2048


class JournalGroup:
    """Reads need a session too: the journal tells what happened at the gate."""

    def __init__(self, scanner: "Scanner", auth: "Auth") -> None:
        self._scanner = scanner
        self._auth = auth
        self._buf = bytearray(_RECORDS * record.RECORD_BYTES)
        scanner.router.add(G_JOURNAL, 0, read=self._read)
        scanner.router.add(G_JOURNAL, 1, write=self._acknowledge)

    def _read(self, arguments: dict) -> dict:
        self._auth.required()
        first = arguments["first"]
        if not isinstance(first, int) or first < 0:
            raise SmpError(message.E_INVALID)
        count = self._scanner.journal.read(first, self._buf)
        size = count * record.RECORD_BYTES
        return {"records": memoryview(self._buf)[:size], "count": count}

    def _acknowledge(self, arguments: dict) -> dict:
        self._auth.required()
        seq = arguments["seq"]
        if not isinstance(seq, int) or seq < 0:
            raise SmpError(message.E_INVALID)
        if not self._scanner.journal.acknowledge(seq, bytes(arguments["link"])):
            raise SmpError(G_JOURNAL, JOURNAL_OTHER_LINK)
        return {"acked": self._scanner.journal.acked_seq}
