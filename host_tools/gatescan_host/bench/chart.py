"""The answer of a benchmark as a chart: bytes an item, and lookups a second on each target."""

from pathlib import Path
from typing import Any

from gatescan_host.bench.show import TARGETS, TITLES
from gatescan_host.errors import GatescanError

_OURS, _OTHERS = "#0b6e4f", "#9aa5b1"
_MARKS = {"host": "o", "unix": "s", "emu": "D"}
_COLOURS = {"host": "#33658a", "unix": "#f26419", "emu": "#7b2d8b"}


def require() -> None:
    """Raise GatescanError where matplotlib is not installed."""
    try:
        import matplotlib  # noqa: F401
    except ImportError:
        raise GatescanError(
            "matplotlib draws the chart and is not installed: pip install 'gatescan[bench]'."
        ) from None


def draw(found: dict[str, Any], path: Path) -> None:
    """Write the chart as PNG."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    sizes = {row["name"]: row["bytes_per_key"] for row in found["rows"] if row["bytes_per_key"]}
    ordered = sorted(sizes, key=lambda name: -sizes[name])
    figure = Figure(figsize=(11, 0.8 + 0.55 * max(4, len(ordered))), layout="constrained")
    FigureCanvasAgg(figure)
    left, right = figure.subplots(1, 2, sharey=True)
    colours = [_OURS if name == "ours" else _OTHERS for name in ordered]
    bars = left.barh([TITLES[n] for n in ordered], [sizes[n] for n in ordered], color=colours)
    left.bar_label(bars, fmt="%.2f", padding=4)
    left.margins(x=0.15)
    left.set_xlabel("bytes an item (less is better)")
    for target, mark in _MARKS.items():
        rows = [r for r in found["rows"] if r["target"] == target and r["lookups_per_s"]]
        if rows:
            right.scatter(
                [row["lookups_per_s"] for row in rows],
                [TITLES[row["name"]] for row in rows],
                marker=mark, s=60, alpha=0.75, color=_COLOURS[target], label=TARGETS[target],
            )  # fmt: skip
    right.set_xscale("log")
    right.set_xlabel("lookups a second (more is better)")
    right.grid(axis="x", which="major", alpha=0.4)
    right.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=3, frameon=False)
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
        axes.set_axisbelow(True)
    figure.suptitle(f"{found['items']:,} items, the same for every format")
    try:
        figure.savefig(path, format="png", dpi=120)
    except OSError as fault:
        raise GatescanError(f"{path} cannot be written ({fault.strerror}).") from None
