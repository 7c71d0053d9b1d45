"""What MicroPython and CPython name differently: `const`, and type imports that cost nothing."""

try:
    from micropython import const
except ImportError:

    def const(value: int) -> int:
        """CPython's stand-in for the function that MicroPython's compiler folds away."""
        return value


# Type checkers take the name for true; at run time nothing under it is imported.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Any, Callable


# Loads a board's own code for SHA-256 (trust/sha256.py) or gives None; set by app/scanner.py.
sha256_code: "Callable[[], Any] | None" = None
# Loads a board's own `advance` of core/table/decode_plain.py; set by app/scanner.py.
block_decoder: "Callable[[], Callable[..., int] | None] | None" = None
# `cryptolib.aes`, or what does the same (trust/cmac.py); set by app/scanner.py.
aes: "Callable[..., Any] | None" = None
