"""What MicroPython and CPython name differently: `const`, and type imports that cost nothing."""

try:
    from micropython import const
except ImportError:

    def const(value: int) -> int:
        """CPython stand-in: MicroPython's compiler folds `const(..)` away, CPython keeps the value."""
        return value


# Type checkers take the name for true; at run time nothing under it is imported.
TYPE_CHECKING = False
