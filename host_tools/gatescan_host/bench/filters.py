"""Writes a binary fuse filter: what a table costs that may answer wrongly.

Graf and Lemire, "Binary Fuse Filters: Fast and Smaller Than Xor Filters" (2022). A key's three
cells, xored, give its fingerprint of 8 bits and its class; a key that is not listed passes with
a chance of 1 in 256. No kept library holds a class beside the fingerprint.
`device/readers.py` reads it: bits of a cell u8, seed u8, bits of a segment u8, zero, segments
u32, zero u32; then the cells, bit behind bit.
"""

import math
import struct

from gatescan_host.bench.device.readers import places

_TRIES = 100
_MAX_SEGMENT_BITS = 18


def build(pairs: list[tuple[int, int]]) -> bytes:
    """The filter of (key, class) pairs."""
    keys = [(number.to_bytes(6, "big"), class_id) for number, class_id in pairs]
    bits = 8 + max(1, max(class_id for _, class_id in pairs).bit_length())
    segment_bits, segments = _size(len(keys))
    for seed in range(_TRIES):
        spots = [places(key, seed, segment_bits, segments) for key, _ in keys]
        order = _peel(spots, (segments + 2) << segment_bits)
        if order is not None:
            break
    else:
        raise ArithmeticError("no seed leads to a filter")
    cells = [0] * ((segments + 2) << segment_bits)
    for number, cell in reversed(order):
        first, second, third, fingerprint = spots[number]
        value = keys[number][1] << 8 | fingerprint
        cells[cell] = value ^ cells[first] ^ cells[second] ^ cells[third]
    return struct.pack("<BBBxII", bits, seed, segment_bits, segments, 0) + _packed(cells, bits)


def _size(keys: int) -> tuple[int, int]:
    """Bits of a segment, and how many a key may begin in: the paper's rules for three cells."""
    segment_bits = min(
        _MAX_SEGMENT_BITS, max(2, int(math.log(keys + 1) / math.log(3.33) + 2.25))
    )
    factor = max(1.125, 0.875 + 0.25 * math.log(1e6) / math.log(max(keys, 2)))
    return segment_bits, max(1, math.ceil(keys * factor / (1 << segment_bits)) - 2)


def _peel(spots: list[tuple[int, int, int, int]], cells: int) -> list[tuple[int, int]] | None:
    """(number of the key, cell that is its own) in the order of peeling; None: it gets stuck."""
    count = [0] * cells
    mixed = [0] * cells  # the numbers of all keys in a cell, xored
    for number, spot in enumerate(spots):
        for cell in spot[:3]:
            count[cell] += 1
            mixed[cell] ^= number
    waiting = [cell for cell in range(cells) if count[cell] == 1]
    order = []
    while waiting:
        own = waiting.pop()
        if count[own] != 1:
            continue
        number = mixed[own]
        order.append((number, own))
        for cell in spots[number][:3]:
            count[cell] -= 1
            mixed[cell] ^= number
            if count[cell] == 1:
                waiting.append(cell)
    return order if len(order) == len(spots) else None


def _packed(cells: list[int], bits: int) -> bytes:
    """The cells bit behind bit, with room for a reader that takes 4 bytes at a time."""
    text = "".join(f"{cell:0{bits}b}" for cell in cells)
    text += "0" * (-len(text) % 8 + 32)
    return int(text, 2).to_bytes(len(text) // 8, "big")
