"""Write pins.py from pins.csv: `python boards/rpi_pico/make_pins.py [--check]`."""

import csv
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCE = HERE / "pins.csv"
MODULE = HERE / "pins.py"


def module_text(rows: list[dict[str, str]]) -> str:
    """Source of pins.py. Raises ValueError where two names share a GPIO or a pin."""
    for column in ("name", "gpio", "pin"):
        values = [row[column] for row in rows]
        if len(set(values)) != len(values):
            raise ValueError(f"pins.csv: the column {column} holds a value twice")
    lines = [
        f"{row['name'].upper()} = const({int(row['gpio'])})  # pin {row['pin']}" for row in rows
    ]
    return (
        '"""GPIO numbers, made by make_pins.py; edit pins.csv."""\n\n'
        "from gatescan.core.compat import const\n\n" + "\n".join(lines) + "\n"
    )


def main() -> int:
    """Write the module, or with --check say whether it is current (exit 1 if not)."""
    with SOURCE.open(encoding="utf-8", newline="") as f:
        text = module_text(list(csv.DictReader(f)))
    if "--check" in sys.argv[1:]:
        if MODULE.exists() and MODULE.read_text(encoding="utf-8") == text:
            return 0
        print("pins.py is not current: run `python boards/rpi_pico/make_pins.py`")
        return 1
    MODULE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
