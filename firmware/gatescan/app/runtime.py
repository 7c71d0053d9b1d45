"""What MicroPython's modules have and CPython's lack, in one place, so that types can be checked.

CPython's versions are good enough to import and check the application there; a scanner always
runs the first ones.
"""

import asyncio
import gc
import sys

try:
    from asyncio import sleep_ms  # type: ignore[attr-defined]
    from gc import mem_alloc, mem_free  # type: ignore[attr-defined]
    from sys import print_exception  # type: ignore[attr-defined]
except ImportError:

    async def sleep_ms(pause_ms: int) -> None:
        """Let the other tasks run for so long."""
        await asyncio.sleep(pause_ms / 1000)

    def mem_free() -> int:
        """Free heap in bytes; CPython has no such limit."""
        return gc.get_count()[0]

    def mem_alloc() -> int:
        """Heap in use in bytes; CPython does not tell."""
        return 0

    def print_exception(fault: BaseException) -> None:
        """The exception with its traceback on the console."""
        sys.excepthook(type(fault), fault, fault.__traceback__)


__all__ = ["mem_alloc", "mem_free", "print_exception", "sleep_ms"]
