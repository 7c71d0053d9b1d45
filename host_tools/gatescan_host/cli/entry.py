"""The first step of `gatescan`: loading the program takes a second in which Ctrl-C may come."""

import sys


def main() -> None:
    """Load and run; an interruption while loading is told like any other."""
    try:
        from gatescan_host.cli.main import main as run
    except KeyboardInterrupt:
        sys.stderr.write("gatescan: interrupted before it began; start again.\n")
        sys.exit(1)
    run()
