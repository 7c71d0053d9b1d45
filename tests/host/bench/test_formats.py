"""Every format gives the class that was written, and says when a key is not listed."""

import struct
import sys

import pytest

from gatescan.core.tags import gtin
from gatescan.core.tags.scheme import S_GTIN
from gatescan_host.bench import filters
from gatescan_host.bench.device.medium import CountedFile, File
from gatescan_host.bench.device.readers import OPENERS, cdb_hash
from gatescan_host.bench.formats import WRITERS, write_cdb
from gatescan_host.bench.generate import generate
from gatescan_host.bench.host_worker import open_marisa, open_sqlite
from gatescan_host.bench.questions import NOT_LISTED, questions

_OPENERS = {**OPENERS, "sqlite": open_sqlite, "marisa": open_marisa}


def canonical(number: int) -> bytes:
    return gtin.key_of(S_GTIN, b"%013d" % number)


def some_pairs(rng, keys: int) -> list[tuple[int, int]]:
    return [(key, rng.randrange(64)) for key, _ in generate(keys, rng.randrange(1000)).pairs]


@pytest.mark.parametrize("keys", [1, 2, 300])
@pytest.mark.parametrize("name", WRITERS)
def test_what_was_written_is_read(name, keys, tmp_path, rng):
    if name == "marisa":
        pytest.importorskip("marisa_trie")
    pairs = some_pairs(rng, keys)
    path = tmp_path / name
    WRITERS[name](pairs, path)
    asked_as, find = _OPENERS[name](File(str(path)))
    for number, class_id in pairs:
        assert find(asked_as(canonical(number))) == class_id
    false_hits = 0
    for number, expected in questions(dict(pairs), 10, 300, rng.randrange(1000)):
        if expected == NOT_LISTED:
            false_hits += find(asked_as(canonical(number))) >= 0
    assert false_hits <= (15 if name == "filter" else 0)


def test_bisection_reads_as_often_as_it_halves(tmp_path, rng):
    pairs = some_pairs(rng, 1000)
    WRITERS["fixed"](pairs, tmp_path / "fixed")
    file = CountedFile(str(tmp_path / "fixed"))
    asked_as, find = _OPENERS["fixed"](file)
    assert find(asked_as(canonical(pairs[0][0]))) == pairs[0][1]
    assert 9 <= file.reads <= 10


def test_a_cdb_is_laid_out_as_its_specification_says(tmp_path):
    """By hand: one record, its table of two slots, all other tables empty behind it."""
    write_cdb([(258, 5)], tmp_path / "cdb")
    data = (tmp_path / "cdb").read_bytes()
    digest = cdb_hash(bytes((0, 0, 0, 0, 1, 2)))
    record = struct.pack("<II", 6, 1) + bytes((0, 0, 0, 0, 1, 2, 5))
    assert data[2048:2063] == record
    assert struct.unpack_from("<II", data, (digest & 255) * 8) == (2063, 2)
    slots = [struct.unpack_from("<II", data, 2063 + n * 8) for n in (0, 1)]
    assert slots[(digest >> 8) % 2] == (digest, 2048)
    assert len(data) == 2063 + 16
    # the hash of the specification: h = ((h << 5) + h) ^ c from 5381
    assert cdb_hash(b"a") == (5381 * 33) ^ 97


def test_a_filter_errs_as_often_as_its_fingerprints_let_it(tmp_path, rng):
    pairs = some_pairs(rng, 3000)
    (tmp_path / "filter").write_bytes(filters.build(pairs))
    asked_as, find = _OPENERS["filter"](File(str(tmp_path / "filter")))
    misses = [
        number for number, expected in questions(dict(pairs), 1, 20_000, rng.randrange(1000))
        if expected == NOT_LISTED
    ]  # fmt: skip
    hits = sum(find(asked_as(canonical(number))) >= 0 for number in misses)
    assert 0.002 < hits / len(misses) < 0.007  # 1 in 256


def test_a_library_that_is_not_installed_is_missed_only_where_it_is_needed(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "marisa_trie", None)
    with pytest.raises(ImportError):
        WRITERS["marisa"]([(1, 1)], tmp_path / "marisa")
    WRITERS["fixed"]([(1, 1)], tmp_path / "fixed")


def test_questions_hold_near_misses_and_nothing_listed(rng):
    truth = dict(some_pairs(rng, 300))
    seed = rng.randrange(1000)
    asked = questions(truth, 600, 600, seed)
    assert asked == questions(truth, 600, 600, seed)
    misses = [key for key, expected in asked if expected == NOT_LISTED]
    assert len(misses) == 600 and not set(misses) & set(truth)
    assert sum(key - 1 in truth or key + 1 in truth for key in misses) >= 200
    assert sum(key // 100_000 in {k // 100_000 for k in truth} for key in misses) >= 350
    assert all(truth[key] == expected for key, expected in asked if expected != NOT_LISTED)
    assert len(asked) == 1200
