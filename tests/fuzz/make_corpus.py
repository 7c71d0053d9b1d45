"""Writes tests/fuzz/corpus.txt: from which the fuzzer goes on. A line an input: name, hex.

The same text in every run.

    python tests/fuzz/make_corpus.py
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "firmware"), str(ROOT / "host_tools"), str(ROOT / "tests")]

from fuzz import seeds, target  # noqa: E402 - needs the folders above

CORPUS = Path(__file__).with_name("corpus.txt")
# what the fuzzer found once: must stay mended
FOUND = {
    "class-of-block": "0208c70209e0cd05ee5720edbcba3acce672084ab649",
    "new-items-1": "030923ecef6738eb52ef689451ba3eb6e3715a2e3034",
    "new-items-2": "030a0b7a5b75775ec788fd63bbde9a92feafd29919e8",
    "codes-too-short": "0302af9a2bbd",
    "head-too-short": "0307000a01000003",
    "run-behind-the-end": (
        "03120000ebee6e03a41201ffbfffffffffffffffff27ffffffffffffff1b1b0000ebffffff5701"
    ),
}
_EDITS = 16


def inputs() -> dict[str, bytes]:
    """Name -> input."""
    out = {f"found-{name}": bytes.fromhex(text) for name, text in FOUND.items()}
    for name, pairs in (
        ("none", []), ("one", seeds.clustered(1)), ("near", seeds.clustered(12)),
        ("far", seeds.scattered(6)), ("dense", seeds.dense(40)),
    ):  # fmt: skip
        out[f"raw-{name}"] = bytes((target.RAW,)) + seeds.items_only(pairs)
    for number, seed in enumerate(seeds.seeds()):
        for place in (40, 656):  # in the directory, in a block
            damage = (target.DAMAGE, number, 1, 0, place + number >> 8, place + number & 255, 3)
            out[f"damage-{number:02d}-{place}"] = bytes(damage)
        if seed.delta:
            out[f"delta-{number:02d}"] = bytes((target.DELTA, number, 0))
    for edit in range(_EDITS):
        number = edit % len(seeds.seeds())
        aim = (0x80, 0xA0, 0xC0)[edit % 3]
        body = bytes((0, 0, aim | edit, 2, 0, 5 + edit, edit % 5, 9, 3, 2, 1))
        out[f"forge-{edit:02d}"] = bytes((target.FORGE, number)) + body
        out[f"forge-delta-{edit:02d}"] = (
            bytes((target.DELTA, 7 + edit % 4, 0, 0xE0 | edit, 0, 0, 8 + edit)) + body[5:]
        )
    return out


def read() -> dict[str, bytes]:
    """Name -> input, as the text has them."""
    rows = (line.split() for line in CORPUS.read_text(encoding="ascii").splitlines())
    return {name: bytes.fromhex(digits) for name, digits in rows}


def main() -> None:
    """Write the text anew."""
    lines = [f"{name} {data.hex()}\n" for name, data in inputs().items()]
    CORPUS.write_text("".join(lines), encoding="ascii")


if __name__ == "__main__":
    main()
