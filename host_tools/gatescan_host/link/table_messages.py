"""Requests and responses of group 66 that repair the scanner's table or make room for another."""

from typing import Any, ClassVar

from smp import message

from gatescan_host.link.messages import Activate

_TABLE = 66


class PatchResponse(message.WriteResponse):
    """The patch is on the scanner; nothing is changed before the check of all."""

    _GROUP_ID: ClassVar[Any] = _TABLE
    _COMMAND_ID: ClassVar[Any] = 2
    n: int


class Patch(message.WriteRequest):
    """The `n`th patch for the table with SHA-256 `sha`: its bytes from `off` on."""

    _GROUP_ID: ClassVar[Any] = _TABLE
    _COMMAND_ID: ClassVar[Any] = 2
    _Response: ClassVar[Any] = PatchResponse
    _ErrorV1, _ErrorV2 = Activate._ErrorV1, Activate._ErrorV2
    sha: bytes
    n: int
    off: int
    data: bytes


class AnnounceResponse(message.WriteResponse):
    """The scanner expects it."""

    _GROUP_ID: ClassVar[Any] = _TABLE
    _COMMAND_ID: ClassVar[Any] = 3


class Announce(message.WriteRequest):
    """The file with SHA-256 `sha` may have the room of the table in use."""

    _GROUP_ID: ClassVar[Any] = _TABLE
    _COMMAND_ID: ClassVar[Any] = 3
    _Response: ClassVar[Any] = AnnounceResponse
    _ErrorV1, _ErrorV2 = Activate._ErrorV1, Activate._ErrorV2
    sha: bytes
