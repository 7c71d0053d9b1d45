"""The child's side of fork.py: answers calls, and lets time run while a terminal is open."""

import os
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

from emulated_pico.pty_bridge import PtyBridge

if TYPE_CHECKING:
    from emulated_pico.machine import EmulatedPico

_LOOK_S = 1.0  # between two looks whether the parent still lives
_OWN = "emulated_pico."


def serve(machine: "EmulatedPico", connection: Connection, parent: int) -> None:
    """Answer calls until the parent closes the pipe or dies."""

    def end_with_parent() -> None:
        if os.getppid() != parent:
            os._exit(0)

    machine.between_batches = end_with_parent
    bridge: PtyBridge | None = None
    while True:
        if bridge is None:
            end_with_parent()
            if not connection.poll(_LOOK_S):
                continue
        elif not connection.poll(0):
            bridge.step(connection)
            continue
        try:
            verb, path, args, names = connection.recv()
        except EOFError:
            return
        try:
            if verb == "open_pty":
                bridge = PtyBridge(machine)
                answer: Any = bridge.path
            elif verb == "close_pty":
                if bridge is not None:
                    bridge.close()
                bridge = answer = None
            else:
                answer = _answer(machine, verb, path, args, names)
        except Exception as fault:
            _send(connection, False, fault)
        else:
            _send(connection, True, answer)


def _answer(machine: "EmulatedPico", verb: str, path: tuple, args: tuple, names: dict) -> Any:
    if verb == "state":
        return machine.now_ms, machine.powered
    owner: Any = machine
    for name in path[:-1]:
        owner = getattr(owner, name)
    if verb == "set":
        return setattr(owner, path[-1], args[0])
    value = getattr(owner, path[-1])
    if verb == "call":
        return value(*args, **names)
    if callable(value):
        return "method", None
    if type(value).__module__.startswith(_OWN + "models."):
        return "part", None
    return "value", value


def _send(connection: Connection, good: bool, value: object) -> None:
    try:
        connection.send((good, value))
    except (TypeError, AttributeError, ValueError) as fault:  # not to be pickled
        connection.send((False, RuntimeError(f"{value!r} cannot travel: {fault}")))
    except BrokenPipeError:
        os._exit(0)
