"""SMP requests to their handlers, results and errors back.

Header: op (3 bits) + version (2 bits), flags, u16be length, u16be group, sequence, command.
Source: Zephyr documentation, "SMP protocol specification".
"""

import struct

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.smp.cbor import CborError, decode, encode_into
from gatescan.core.smp.message import (
    E_INVALID,
    E_NO_MEMORY,
    E_NOT_SUPPORTED,
    E_TOO_LONG,
    E_UNKNOWN,
    SmpError,
)

if TYPE_CHECKING:
    from typing import Any, Callable, Generator

    Slices = Generator[None, None, Any]  # work with pauses in it, in which others may run
    Handler = Callable[[dict], dict | Slices]

HEADER_BYTES = const(8)
OP_READ = const(0)
OP_WRITE = const(2)


class Router:
    """Finds the handler of a request and turns what it returns or raises into a response."""

    def __init__(
        self, limit_bytes: int, find: "Callable[[int], Slices] | None" = None
    ) -> None:
        """`limit_bytes`: the longest response, header included, that the link can carry.

        `find(group)` is asked when a command has no handlers; it may add them.
        """
        self._limit_bytes = limit_bytes
        self._find = find
        self._handlers: dict = {}
        self.faults = 0  # handlers that failed in a way they did not declare

    def add(
        self,
        group: int,
        command: int,
        read: "Handler | None" = None,
        write: "Handler | None" = None,
    ) -> None:
        """Register the handlers of one command; each gets the request's map, returns a map.

        A handler that takes long is a generator and returns the map at its end.
        """
        self._handlers[group, command] = (read, write)

    def groups(self) -> "list[int]":
        """The groups served, ascending."""
        return sorted({group for group, _ in self._handlers})

    def respond(self, request: memoryview) -> "Slices":
        """The response to `request` (header and CBOR map), or None when none may be sent.

        In slices: `request` must stay what it is until the last one. Never raises: a client's
        mistake is an error code, a handler's fault is counted.
        """
        if len(request) < HEADER_BYTES:
            return None
        first, _, length, group, sequence, command = struct.unpack(
            ">BBHHBB", request[:HEADER_BYTES]
        )
        op, version = first & 7, first >> 3 & 3
        if op not in (OP_READ, OP_WRITE):
            return None
        out = bytearray(HEADER_BYTES)
        try:
            body = yield from self._body(op, group, command, length, request, version)
            encode_into(out, body)
        except (CborError, MemoryError):
            encode_into(self._empty(out), {"rc": E_NO_MEMORY})
        if len(out) > self._limit_bytes:
            encode_into(self._empty(out), {"rc": E_TOO_LONG})
        struct.pack_into(
            ">BBHHBB", out, 0, op | 1 | version << 3, 0, len(out) - HEADER_BYTES,
            group, sequence, command,
        )  # fmt: skip
        return out

    @staticmethod
    def _empty(out: bytearray) -> bytearray:
        """`out` cut back to its header, so that nothing half written goes out."""
        out[HEADER_BYTES:] = b""
        return out

    def _body(
        self, op: int, group: int, command: int, length: int, request: memoryview, version: int
    ) -> "Slices":
        handlers = self._handlers.get((group, command))
        if handlers is None and self._find is not None:
            try:
                yield from self._find(group)
            except (ImportError, OSError, ValueError):  # its file is damaged or gone
                return self._failed()
            handlers = self._handlers.get((group, command))
        handler = handlers and handlers[op == OP_WRITE]
        if handler is None:
            return {"rc": E_NOT_SUPPORTED}
        try:
            if length != len(request) - HEADER_BYTES:
                return {"rc": E_INVALID}
            arguments = decode(request[HEADER_BYTES:]) if length else {}
            if not isinstance(arguments, dict):
                return {"rc": E_INVALID}
            answer = handler(arguments)
            if not isinstance(answer, dict):
                answer = yield from answer
            return answer
        except SmpError as refusal:
            if len(refusal.args) == 2 and version:
                return {"err": {"group": refusal.args[0], "rc": refusal.args[1]}}
            return {"rc": refusal.args[0] if len(refusal.args) == 1 else E_UNKNOWN}
        except (CborError, KeyError, TypeError, IndexError, ValueError):
            return {"rc": E_INVALID}
        except MemoryError:
            return {"rc": E_NO_MEMORY}
        except (ImportError, OSError):
            return self._failed()

    def _failed(self) -> "dict[str, Any]":
        self.faults += 1
        return {"rc": E_UNKNOWN}
