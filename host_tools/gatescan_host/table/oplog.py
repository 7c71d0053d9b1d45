"""Writes the operation log of a delta, in the form of core/table/FORMAT.md."""

import struct
from array import array
from bisect import bisect_left
from collections.abc import Mapping, Sequence

from gatescan.core.table import block_format as form
from gatescan.core.table.encode_plain import put
from gatescan.core.table.ops import LONG_BITS, MAX_UNARY
from gatescan.core.table.walk import END_KEY

_SCRATCH_BYTES = 32  # more than one key takes
_Items = Sequence[tuple[int, int]]


class _Bits:
    def __init__(self) -> None:
        self._bits: list[str] = []

    def put(self, value: int, bits: int) -> None:
        if bits:
            self._bits.append(f"{value:0{bits}b}")

    def count(self, value: int, k: int) -> None:
        if value >> k < MAX_UNARY:
            self._bits.append("1" * (value >> k) + "0")
            self.put(value & (1 << k) - 1, k)
        else:
            self._bits.append("1" * MAX_UNARY)
            self.put(value, LONG_BITS)

    def run(self, length: int) -> None:
        bits = (length + 1).bit_length() - 1
        self._bits.append("1" * bits + "0" * (bits < LONG_BITS))
        self.put(length + 1 - (1 << bits), bits)

    def below(self, value: int, end: int) -> None:
        bits = (end - 1).bit_length()
        short = (1 << bits) - end
        if value < short:
            self.put(value, bits - 1)
        else:
            self.put(value + short, bits)

    def text(self, bits: str) -> None:
        self._bits.append(bits)

    def bytes(self) -> bytes:
        text = "".join(self._bits)
        text += "0" * (-len(text) % 8)
        return int("1" + text, 2).to_bytes(len(text) // 8 + 1, "big")[1:]


class _Run:
    """Codes the items of a run as they would stand in a block."""

    def __init__(self, model: bytearray, words: "array[int]") -> None:
        self._model, self._words = model, words
        self._state = array("i", [0] * form.S_WORDS)
        self._state[form.S_END] = _SCRATCH_BYTES * 8

    def begin(self, key: int, class_id: int) -> None:
        state = self._state
        state[form.S_COMPANY], state[form.S_ITEM] = divmod(key, form.ITEMS_OF_COMPANY)
        state[form.S_CLASS] = class_id
        state[form.S_CONTEXT] = state[form.S_COMPANY_BEFORE] = 0

    def next(self, key: int, class_id: int) -> str:
        scratch = bytearray(_SCRATCH_BYTES)
        self._state[form.S_AT] = 0
        company, item = divmod(key, form.ITEMS_OF_COMPANY)
        put(self._state, scratch, self._model, self._words, company, item, class_id)
        bits = f"{int.from_bytes(scratch, 'big'):0{_SCRATCH_BYTES * 8}b}"
        return bits[: self._state[form.S_AT]]


def encode_ops(
    parent: _Items, changes: Mapping[int, int], model: bytearray, words: "array[int]"
) -> bytes:
    """The OPS section for `changes`: 13-digit number -> new class, or TOMBSTONE.

    `parent`: all items of the parent, ascending; a change that changes nothing must not be in
    `changes`.
    """
    keys = [key for key, _ in parent]
    ranked = [(bisect_left(keys, key), key, changes[key]) for key in sorted(changes)]
    used = {class_id for _, class_id in parent} | set(changes.values()) - {form.TOMBSTONE}
    class_bits = max(used, default=0).bit_length()
    run = _Run(model, words)
    tries = [
        struct.pack("<IBB", len(ranked), class_bits, k)
        + _encode(parent, ranked, class_bits, k, run)
        for k in _parameters(len(keys), len(ranked))
    ]
    return min(tries, key=len)


def _parameters(keys: int, changes: int) -> range:
    usual = (keys // max(1, changes)).bit_length()
    return range(max(0, usual - 3), min(usual + 2, 24))


def _encode(
    parent: _Items, ranked: list[tuple[int, int, int]], class_bits: int, k: int, run: _Run
) -> bytes:
    bits = _Bits()
    at = 0  # rank of the first item of the parent that is still to come
    place = 0
    while place < len(ranked):
        rank, key, class_id = ranked[place]
        place += 1
        listed = _listed(parent, rank, key)
        if listed:
            bits.text("10" if class_id == form.TOMBSTONE else "11")
        else:
            bits.text("0")
        bits.count(rank - at, k)
        at = rank + listed
        if listed:
            if class_id != form.TOMBSTONE:
                bits.put(class_id, class_bits)
            continue
        before_key, before = parent[rank - 1] if rank else (-1, 0)
        after_key, after = parent[rank] if rank < len(parent) else (END_KEY, before)
        bits.below(key - before_key - 1, after_key - before_key - 1)
        bits.text("1" if class_id == before else "01" if class_id == after else "00")
        if class_id not in (before, after):
            bits.put(class_id, class_bits)
        end = place
        while end < len(ranked) and ranked[end][0] == rank and ranked[end][1] < after_key:
            end += 1
        bits.run(end - place)
        run.begin(key, class_id)
        for _, key, class_id in ranked[place:end]:
            bits.text(run.next(key, class_id))
        place = end
    return bits.bytes()


def _listed(parent: _Items, rank: int, key: int) -> bool:
    return rank < len(parent) and parent[rank][0] == key
