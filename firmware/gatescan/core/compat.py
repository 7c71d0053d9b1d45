"""What MicroPython and CPython name differently: `const`, and type imports that cost nothing."""

try:
    from micropython import const
except ImportError:

    def const(value: int) -> int:
        """CPython's stand-in for the function that MicroPython's compiler folds away."""
        return value


# Type checkers take the name for true; at run time nothing under it is imported.
TYPE_CHECKING = False
