"""One run of a benchmark: builds every format from the same items, asks each on every target."""

import math
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gatescan.core.law import names
from gatescan.core.table.reader import Table
from gatescan_host.bench import shipped
from gatescan_host.bench.formats import WRITERS
from gatescan_host.bench.items import Items
from gatescan_host.bench.oplog import oplog_figures
from gatescan_host.bench.questions import questions, write_questions
from gatescan_host.bench.targets import CannotRun, Figures, Runner, runner
from gatescan_host.errors import GatescanError
from gatescan_host.table.built import build_items
from gatescan_host.table.read import open_bytes

OURS = "ours"
FORMATS = (OURS, *WRITERS)
EMU_CHECKS = 2000  # hits, and as many misses: a minute of this computer for each format
_OWN_READING = ("sqlite", "marisa")  # their reads are not ours to count
_MIGHT_ERR = ("filter",)
_FIGURES = (
    "bytes", "bytes_per_key", "build_s", "lookups_per_s", "ram_bytes", "reads", "false_hits",
)  # fmt: skip

Tell = Callable[[str], None]  # hears what is done next


@dataclass(frozen=True)
class Plan:
    """On which targets, how many hits and as many misses, drawn by which seed.

    `formats` beside our own: all unless chosen.
    """

    targets: tuple[str, ...]
    checks: int
    seed: int
    formats: tuple[str, ...] = tuple(WRITERS)

    @property
    def steps(self) -> int:
        """How often `tell` is called."""
        return 1 + (1 + len(self.formats)) * (1 + len(self.targets))


@dataclass(frozen=True)
class _Built:
    """A format's file, or why there is none."""

    path: Path
    build_s: float = 0.0
    reason: str = ""


def run(items: Items, plan: Plan, tell: Tell) -> dict[str, Any]:
    """The answer of `bench table`, in the form of DESIGN.md; raises GatescanError."""
    with tempfile.TemporaryDirectory(prefix="gatescan-bench-") as name:
        folder = Path(name)
        tell("building the table")
        begun = time.perf_counter()
        ours = build_items(items.pairs).data
        built = {OURS: _Built(folder / OURS, time.perf_counter() - begun)}
        built[OURS].path.write_bytes(ours)
        table = open_bytes(ours, items_only=True)
        tell("measuring updates")
        oplog = oplog_figures(items.pairs, plan.seed)
        truth = _classes(table, items)
        for format_name in plan.formats:
            tell(f"building {format_name}")
            built[format_name] = _build(format_name, list(truth.items()), folder)
        rows, own = [], _Own()
        for target in plan.targets:
            hits = min(plan.checks, EMU_CHECKS) if target == "emu" else plan.checks
            asked = folder / f"questions-{target}"
            write_questions(questions(truth, hits, hits, plan.seed), asked)
            for format_name, file in built.items():
                tell(f"asking {format_name} on {target}")
                row, figures = _row(format_name, target, file, asked, len(truth))
                rows.append(row)
                if format_name == OURS:
                    own.add(target, figures)
    return {
        "schema": 1,
        "items": len(truth),
        "sha256": items.sha256,
        "skipped": items.skipped,
        "bytes_per_key": round(len(ours) / len(truth), 4),
        "tables_bytes": shipped.tables_bytes(table),
        "full_bytes": shipped.full_bytes(table),
        "oplog": oplog,
        **own.figures,
        "rows": rows,
    }


class _Own:
    """What is told about our own format beside its rows: each figure by target."""

    def __init__(self) -> None:
        keys = ("open_ms", "lookup_ms_mean", "lookup_ms_max", "wrong_answers", "asked")
        self.figures: dict[str, dict[str, Any]] = {key: {} for key in keys}

    def add(self, target: str, found: Figures | None) -> None:
        """Take the figures of a target, None where it did not run."""
        values: dict[str, Any] = dict.fromkeys(self.figures)
        if found is not None:
            values = {
                "open_ms": round(found["open_us"] / 1000, 3),
                "lookup_ms_mean": round(found["lookup_us"] / 1000, 5),
                "lookup_ms_max": round(found["lookup_us_max"] / 1000, 5),
                "wrong_answers": found["wrong"],
                "asked": found["hits"] + found["misses"],
            }
        for key, value in values.items():
            self.figures[key][target] = value


def _classes(table: Table, items: Items) -> dict[int, int]:
    """13 digits -> class, as the table numbers them."""
    numbers = {table.class_of(n)[0]: n for n in reversed(range(64))}
    ids = {name: numbers.get(n, -1) for n, name in enumerate(names.CATEGORIES)}
    return {key: ids[category] for key, category in items.pairs}


def _build(name: str, pairs: list[tuple[int, int]], folder: Path) -> _Built:
    begun = time.perf_counter()
    try:
        WRITERS[name](pairs, folder / name)
    except ImportError as absent:
        reason = f"{absent.name} is not installed: pip install 'gatescan[bench]'."
        return _Built(folder / name, reason=reason)
    return _Built(folder / name, time.perf_counter() - begun)


def _row(
    name: str, target: str, built: _Built, asked: Path, keys: int
) -> tuple[dict[str, Any], Figures | None]:
    """A row of the answer, and the figures it was made from."""
    row: dict[str, Any] = {"name": name, "target": target}
    ask: Runner = runner(target)
    try:
        if built.reason and target == "host":  # elsewhere no C library runs at all
            raise CannotRun(built.reason)
        found = ask(name, built.path, asked)
    except CannotRun as why:
        return {**row, **dict.fromkeys(_FIGURES), "reason": str(why)}, None
    if name not in (OURS, *_MIGHT_ERR) and found["wrong"]:
        raise GatescanError(
            f"The reader of {name} answered wrongly {found['wrong']} times on {target}, so the"
            " comparison is worth nothing: mend bench/device/readers.py."
        )
    size = built.path.stat().st_size
    row["bytes"] = size
    row["bytes_per_key"] = round(size / keys, 4)
    row["build_s"] = round(built.build_s, 3)
    row["lookups_per_s"] = _rounded(1e6 / found["lookup_us"]) if found["lookup_us"] else None
    row["ram_bytes"] = found["ram_bytes"]
    row["reads"] = None if name in _OWN_READING else round(found["reads"], 2)
    row["false_hits"] = found["false_hits"]
    row["reason"] = None
    return row, found


def _rounded(number: float) -> int:
    """Three digits that mean something."""
    digits = 2 - math.floor(math.log10(number)) if number >= 1 else 0
    return int(round(number, digits))
