"""A sorted list of items -> the sections that hold it: CODES, ITEMS and ITEM_INDEX."""

from collections.abc import Sequence

from gatescan.core.table import block_format as form
from gatescan.core.table import format as fmt
from gatescan.core.table.codes import read_codes
from gatescan.core.table.writer import BlockWriter
from gatescan_host.table.codes import Statistics, choose_codes, code_words
from gatescan_host.table.encode import Part, plain


def item_parts(pairs: Sequence[tuple[int, int]], codes: bytes | None = None) -> list[Part]:
    """The sections of ascending (13-digit number, class).

    `codes`: the CODES section of a parent table; without it, the one that suits these items.
    """
    if codes is None:
        statistics = Statistics()
        statistics.take(pairs)
        codes = choose_codes(statistics)
    blocks, index = write_blocks(pairs, codes)
    flags = fmt.FLAG_CRITICAL | fmt.FLAG_BLOCKS
    return [
        plain(fmt.K_CODES, 1, codes),
        Part(fmt.K_ITEMS, flags, len(pairs), blocks),
        plain(fmt.K_ITEM_INDEX, len(index) // fmt.PREFIX_BYTES, index),
    ]


def write_blocks(
    pairs: Sequence[tuple[int, int]], codes: bytes, kind: int = fmt.K_ITEMS
) -> tuple[bytes, bytes]:
    """The blocks of ascending (13-digit number, class), and the first keys of all."""
    model = read_codes(codes)
    words = code_words(model)
    blocks = bytearray()
    index = bytearray()

    def emit(first_key: memoryview, block: memoryview) -> None:
        index.extend(first_key)
        blocks.extend(block)

    writer = BlockWriter(kind, model, words, emit)
    for key, class_id in pairs:
        company, item = divmod(key, form.ITEMS_OF_COMPANY)
        writer.add(company, item, class_id)
    writer.flush()
    return bytes(blocks), bytes(index)
