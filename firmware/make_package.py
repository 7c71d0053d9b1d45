"""Writes package.json, the list of files that `mpremote mip install` brings to a board.

Usage: python firmware/make_package.py [--check]
"""

import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
TARGET = HERE / "package.json"


def package_text() -> str:
    """The text of package.json for the files that are here now."""
    files = ["boot.py", "main.py"]
    files += sorted(str(path.relative_to(HERE)) for path in (HERE / "gatescan").rglob("*.py"))
    version: dict[str, str] = {}
    exec((HERE / "gatescan" / "__init__.py").read_text(), version)  # noqa: S102 - our own file
    package = {
        "urls": [[name, name] for name in files],
        "deps": [],
        "version": version["__version__"],
    }
    return json.dumps(package, indent=1) + "\n"


if __name__ == "__main__":
    if "--check" not in sys.argv:
        TARGET.write_text(package_text())
    elif TARGET.read_text() != package_text():
        sys.exit("firmware/package.json is not current: run python firmware/make_package.py")
