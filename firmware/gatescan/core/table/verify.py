"""The complete check of a table file, in slices between which the scanner stays usable."""

import hashlib
from binascii import crc32

from gatescan.core.compat import TYPE_CHECKING
from gatescan.core.table.block_format import (
    BLOCK_BYTES,
    END_COMPANY,
    ITEM_BITS,
    S_LEFT,
    S_WANT_COMPANY,
    S_WANT_ITEM,
)
from gatescan.core.table.format import (
    DIGEST_BYTES,
    FLAG_BLOCKS,
    FLAG_PAGES,
    PAGE_BYTES,
    PREFIX_BYTES,
    TableError,
    take,
)
from gatescan.core.table.pages import Page

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from gatescan.core.table.directory import Section
    from gatescan.core.table.items import Items
    from gatescan.core.table.layers import File

    Note = Callable[[int, int, int], bool]


def verify(
    file: "File", items: "Items | None", slice_bytes: int, note: "Note | None" = None
) -> "Iterator[int]":
    """Yield permille done after each slice of about `slice_bytes`; raise TableError on damage.

    Between two slices the page buffer is free for lookups. `note(flags of the section, offset,
    length)` hears of each damaged range of the file; where it answers True the check goes on.
    Without `items`, when their index is damaged, their blocks are passed over.
    """
    whole = True
    read_at, size, page = file.read_at, file.size, file.page
    total = 2 * size
    done = waiting = 0
    for section in file.sections:
        crc = 0
        if section.flags & FLAG_BLOCKS:
            done += waiting
            waiting = 0
            if items is not None:
                whole = (yield from _blocks(items, section, done, total, note)) and whole
            done += section.length
            continue
        for number in range((section.length + PAGE_BYTES - 1) // PAGE_BYTES):
            if section.flags & FLAG_PAGES:
                if not page.load(section.kind, number, section.offset):
                    at = section.offset + number * PAGE_BYTES
                    if not (note and note(section.flags, at, PAGE_BYTES)):
                        raise TableError(
                            "Page %d of section %d of the table is damaged: sync the table again."
                            % (number, section.kind)
                        )
                    whole = False
            else:
                part = _part(section.length, number, page)
                take(read_at, section.offset + number * PAGE_BYTES, part)
                crc = crc32(part, crc)
            waiting += PAGE_BYTES
            if waiting >= slice_bytes:
                done += waiting
                waiting = 0
                yield min(1000 * done // total, 500)
        if not section.flags & FLAG_PAGES and crc != section.crc:
            if not (note and note(section.flags, section.offset, section.length)):
                raise TableError(
                    "Section %d of the table is damaged: sync the table again." % section.kind
                )
            whole = False
    if not whole:
        return  # no sum over all of it can be right
    hashed = hashlib.sha256()
    content = size - DIGEST_BYTES
    waiting = 0
    for number in range((content + PAGE_BYTES - 1) // PAGE_BYTES):
        part = _part(content, number, page)
        take(read_at, number * PAGE_BYTES, part)
        hashed.update(part)
        waiting += PAGE_BYTES
        if waiting >= slice_bytes:
            waiting = 0
            yield 500 + 500 * number * PAGE_BYTES // size
    digest = bytearray(DIGEST_BYTES)
    take(read_at, content, digest)
    if hashed.digest() != bytes(digest) and not (note and note(0, content, DIGEST_BYTES)):
        raise TableError("The table is not complete (SHA-256): sync the table again.")
    yield 1000


def _blocks(
    items: "Items", section: "Section", done: int, total: int, note: "Note | None"
) -> "Generator[int, None, bool]":
    """Decode every block of items, one a slice; together they must hold all keys.

    Returns whether they do; raises TableError as `verify`.
    """
    whole = True
    count = section.count
    for number in range(items.blocks):
        keys = check_block(items, number)
        if not keys:
            at = number * BLOCK_BYTES
            length = min(BLOCK_BYTES, section.length - at)
            if not (note and note(section.flags, section.offset + at, length)):
                raise TableError(
                    "Block %d of the items of the table is damaged: sync the table again." % number
                )
            whole = False
        count -= keys
        yield min(1000 * (done + number * BLOCK_BYTES) // total, 500)
    if whole and count:
        raise TableError("The table has another number of items than it says: sync it again.")
    return whole


def check_block(items: "Items", number: int) -> int:
    """Read a block to its end: its count of keys, 0 when anything in it is wrong."""
    if not items.load(number):
        return 0
    buffer = items.buffer
    state = buffer.state
    count = state[S_LEFT] + 1
    state[S_WANT_COMPANY], state[S_WANT_ITEM] = END_COMPANY, 0
    if number < items.blocks - 1:  # the first key of the next block, which none here may reach
        at = (number + 1) * PREFIX_BYTES
        key = int.from_bytes(items.index[at : at + PREFIX_BYTES], "big")
        state[S_WANT_COMPANY], state[S_WANT_ITEM] = key >> ITEM_BITS, key & (1 << ITEM_BITS) - 1
    return count if buffer.advance(state, buffer.bytes, items.model) == 0 else 0


def _part(length: int, number: int, page: Page) -> memoryview:
    """The page buffer, cut to what is left of `length` bytes at 512-byte step `number`."""
    left = length - number * PAGE_BYTES
    return page.view if left >= PAGE_BYTES else page.view[:left]
