"""Code lengths of a prefix code whose words have at most a given length."""

from collections.abc import Sequence


def code_lengths(weights: Sequence[int], longest: int) -> list[int]:
    """Lengths of the cheapest complete code for symbols with these weights, all above 0.

    Package-merge (Larmore and Hirschberg, "A fast algorithm for optimal length-limited Huffman
    codes", 1990). Equal weights are told apart by the symbol, so that the answer is one.
    Raises ValueError when `longest` bits cannot tell so many symbols apart.
    """
    count = len(weights)
    if not 2 <= count <= 1 << longest or min(weights) <= 0:
        raise ValueError(f"{count} symbols have no code of at most {longest} bits")
    leaves = sorted((weight, (symbol,)) for symbol, weight in enumerate(weights))
    merged: list[tuple[int, tuple[int, ...]]] = []
    for _ in range(longest):
        row = sorted(leaves + merged)
        merged = [
            (row[n][0] + row[n + 1][0], row[n][1] + row[n + 1][1])
            for n in range(0, len(row) - 1, 2)
        ]
    lengths = [0] * count
    for _, symbols in merged[: count - 1]:
        for symbol in symbols:
            lengths[symbol] += 1
    return lengths
