"""Requests and responses of the scanner's own SMP groups 65 to 68, as smp message classes."""

from enum import IntEnum
from typing import Any, ClassVar

from smp import error, message


class _Code(IntEnum):
    """Refusals of groups 65 to 68; the meaning depends on the group."""

    ONE = 1
    TWO = 2
    THREE = 3
    FOUR = 4


def _errors(group: int) -> tuple[type[error.ErrorV1], type[error.ErrorV2]]:
    class GroupErrorV1(error.ErrorV1):
        _GROUP_ID: ClassVar[Any] = group

    class GroupErrorV2(error.ErrorV2[_Code]):
        _GROUP_ID: ClassVar[Any] = group

    return GroupErrorV1, GroupErrorV2


_AUTH, _TABLE, _JOURNAL, _DEVICE = 65, 66, 67, 68


class ChallengeResponse(message.ReadResponse):
    """A nonce to answer, and who asks."""

    _GROUP_ID: ClassVar[Any] = _AUTH
    _COMMAND_ID: ClassVar[Any] = 0
    nonce: bytes
    device: str


class Challenge(message.ReadRequest):
    """Ask for a nonce."""

    _GROUP_ID: ClassVar[Any] = _AUTH
    _COMMAND_ID: ClassVar[Any] = 0
    _Response: ClassVar[Any] = ChallengeResponse
    _ErrorV1, _ErrorV2 = _errors(_AUTH)


class UnlockResponse(message.WriteResponse):
    """The session is open."""

    _GROUP_ID: ClassVar[Any] = _AUTH
    _COMMAND_ID: ClassVar[Any] = 0
    idle_ms: int


class Unlock(message.WriteRequest):
    """Answer the nonce."""

    _GROUP_ID: ClassVar[Any] = _AUTH
    _COMMAND_ID: ClassVar[Any] = 0
    _Response: ClassVar[Any] = UnlockResponse
    _ErrorV1, _ErrorV2 = _errors(_AUTH)
    mac: bytes


class LockResponse(message.WriteResponse):
    """The session is closed."""

    _GROUP_ID: ClassVar[Any] = _AUTH
    _COMMAND_ID: ClassVar[Any] = 1


class Lock(message.WriteRequest):
    """Close the session: whoever opens the port next shall not find it unlocked."""

    _GROUP_ID: ClassVar[Any] = _AUTH
    _COMMAND_ID: ClassVar[Any] = 1
    _Response: ClassVar[Any] = LockResponse
    _ErrorV1, _ErrorV2 = _errors(_AUTH)


class StatusResponse(message.ReadResponse):
    """The scanner's report of itself and its table."""

    _GROUP_ID: ClassVar[Any] = _TABLE
    _COMMAND_ID: ClassVar[Any] = 0
    device: str
    board: str
    fw: str
    build: str | None = None  # None: firmware from before build ids
    boot: int
    provisioned: bool
    site: str
    condition: str
    missing: list[str] | None = None
    utc: int | None
    job: str
    job_bytes: int
    staged: int
    heap_free: int
    restarts: int
    link_dropped: int
    late_ms: int  # longest time between two looks at the barcode reader, since the start
    journal: dict[str, Any]
    base_sha256: bytes | None = None  # of the table in the slot, in use or withdrawn
    overlay: bool | None = None  # changes of it are in use beside it
    merging: int | None = None  # permille of writing both as one
    merge: str | None = None  # why that is not done
    damaged: list[list[int]] | None = None  # offset and length in it, to be sent again
    table: dict[str, Any] | None = None
    problem: str | None = None
    refusal: dict[str, Any] | None = None
    mac: bytes | None = None


class Status(message.ReadRequest):
    """Ask for the report; with a nonce it comes authenticated."""

    _GROUP_ID: ClassVar[Any] = _TABLE
    _COMMAND_ID: ClassVar[Any] = 0
    _Response: ClassVar[Any] = StatusResponse
    _ErrorV1, _ErrorV2 = _errors(_TABLE)
    nonce: bytes | None = None


class ActivateResponse(message.WriteResponse):
    """Verification has begun."""

    _GROUP_ID: ClassVar[Any] = _TABLE
    _COMMAND_ID: ClassVar[Any] = 1
    job: str


class Activate(message.WriteRequest):
    """Verify the uploaded file and make it the active table."""

    _GROUP_ID: ClassVar[Any] = _TABLE
    _COMMAND_ID: ClassVar[Any] = 1
    _Response: ClassVar[Any] = ActivateResponse
    _ErrorV1, _ErrorV2 = _errors(_TABLE)
    sha: bytes


class JournalResponse(message.ReadResponse):
    """Records in order, 48 bytes each."""

    _GROUP_ID: ClassVar[Any] = _JOURNAL
    _COMMAND_ID: ClassVar[Any] = 0
    records: bytes
    count: int


