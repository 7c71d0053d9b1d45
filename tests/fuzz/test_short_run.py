"""The fuzzer's corpus and some seconds of inputs made from it; `make fuzz` goes on from there."""

import random
import time
from collections import Counter

import pytest

from fuzz import make_corpus, target
from fuzz.target import READ, REFUSED, one
from gatescan.core import compat
from gatescan.core.table import layers

SECONDS = 4
SEED = 20091  # of the short run, always the same: `make fuzz` takes another one each time


@pytest.fixture(autouse=True)
def hasten(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the long run does."""
    monkeypatch.setattr(compat, "block_decoder", None)
    monkeypatch.setattr(layers, "read_codes", layers.read_codes)
    target.hasten()


def test_the_corpus_is_what_the_script_writes():
    there = make_corpus.read()
    assert there == make_corpus.inputs()
    assert all(len(data) < 600 for data in there.values())


def test_every_input_of_the_corpus():
    fates = Counter((data[0] & 3, one(data)) for data in make_corpus.inputs().values())
    for mode in (target.RAW, target.DAMAGE, target.FORGE, target.DELTA):
        assert fates[mode, READ], f"nothing of mode {mode} opens"
    assert fates[target.FORGE, REFUSED] and fates[target.DELTA, REFUSED]


def test_some_seconds_of_changed_inputs():
    rng = random.Random(SEED)
    corpus = list(make_corpus.inputs().values())
    fates: Counter[str] = Counter()
    end = time.monotonic() + SECONDS
    while time.monotonic() < end or sum(fates.values()) < 500:
        data = bytearray(rng.choice(corpus))
        for _ in range(rng.randrange(1, 5)):
            at = rng.randrange(len(data))
            data[at : at + rng.randrange(2)] = rng.randbytes(rng.randrange(1, 4))
        try:
            fates[one(bytes(data))] += 1
        except Exception as error:
            raise AssertionError(f"input {data.hex()}") from error
    print(f"seed {SEED}: {sum(fates.values())} inputs, {dict(fates)}")
    assert fates[READ] > fates[REFUSED] // 20
