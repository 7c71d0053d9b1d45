"""How many bytes an update takes, in real lists and in drawn ones."""

import random
from pathlib import Path

import pytest

from gatescan_host.bench.generate import generate
from gatescan_host.bench.items import read_items
from gatescan_host.bench.oplog import oplog_figures

# bytes of operations that may be needed: random changes, items of one supplier
_MOST = {"clustered": (2800, 400), "scattered": (3300, 500)}


@pytest.mark.parametrize("name", _MOST)
def test_updates_of_real_lists(name: str, shared: Path, rng: random.Random):
    path = shared / "data" / f"items_{name}.csv.gz"
    if not path.is_file():
        pytest.skip(f"no file {path}")
    figures = oplog_figures(read_items(path).pairs, rng.randrange(1 << 32))
    print(name, figures)
    assert (figures["random_changes"], figures["supplier_changes"]) == (1000, 500)
    assert figures["random_ops_bytes"] <= _MOST[name][0]
    assert figures["supplier_ops_bytes"] <= _MOST[name][1]
    for what in ("random", "supplier"):
        assert figures[f"{what}_delta_bytes"] < figures[f"{what}_ops_bytes"] + 400


def test_updates_of_a_drawn_list(rng: random.Random):
    figures = oplog_figures(generate(20_000, 3).pairs, rng.randrange(1 << 32))
    print(figures)
    assert figures["random_ops_bytes"] < 2400
    seed = rng.randrange(1 << 32)
    assert oplog_figures(generate(5000, 1).pairs, seed) == oplog_figures(
        generate(5000, 1).pairs, seed
    )


def test_a_list_too_small_for_them():
    figures = oplog_figures(generate(300, 1).pairs, 1)
    assert figures.pop("seed") == 1
    assert set(figures.values()) == {None}
