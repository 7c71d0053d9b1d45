"""Chooses the code of a table's items: which contexts share a table, and its code lengths."""

import math
from array import array
from collections.abc import Iterable

from gatescan.core.table import block_format as form
from gatescan.core.table.codes import GAP_ENDS, table_sizes
from gatescan.core.table.encode_plain import bucket
from gatescan.core.table.writer import fill_words
from gatescan_host.table.huffman import code_lengths

Counts = list[int]
_BITS_OF_A_LENGTH = 4
# Every symbol gets a code word, so that keys of later updates can be written in the same code.
_WEIGHT = 16


class Statistics:
    """How often each symbol stands in each context of a sorted list of items."""

    def __init__(self) -> None:
        contexts = _joint_contexts()
        self.joint = {context: [0] * form.JOINT for context in contexts}
        self.classes = {n: [0] * form.CLASSES for n in range(form.CLASSES)}
        self.companies = {n: [0] * form.COMPANIES for n in range(form.COMPANIES)}
        self.items = [0] * form.ITEMS

    def take(self, items: Iterable[tuple[int, int]]) -> None:
        """Count ascending (13-digit number, class), as if they stood in one block."""
        gap_classes = [_gap_class(symbol) for symbol in range(form.GAPS)]
        joint, classes = self.joint, self.classes
        gaps = [bucket(gap, form.GAP_K)[0] for gap in range(1 << 10)]
        context = company_before = 0
        last = iter(items)
        try:
            key, class_before = next(last)
        except StopIteration:
            return
        company, item = divmod(key, form.ITEMS_OF_COMPANY)
        for key, class_id in last:
            this, number = divmod(key, form.ITEMS_OF_COMPANY)
            changed = class_id != class_before
            if this == company:
                gap = number - item
                symbol = gaps[gap] if gap < len(gaps) else bucket(gap, form.GAP_K)[0]
            else:
                symbol = 0
                gap = bucket(this - company - 1, form.COMPANY_K)[0]
                self.companies[company_before][gap] += 1
                company_before = gap
                self.items[bucket(number, form.ITEM_K)[0]] += 1
                company = this
            item = number
            joint[context][symbol + changed * form.GAPS] += 1
            if changed:
                classes[class_before][class_id] += 1
                class_before = class_id
            context = gap_classes[symbol] << 4 | context >> 4 << 1 | changed


def _gap_class(symbol: int) -> int:
    """Which of the six classes of gaps a gap symbol belongs to."""
    return sum(symbol >= end for end in GAP_ENDS)


def _joint_contexts() -> list[int]:
    """The numbers of the contexts of a joint symbol, in the order of their map in the file."""
    classes = range(len(GAP_ENDS) + 1)
    return [
        now << 4 | before << 1 | changed for now in classes for before in classes
        for changed in (0, 1)
    ]  # fmt: skip


def choose_codes(statistics: Statistics) -> bytes:
    """The CODES section that suits these statistics, as FORMAT.md has it."""
    joint_map, joint = _share(list(statistics.joint.values()), form.MAX_JOINT_TABLES)
    class_map, classes = _share(list(statistics.classes.values()), form.MAX_OTHER_TABLES)
    company_map, companies = _share(list(statistics.companies.values()), form.MAX_OTHER_TABLES)
    tables = [*joint, *classes, *companies, statistics.items]
    nibbles = [*joint_map, *class_map, *company_map]
    sizes = table_sizes(len(joint), len(classes), len(companies))
    for counts, symbols in zip(tables, sizes, strict=True):
        assert len(counts) == symbols
        nibbles += code_lengths([n * _WEIGHT + 1 for n in counts], form.MAX_BITS)
    nibbles += [0] * (len(nibbles) & 1)
    head = bytes((len(joint), len(classes), len(companies), 0))
    return head + bytes(a << 4 | b for a, b in zip(nibbles[::2], nibbles[1::2], strict=True))


def code_words(model: bytearray) -> "array[int]":
    """`words` for `encode_plain.put` of the model that `read_codes` made."""
    words = array("I", [0] * form.WORDS * (model[form.M_ITEM] + 1))
    for _ in fill_words(model, words):
        pass
    return words


def _share(counts: list[Counts], most: int) -> tuple[list[int], list[Counts]]:
    """(table of each context, the tables' counts), where contexts that are alike share a table.

    From a table for each context, the two whose union costs least become one, as long as that
    pays or there are too many; a context that never occurred follows the most frequent one.
    """
    groups = {n: list(c) for n, c in enumerate(counts) if any(c)}
    if not groups:
        return [0] * len(counts), [list(counts[0])]
    owner = list(range(len(counts)))
    costs = {n: _cost(c) for n, c in groups.items()}
    pairs = {
        (a, b): _union(groups, a, b) - costs[a] - costs[b]
        for a in groups for b in groups if a < b
    }  # fmt: skip
    while pairs:
        gain, (a, b) = min((gain, pair) for pair, gain in pairs.items())
        if gain >= 0 and len(groups) <= most:
            break
        groups[a] = [x + y for x, y in zip(groups[a], groups.pop(b), strict=True)]
        costs[a] = _cost(groups[a])
        owner = [a if n == b else n for n in owner]
        pairs = {pair: gain for pair, gain in pairs.items() if b not in pair}
        for pair in pairs:
            if a in pair:
                pairs[pair] = _union(groups, *pair) - costs[pair[0]] - costs[pair[1]]
    places = {n: place for place, n in enumerate(groups)}
    usual = max(groups, key=lambda n: (sum(groups[n]), -n))
    return [places.get(n, places[usual]) for n in owner], list(groups.values())


def _union(groups: dict[int, Counts], a: int, b: int) -> float:
    return _cost([x + y for x, y in zip(groups[a], groups[b], strict=True)])


def _cost(counts: Counts) -> float:
    """Bits that symbols with these counts take, with the table's own code lengths."""
    total = sum(counts)
    bits = sum(n * math.log2(total / n) for n in counts if n)
    return round(bits, 3) + len(counts) * _BITS_OF_A_LENGTH
