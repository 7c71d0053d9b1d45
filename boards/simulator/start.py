"""Start the firmware as a board does: boot.py, then main.py. argv[1] is the firmware's folder."""

import sys

for name in ("boot", "main"):
    with open(sys.argv[1] + "/" + name + ".py") as file:
        source = file.read()
    exec(compile(source, name + ".py", "exec"), {"__name__": "__main__"})  # noqa: S102
