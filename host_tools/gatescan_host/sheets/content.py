"""What stands on a site's sheet: each barcode's text and what it means, in groups."""

import hashlib
from datetime import UTC, date, datetime
from typing import NamedTuple

from gatescan.core.law import names
from gatescan_host.rules import codes as shared_lists
from gatescan_host.rules import select
from gatescan_host.rules.orders import OrderError
from gatescan_host.sheets import words
from gatescan_host.site.errors import Problems
from gatescan_host.site.load import SiteFile
from gatescan_host.table import commands
from gatescan_host.table.commands import Command

_ID_BYTES = 4


class Entry(NamedTuple):
    """One barcode."""

    text: str
    meaning: str


class Group(NamedTuple):
    """Barcodes under one heading."""

    heading: str
    entries: list[Entry]


class Sheet(NamedTuple):
    """Everything that is printed, but for its form."""

    lang: str
    site_name: str
    site_id: str
    order_id: str
    revised: date  # of the site file
    sheet_id: str  # tells sheets with other texts apart: 8 hex digits
    groups: list[Group]

    @property
    def entries(self) -> list[Entry]:
        """All barcodes in the order of the sheet."""
        return [entry for group in self.groups for entry in group.entries]


def make_sheet(source: SiteFile, salt: bytes, lang: str | None = None) -> Sheet:
    """The sheet of a site.

    `salt`: that of its tables (signed.site_salt); `lang`: da or en, without it the site's first
    language. Raises SiteError for an order that is not there.
    """
    site = source.site
    lang = lang or site.languages[0]
    problems = Problems()
    order_id = site.order_id
    try:
        order_id = select.named(order_id, datetime.now(UTC).date()).order.order_id
    except OrderError as error:
        problems.add(source.place("order_id"), str(error))
    problems.raise_if_any()
    groups = [
        Group(
            heading,
            [Entry(commands.text_of(salt, one.name), _meaning(one, lang)) for one in listed],
        )
        for heading, listed in _grouped(site.cash, lang)
        if listed
    ]
    changed = datetime.fromtimestamp(source.path.stat().st_mtime, UTC).date()
    return Sheet(lang, site.site_name, site.site_id, order_id, changed, _id(groups), groups)


def _grouped(cash: list[int], lang: str) -> list[tuple[str, list[Command]]]:
    """Headings and commands: every command of the site under one heading."""
    visit = [
        commands.END_VISIT, commands.FOR_INMATE, commands.FOR_VISITOR, commands.FOR_STAFF,
    ]  # fmt: skip
    amounts = [commands.of_cash(dkk) for dkk in sorted(set(cash))]
    groups = [(words.VISIT_GROUP[lang], visit), (words.CASH_GROUP[lang], amounts)]
    rest = dict.fromkeys(range(1, len(names.CATEGORIES)))
    *before, (last, _) = words.CATEGORY_GROUPS
    for heading, members in before:
        found = [number for number in rest if names.CATEGORIES[number] in members]
        groups.append((heading[lang], [commands.of_category(number) for number in found]))
        for number in found:
            del rest[number]
    groups.append((last[lang], [commands.of_category(number) for number in rest]))
    return groups


def _meaning(one: Command, lang: str) -> str:
    if one.dkk:
        amount = f"{one.dkk:,}".replace(",", words.THOUSANDS[lang])
        return words.CASH[lang] % amount
    if one.category:
        code = names.CATEGORIES[one.category]
        listed = shared_lists.provisions()["categories"]
        shown = next(entry["display"][lang] for entry in listed if entry["code"] == code)
        return " ".join(shown)
    return words.COMMANDS[lang][one.command]


def _id(groups: list[Group]) -> str:
    told = "\n".join(f"{entry.text} {entry.meaning}" for g in groups for entry in g.entries)
    return hashlib.sha256(told.encode()).digest()[:_ID_BYTES].hex().upper()
