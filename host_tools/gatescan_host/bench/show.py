"""The answer of a benchmark as a table for people."""

from typing import Any

from rich.console import Console
from rich.table import Table

TITLES = {
    "ours": "Gatescan",
    "fixed": "8-byte records, bisected",
    "cdb": "djb cdb",
    "sqlite": "SQLite",
    "json": "JSON dict",
    "marisa": "marisa-trie",
    "filter": "fuse filter (may err)",
}
TARGETS = {"host": "this computer", "unix": "unix MicroPython", "emu": "emulated Pico"}
_NOTHING = "-"
_WIDTH = 132  # of lines that go into a file


def text(found: dict[str, Any]) -> str:
    """The table, and our own figures below it."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=_WIDTH)
    with console.capture() as caught:
        for target in dict.fromkeys(row["target"] for row in found["rows"]):
            console.print(_table(target, found), markup=False)
        console.print("\n".join(_own(found)), markup=False)
    return caught.get().rstrip("\n")


def _table(target: str, found: dict[str, Any]) -> Table:
    table = Table(title=f"{found['items']:,} items on {TARGETS[target]}", title_justify="left")
    table.add_column("format", no_wrap=True)
    for name in ("bytes/item", "build s", "lookups/s", "RAM bytes", "reads", "false hits"):
        table.add_column(name, justify="right")
    table.add_column("why no figures")
    for row in found["rows"]:
        if row["target"] == target:
            table.add_row(
                TITLES[row["name"]],
                _number(row["bytes_per_key"], ".3f"),
                _number(row["build_s"], ".2f"),
                _number(row["lookups_per_s"], ","),
                _number(row["ram_bytes"], ","),
                _number(row["reads"], ".2f"),
                _number(row["false_hits"], ","),
                row["reason"] or "",
            )
    return table


def _own(found: dict[str, Any]) -> list[str]:
    """What is known of our own format beside the rows."""
    lines = [f"Gatescan: {found['bytes_per_key']} bytes an item."]
    if "full_bytes" in found:
        lines.append(f"Whole table of the example site with these items: {found['full_bytes']:,}.")
    oplog = found.get("oplog") or {}
    for what, words in (("random", "random changes"), ("supplier", "new items of one company")):
        if oplog.get(f"{what}_ops_bytes") is not None:
            lines.append(
                f"Update of {oplog[what + '_changes']:,} {words} (seed {oplog['seed']}):"
                f" {oplog[what + '_ops_bytes']:,} bytes of operations,"
                f" {oplog[what + '_delta_bytes']:,} as a delta file."
            )
    for target, asked in found["asked"].items():
        if asked is not None:
            mean, longest = found["lookup_ms_mean"][target], found["lookup_ms_max"][target]
            lines.append(
                f"On {TARGETS[target]}: open {found['open_ms'][target]:.2f} ms, lookup mean"
                f" {mean:.4f} ms, max {longest:.3f} ms; {found['wrong_answers'][target]} wrong of"
                f" {asked:,} answers, half of them misses."
            )
    return lines


def _number(value: float | None, form: str) -> str:
    return _NOTHING if value is None else format(value, form)
