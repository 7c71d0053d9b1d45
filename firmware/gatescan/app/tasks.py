"""Named, supervised tasks: a task that ends is a fault, is shown and logged, and starts again."""

import asyncio

from gatescan.app.runtime import sleep_ms
from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.drivers.ticks import ticks_diff, ticks_ms

if TYPE_CHECKING:
    from typing import Any, Callable, Coroutine

    TaskFunction = Callable[[], Coroutine]

_RESTART_PAUSE_MS = const(500)  # lets the safe screen be seen and heard
_CALM_MS = const(60_000)  # a task that ran this long starts with a clean sheet
_MAX_RESTARTS = const(5)  # in a row; then the whole board starts again


class Supervisor:
    """Keeps tasks running. `on_fault(name, reason)` shows the safe screen and logs."""

    def __init__(
        self, on_fault: "Callable[[str, str], None]", reset: "Callable[[], None]"
    ) -> None:
        self._on_fault = on_fault
        self._reset = reset
        self._tasks: dict = {}
        self._keepers: list = []
        self.restarts = 0  # since boot, all tasks

    def start(self, name: str, function: "TaskFunction") -> None:
        """Run the coroutine `function()` under `name` for as long as the board has power."""
        self._tasks[name] = None
        self._keepers.append(asyncio.create_task(self._keep(name, function)))

    def names(self) -> "list[str]":
        """The names of the tasks, sorted."""
        return sorted(self._tasks)

    def running(self, name: str) -> bool:
        """Whether the task is alive now."""
        task = self._tasks.get(name)
        return task is not None and not task.done()

    def kill(self, name: str) -> None:
        """End a task from outside, as a fault in it would."""
        task = self._tasks.get(name)
        if task is not None:
            task.cancel()

    async def _keep(self, name: str, function: "TaskFunction") -> None:
        failures = 0
        while True:
            begun_ms = ticks_ms()
            reason = await self._run(name, function)
            if ticks_diff(ticks_ms(), begun_ms) > _CALM_MS:
                failures = 0
            failures += 1
            self.restarts += 1
            self._on_fault(name, reason)
            await sleep_ms(_RESTART_PAUSE_MS)
            if failures > _MAX_RESTARTS:
                self._reset()

    async def _run(self, name: str, function: "TaskFunction") -> str:
        task = self._tasks[name] = asyncio.create_task(function())
        try:
            await task
        except asyncio.CancelledError:
            return "cancelled"
        except Exception as fault:
            return _reason(fault)
        return "ended"


def _reason(fault: "Any") -> str:
    """The exception's type and its first argument, short, for log and screen."""
    detail = str(fault.args[0]) if fault.args else ""
    return (type(fault).__name__ + " " + detail)[:80].strip()
