"""What every format is asked: listed items, and codes that are not listed, near misses first."""

import random
from pathlib import Path

from gatescan.core.tags import gtin
from gatescan.core.tags.scheme import S_GTIN
from gatescan_host.bench.device.measure import NOT_LISTED
from gatescan_host.bench.statistics import ITEM_SPACE

_KEYS = 10**13
_PATIENCE = 200  # keys of one kind in a row that are all listed


def questions(truth: dict[int, int], hits: int, misses: int, seed: int) -> list[tuple[int, int]]:
    """(13 digits, class or NOT_LISTED), shuffled.

    Of the misses a third are neighbours of a listed key, a third other items of a listed
    company, the rest anywhere between 0 and a little behind the greatest key, or in the whole
    space; fewer when the list leaves no room for so many.
    """
    rng = random.Random(seed)  # noqa: S311 - questions that can be asked again
    keys = list(truth)
    drawn = rng.sample(keys, hits) if hits <= len(keys) else rng.choices(keys, k=hits)
    asked = [(key, truth[key]) for key in drawn]
    end = min(_KEYS, keys[-1] + ITEM_SPACE)
    kinds = (
        lambda: rng.choice(keys) + rng.choice((-1, 1)),
        lambda: rng.choice(keys) // ITEM_SPACE * ITEM_SPACE + rng.randrange(ITEM_SPACE),
        lambda: rng.randrange(rng.choice((end, _KEYS))),
    )
    found = tried = 0
    while found < misses and tried < _PATIENCE * len(kinds):
        key = kinds[(found + tried // _PATIENCE) % len(kinds)]()
        tried += 1
        if 0 <= key < _KEYS and key not in truth:
            asked.append((key, NOT_LISTED))
            found += 1
            tried = 0
    rng.shuffle(asked)
    return asked


def write_questions(asked: list[tuple[int, int]], path: Path) -> None:
    """The file that `device/measure.py` reads."""
    path.write_bytes(
        b"".join(gtin.key_of(S_GTIN, b"%013d" % key) + bytes((answer,)) for key, answer in asked)
    )
