"""Drawn lists: the same numbers give the same list, and it is clustered like the real one."""

from itertools import pairwise

import pytest

from gatescan_host.bench.generate import clustered, generate
from gatescan_host.bench.items import key_of
from gatescan_host.bench.statistics import DATA, statistics

_KEYS = 100_000


@pytest.fixture(scope="module")
def drawn():
    return generate(_KEYS, 7)


def test_a_list_can_be_drawn_again_and_another_seed_draws_another(drawn):
    assert generate(_KEYS, 7) == drawn
    assert generate(_KEYS, 8).pairs != drawn.pairs
    assert len(drawn.sha256) == 64


def test_keys_ascend_and_each_stands_once(drawn):
    keys = [key for key, _ in drawn.pairs]
    assert len(keys) == _KEYS
    assert all(one < other for one, other in pairwise(keys))
    assert keys[0] >= 0 and keys[-1] < 10**13


@pytest.mark.parametrize("keys", [1, 2, 3, 300])
def test_small_lists(keys):
    assert len({key for key, _ in generate(keys, 1).pairs}) == keys


def test_many_companies_still_fit(monkeypatch):
    """More companies than the gaps leave room for: the gaps shrink, no key is beyond the end."""
    monkeypatch.setattr("gatescan_host.bench.generate.COMPANY_SPACE", 40_000)
    keys = [key for key, _ in generate(_KEYS, 3).pairs]
    assert len(set(keys)) == _KEYS
    assert keys[-1] < 40_000 * 100_000


def share(histogram: list[int], first: int, last: int) -> float:
    return sum(histogram[first : last + 1]) / sum(histogram)


def test_the_statistics_are_those_of_the_real_list(drawn):
    real, found = clustered(), statistics(drawn.pairs)

    def merged(told):
        rows = [histogram for row in told["gaps"] for histogram in row]
        return [sum(h[n] for h in rows if n < len(h)) for n in range(max(map(len, rows)))]

    gaps = merged(real), merged(found)
    for first, last in ((1, 1), (2, 15), (16, 31), (32, 60)):
        assert share(gaps[1], first, last) == pytest.approx(share(gaps[0], first, last), abs=0.02)
    for first, last in ((1, 1), (2, 5), (6, 30), (31, 80)):
        assert share(found["sizes"], first, last) == pytest.approx(
            share(real["sizes"], first, last), abs=0.03
        )
    companies = [sum(told["sizes"]) / told["keys"] for told in (real, found)]
    assert companies[1] == pytest.approx(companies[0], rel=0.1)
    changes = [
        sum(changed for changed, _ in told["changes"]) / told["keys"] for told in (real, found)
    ]
    assert changes[1] == pytest.approx(changes[0], abs=0.02)
    returns = [told["returns"][0] / told["returns"][1] for told in (real, found)]
    assert returns[1] == pytest.approx(returns[0], abs=0.02)
    for name, count in real["classes"].items():
        assert found["classes"][name] / _KEYS == pytest.approx(count / real["keys"], abs=0.02)


def test_the_data_are_small_and_say_where_they_are_from():
    assert DATA.stat().st_size < 8000
    assert "Open Food Facts" in clustered()["source"]
    assert key_of("4006381333931") == 400638133393
