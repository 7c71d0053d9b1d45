"""The complete check of a table file, in slices between which the scanner stays usable."""

import hashlib
from binascii import crc32

from gatescan.core.compat import TYPE_CHECKING
from gatescan.core.table.format import DIGEST_BYTES, FLAG_PAGES, PAGE_BYTES, TableError, take
from gatescan.core.table.pages import Page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gatescan.core.table.directory import Section


def verify(
    read_at: "Callable[..., None]",
    size: int,
    sections: "list[Section]",
    page: Page,
    slice_bytes: int,
) -> "Iterator[int]":
    """Yield permille done after each slice of about `slice_bytes`; raise TableError on damage.

    Between two slices the page buffer is free for lookups.
    """
    total = 2 * size
    done = waiting = 0
    for section in sections:
        crc = 0
        for number in range((section.length + PAGE_BYTES - 1) // PAGE_BYTES):
            if section.flags & FLAG_PAGES:
                if not page.load(section.kind, number, section.offset):
                    raise TableError(
                        "Page %d of section %d of the table is damaged: sync the table again."
                        % (number, section.kind)
                    )
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
            raise TableError(
                "Section %d of the table is damaged: sync the table again." % section.kind
            )
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
    if hashed.digest() != bytes(digest):
        raise TableError("The table is not complete (SHA-256): sync the table again.")
    yield 1000


def _part(length: int, number: int, page: Page) -> memoryview:
    """The page buffer, cut to what is left of `length` bytes at 512-byte step `number`."""
    left = length - number * PAGE_BYTES
    return page.view if left >= PAGE_BYTES else page.view[:left]
