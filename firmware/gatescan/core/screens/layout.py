"""Fits the texts of a verdict into pages of a few short lines."""

from gatescan.core.compat import const

COLUMNS = const(21)  # characters of a line on the panel
ROWS = const(5)  # lines below the word


def clip(line: str) -> str:
    """`line`, or its beginning and an ellipsis where it is wider than the panel."""
    return line if len(line) <= COLUMNS else line[: COLUMNS - 1] + "…"


def squeeze(citation: str) -> str:
    """A citation without the spaces a reader does not miss: "§2, stk.3, 4.pkt."."""
    for wide, narrow in (("§ ", "§"), ("stk. ", "stk."), ("nr. ", "nr."), (". pkt", ".pkt")):
        citation = citation.replace(wide, narrow)
    return citation


def page_count(
    category: "tuple[str, ...]",
    citation: str,
    steps: "tuple[str | tuple[str, ...], ...]",
    rows: int,
) -> int:
    """Number of pages the texts take, at least 1."""
    return len(_pages(category, citation, steps, rows))


def page_lines(
    category: "tuple[str, ...]",
    citation: str,
    steps: "tuple[str | tuple[str, ...], ...]",
    page: int,
    rows: int,
) -> "tuple[str, ...]":
    """The lines of page `page`: category first, then the steps, the citation as the foot."""
    pages = _pages(category, citation, steps, rows)
    page = max(0, min(page, len(pages) - 1))
    lines = pages[page]
    foot = _foot(citation, page, len(pages))
    if foot:
        lines.append(foot)
    return tuple(lines)


def _pages(
    category: "tuple[str, ...]",
    citation: str,
    steps: "tuple[str | tuple[str, ...], ...]",
    rows: int,
) -> "list[list[str]]":
    rows = max(2, min(rows, ROWS))
    blocks = [tuple(category)]
    blocks.extend((step,) if isinstance(step, str) else tuple(step) for step in steps)
    if not citation and sum(len(block) for block in blocks) <= rows:
        return [[clip(line) for block in blocks for line in block]]
    body = rows - 1  # the foot carries the citation or the number of the page
    pages: list[list[str]] = [[]]
    for block in blocks:
        # Lines that belong together are torn apart only where no page could hold them.
        if pages[-1] and len(pages[-1]) + len(block) > body >= len(block):
            pages.append([])
        for line in block:
            if len(pages[-1]) == body:
                pages.append([])
            pages[-1].append(clip(line))
    return pages


def _foot(citation: str, page: int, count: int) -> str:
    more = "…" if page + 1 < count else ""
    mark = "" if count == 1 else "%d/%d%s" % (page + 1, count, more)
    if len(citation) + 1 + len(mark) > COLUMNS and mark:
        citation = squeeze(citation)
        if len(citation) + 1 + len(mark) > COLUMNS:
            mark = more  # the provision matters more than the number of the page
    if not mark:
        return clip(citation)
    citation = clip(citation)[: COLUMNS - 1 - len(mark)]
    return citation + " " * (COLUMNS - len(citation) - len(mark)) + mark
