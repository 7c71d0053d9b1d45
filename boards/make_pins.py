"""Write each board's pins.py from its pins.csv: `python boards/make_pins.py [--check]`.

Columns of pins.csv: `name`; `gpio`, the number that MicroPython takes; `pin`, as printed on the
board or in its manual; `direction` (in, out, or bus for both); `pull` (up or none); `note`.
"""

import csv
import sys
from pathlib import Path

BOARDS = Path(__file__).resolve().parent
DIRECTIONS = ("in", "out", "bus")
PULLS = ("up", "none")


def rows_of(source: Path) -> list[dict[str, str]]:
    """The pins of a pins.csv, in its order.

    Raises ValueError where two pins share a name, a GPIO or a place on the board, and where a
    direction or a pull is none of those above.
    """
    with source.open(encoding="utf-8", newline="") as f:
        rows = list(csv.DictReader(f))
    for column in ("name", "gpio", "pin"):
        values = [row[column] for row in rows]
        twice = sorted({value for value in values if values.count(value) > 1})
        if twice:
            raise ValueError(f"{source}: the column {column} holds {', '.join(twice)} twice")
    for row in rows:
        if row["direction"] not in DIRECTIONS or row["pull"] not in PULLS:
            raise ValueError(
                f"{source}: {row['name']} needs a direction ({', '.join(DIRECTIONS)}) "
                f"and a pull ({', '.join(PULLS)})"
            )
    return rows


def module_text(rows: list[dict[str, str]]) -> str:
    """Source of pins.py."""
    lines = [
        f"{row['name'].upper()} = const({int(row['gpio'])})  # pin {row['pin']}" for row in rows
    ]
    return (
        '"""GPIO numbers, made by make_pins.py; edit pins.csv."""\n\n'
        "from gatescan.core.compat import const\n\n" + "\n".join(lines) + "\n"
    )


def main() -> int:
    """Write the modules, or with --check say which is not current (exit 1 if any)."""
    stale = []
    for source in sorted(BOARDS.glob("*/pins.csv")):
        module, text = source.with_name("pins.py"), module_text(rows_of(source))
        if module.exists() and module.read_text(encoding="utf-8") == text:
            continue
        stale.append(f"{source.parent.name}/pins.py")
        if "--check" not in sys.argv[1:]:
            module.write_text(text, encoding="utf-8")
    if stale and "--check" in sys.argv[1:]:
        print(f"not current: {', '.join(stale)}; run `python boards/make_pins.py`")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
