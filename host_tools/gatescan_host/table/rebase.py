"""What a table would save in a code of its own, compared with that of its parent."""

from collections.abc import Sequence

from gatescan.core.table import block_format as form
from gatescan.core.table.codes import read_codes
from gatescan_host.table.codes import Statistics, choose_codes, code_words

_LENGTH_BITS = 15  # of a code word's entry: its length


def rebase_saves_percent(
    items: Sequence[tuple[int, int]], codes: bytes, items_bytes: int
) -> float:
    """By how much items and code would shrink in the code that suits them best.

    `items`: ascending (13-digit number, class), which in the code `codes` take `items_bytes`.
    Their code words are counted and not written again: what else stands in a block stays.
    """
    if not items:
        return 0.0
    statistics = Statistics()
    statistics.take(items)
    best = choose_codes(statistics)
    saved = (_bits(statistics, codes) - _bits(statistics, best)) / 8 + len(codes) - len(best)
    return round(100 * saved / (items_bytes + len(codes)), 1)


def _bits(statistics: Statistics, codes: bytes) -> int:
    """What all symbols take in a code, without the extra bits behind them."""
    model = read_codes(codes)
    words = code_words(model)
    contexts = [(model[form.M_JOINT + n], counts) for n, counts in statistics.joint.items()]
    contexts += [(model[form.M_CLASS + n], counts) for n, counts in statistics.classes.items()]
    contexts += [(model[form.M_COMPANY + n], counts) for n, counts in statistics.companies.items()]
    contexts.append((model[form.M_ITEM], statistics.items))
    return sum(
        count * (words[table * form.WORDS + symbol] & _LENGTH_BITS)
        for table, counts in contexts
        for symbol, count in enumerate(counts)
    )
