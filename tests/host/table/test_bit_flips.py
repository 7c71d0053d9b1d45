"""Bits of a complete table file, flipped: found at opening, in the answer, or by `verify`.

A sample; `python tests/fuzz/flips.py` flips all of them.
"""

import random

import pytest

from fuzz import flips
from gatescan.core import compat
from gatescan.core.table.decode_plain import advance
from gatescan.core.table.format import CORRUPT

SAMPLE = 1200


@pytest.fixture(autouse=True)
def no_search_for_native_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each opening would compile the viper decoder, to see that CPython refuses it."""
    monkeypatch.setattr(compat, "block_decoder", lambda: advance)


def test_the_undamaged_files_answer_everything():
    answers = [flips.truth(layer) for layer in flips.LAYERS]
    for layer, true in zip(flips.LAYERS, answers, strict=True):
        assert len(flips.files()[layer]) > 2000
        assert CORRUPT not in true.values()
    assert answers[0] != answers[1]


@pytest.mark.parametrize("layer", flips.LAYERS)
def test_a_sample_of_bits(rng: random.Random, layer: str):
    bits = rng.sample(range(len(flips.files()[layer]) * 8), SAMPLE)
    found = flips.flips(layer, bits)
    print(layer, dict(found))
    assert not found["nowhere"]
    assert found["opening"] and found["answer"] and found["verify"]