class JournalRead(message.ReadRequest):
    """Ask for records from a sequence number on."""

    _GROUP_ID: ClassVar[Any] = _JOURNAL
    _COMMAND_ID: ClassVar[Any] = 0
    _Response: ClassVar[Any] = JournalResponse
    _ErrorV1, _ErrorV2 = _errors(_JOURNAL)
    first: int


class AcknowledgeResponse(message.WriteResponse):
    """How far the scanner may now forget."""

    _GROUP_ID: ClassVar[Any] = _JOURNAL
    _COMMAND_ID: ClassVar[Any] = 1
    acked: int


class Acknowledge(message.WriteRequest):
    """Say that every record up to `seq` is stored."""

    _GROUP_ID: ClassVar[Any] = _JOURNAL
    _COMMAND_ID: ClassVar[Any] = 1
    _Response: ClassVar[Any] = AcknowledgeResponse
    _ErrorV1, _ErrorV2 = _errors(_JOURNAL)
    seq: int
    link: bytes


class ProvisionResponse(message.WriteResponse):
    """The scanner has its keys."""

    _GROUP_ID: ClassVar[Any] = _DEVICE
    _COMMAND_ID: ClassVar[Any] = 0
    device: str


class Provision(message.WriteRequest):
    """Give keys, site and language."""

    _GROUP_ID: ClassVar[Any] = _DEVICE
    _COMMAND_ID: ClassVar[Any] = 0
    _Response: ClassVar[Any] = ProvisionResponse
    _ErrorV1, _ErrorV2 = _errors(_DEVICE)
    key: bytes
    public: bytes
    site: str
    lang: str
    readers: str = "rdm6300"


class LoopbackResponse(message.WriteResponse):
    """How many bytes went out on the barcode reader's line."""

    _GROUP_ID: ClassVar[Any] = _DEVICE
    _COMMAND_ID: ClassVar[Any] = 1
    sent: int


class Loopback(message.WriteRequest):
    """Send `d` (1 to 64 characters: printable ASCII, GS, CR) on the barcode reader's line."""

    _GROUP_ID: ClassVar[Any] = _DEVICE
    _COMMAND_ID: ClassVar[Any] = 1
    _Response: ClassVar[Any] = LoopbackResponse
    _ErrorV1, _ErrorV2 = _errors(_DEVICE)
    d: str


class ShownResponse(message.ReadResponse):
    """The present screen: the word, then the lines; `count` grows with every new one."""

    _GROUP_ID: ClassVar[Any] = _DEVICE
    _COMMAND_ID: ClassVar[Any] = 2
    lines: list[str]
    light: str
    tone: str
    count: int
    display: bool
    pressed: list[bool]


class Shown(message.ReadRequest):
    """Ask what the panel shows now."""

    _GROUP_ID: ClassVar[Any] = _DEVICE
    _COMMAND_ID: ClassVar[Any] = 2
    _Response: ClassVar[Any] = ShownResponse
    _ErrorV1, _ErrorV2 = _errors(_DEVICE)


class MaintenanceResponse(message.WriteResponse):
    """The scanner restarts into MicroPython's prompt."""

    _GROUP_ID: ClassVar[Any] = _DEVICE
    _COMMAND_ID: ClassVar[Any] = 4


class Maintenance(message.WriteRequest):
    """Restart into the prompt, once; needs an open session."""

    _GROUP_ID: ClassVar[Any] = _DEVICE
    _COMMAND_ID: ClassVar[Any] = 4
    _Response: ClassVar[Any] = MaintenanceResponse
    _ErrorV1, _ErrorV2 = _errors(_DEVICE)


class LookResponse(message.WriteResponse):
    """It is shown."""

    _GROUP_ID: ClassVar[Any] = _DEVICE
    _COMMAND_ID: ClassVar[Any] = 2


class Look(message.WriteRequest):
    """Show a light and play a tone, by name, to a person who tests."""

    _GROUP_ID: ClassVar[Any] = _DEVICE
    _COMMAND_ID: ClassVar[Any] = 2
    _Response: ClassVar[Any] = LookResponse
    _ErrorV1, _ErrorV2 = _errors(_DEVICE)
    light: str
    tone: str


class SelftestResponse(message.WriteResponse):
    """Part -> [0 pass | 1 fail | 2 a person must look, code of the remedy, a figure or None].

    `readers`: model, version and state of each, under "barcode" and "rfid".
    """

    _GROUP_ID: ClassVar[Any] = _DEVICE
    _COMMAND_ID: ClassVar[Any] = 3
    parts: dict[str, Any]
    readers: dict[str, Any] | None = None


class Selftest(message.WriteRequest):
    """Have the scanner look at its parts; `wire`: its barcode line is joined to itself."""

    _GROUP_ID: ClassVar[Any] = _DEVICE
    _COMMAND_ID: ClassVar[Any] = 3
    _Response: ClassVar[Any] = SelftestResponse
    _ErrorV1, _ErrorV2 = _errors(_DEVICE)
    wire: bool = False
