"""From any list of items to any other: delta, overlay and merge agree with the host's table."""

import random

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from delta_lists import check, classes_of, drawn, near, table
from gatescan.core.table import format as fmt
from gatescan_host.table.delta import NoDelta, make_delta, prove
from gatescan_host.table.read import open_bytes
from gatescan_host.table.rebase import rebase_saves_percent

_LAST = 10**13 - 1
_KEYS = (
    st.integers(0, _LAST)
    | st.integers(0, 400)  # one company, close together
    | st.builds(lambda company, item: company * 100_000 + item,
                st.integers(952_000, 952_009), st.integers(0, 99_999))
    | st.sampled_from([0, 1, 99_999, 100_000, _LAST - 1, _LAST])
)  # fmt: skip
_LISTS = st.dictionaries(_KEYS, st.integers(0, 63) | st.integers(0, 2), max_size=60)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(old=_LISTS, new=_LISTS)
@example(old={}, new={})
@example(old={}, new={5: 1})
@example(old={5: 1}, new={})
@example(old={5: 1}, new={5: 63})
@example(old={0: 0, _LAST: 63}, new={0: 63, 1: 63, _LAST - 1: 0, _LAST: 0})
@example(old={5: 1}, new={0: 0, 1: 0, 2: 0, 5: 1, 6: 0, 7: 0, _LAST: 63})
def test_any_list_and_any_other(old, new):
    check(old, new)


@settings(max_examples=60, deadline=None)
@given(old=_LISTS, added=_LISTS, data=st.data())
def test_a_list_and_what_became_of_it(old, added, data):
    kept = data.draw(st.lists(st.sampled_from(sorted(old)), unique=True)) if old else []
    new = {key: data.draw(st.sampled_from([old[key], 0, 63])) for key in kept}
    check(old, {**added, **new})


@pytest.mark.parametrize("clustered", [True, False])
def test_longer_lists(clustered, rng: random.Random):
    """Several blocks, with few and with many changes, and runs at both ends and in the middle."""
    old = drawn(rng, 1200, clustered)
    keys = sorted(old)
    new = dict(old)
    for key in rng.sample(keys, 60):
        del new[key]
    for key in rng.sample(sorted(new), 60):
        new[key] = rng.randrange(64)
    start = rng.choice(keys)
    run = {start // 100_000 * 100_000 + n: 7 for n in range(90_000, 90_300)}
    new.update(run)
    new.update(dict.fromkeys(range(keys[-1] + 1, keys[-1] + 200), 9))
    new.update(dict.fromkeys(range(max(0, keys[0] - 200), keys[0]), 9))
    check(old, new)
    check(new, old)
    check(old, drawn(rng, 900, clustered))
    check(old, dict.fromkeys(old, 3))
    check(old, {})
    check({}, old)


def test_items_may_be_given_or_are_read(rng: random.Random):
    old, new = drawn(rng, 500, True), drawn(rng, 500, True)
    parent = table(old)
    after = table(new, bytes(open_bytes(parent, items_only=True).files.codes()))
    assert make_delta(parent, after, sorted(new.items())) == make_delta(parent, after)


def test_no_way_leads_between_two_codes(rng: random.Random):
    with pytest.raises(NoDelta, match="codes"):
        make_delta(table(drawn(rng, 500, True)), table(drawn(rng, 500, False)))


def test_a_section_that_is_gone(rng: random.Random):
    items = drawn(rng, 10, True)
    more = table(items, more=[fmt.K_RANGES, fmt.K_RANGES + 1])
    assert prove(open_bytes(table(items), items_only=True), make_delta(table(items), more))
    with pytest.raises(NoDelta, match="ranges"):
        make_delta(more, table(items))


def test_what_a_code_of_its_own_would_save(rng: random.Random):
    """Counted, it is what is saved when the table is really built anew."""
    old, new = drawn(rng, 4000, True), drawn(rng, 4000, False)
    codes = bytes(open_bytes(table(old), items_only=True).files.codes())
    items = sorted(new.items())
    here, anew = table(new, codes), table(new)
    length = open_bytes(here, items_only=True).files.need(fmt.K_ITEMS).length
    saves = rebase_saves_percent(items, codes, length)
    really = 100 * (len(here) - len(anew)) / (length + len(codes))
    assert saves == pytest.approx(really, abs=0.7) and saves > 1, (saves, really)
    best = bytes(open_bytes(anew, items_only=True).files.codes())
    length = open_bytes(anew, items_only=True).files.need(fmt.K_ITEMS).length
    assert rebase_saves_percent(items, best, length) == 0
    assert rebase_saves_percent([], codes, 0) == 0


def test_the_lists_of_these_tests_are_what_they_say(rng: random.Random):
    clustered, wild = drawn(rng, 1000, True), drawn(rng, 1000, False)
    assert len(clustered) == len(wild) == 1000
    assert len({key // 100_000 for key in clustered}) < 100 < len({k // 100_000 for k in wild})
    assert classes_of(clustered) > 3
    assert near([0, 5], [_LAST]) == [0, 1, 4, 5, 6, _LAST - 1, _LAST]
