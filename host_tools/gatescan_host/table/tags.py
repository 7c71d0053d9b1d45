"""The serial-level tags of a site: cards, registered items, seals, badges, commands."""

import struct
from collections.abc import Iterator

from gatescan.core import codes
from gatescan.core.table import format as fmt
from gatescan.core.tags.scheme import S_TEXT, Tag
from gatescan_host.site.errors import Place, Problems
from gatescan_host.site.items import bits
from gatescan_host.site.load import SiteFile
from gatescan_host.site.model import CATEGORIES, Registered
from gatescan_host.table import commands, encode, tag_texts
from gatescan_host.table.seals import SealList


class TagList:
    """Canonical key -> record, with the line of each; refuses what cannot be one identity."""

    def __init__(
        self,
        source: SiteFile,
        classes: dict[tuple[int, int], int],
        seals: SealList,
        problems: Problems,
    ) -> None:
        self._classes = classes
        self._problems = problems
        self._records: dict[bytes, bytes] = {}
        self._places: dict[bytes, Place] = {}
        self._commands = self._commands_of(source)
        owners = {inmate.id: n for n, inmate in enumerate(sorted_inmates(source))}
        for number, inmate in enumerate(source.site.inmates):
            self._add(
                source.place("inmates", number, "card"),
                inmate.card,
                _record(codes.TK_INMATE, owner=owners[inmate.id]),
            )
        for number, item in enumerate(source.site.registered):
            if item.owner not in owners:
                problems.add(
                    source.place("registered", number, "owner"),
                    f"'{item.owner}' is none of the inmates: add the inmate or correct it.",
                )
                continue
            self._add(
                source.place("registered", number, "tag"),
                item.tag,
                _record(
                    codes.TK_ITEM,
                    class_id=classes[class_of(item)],
                    owner=owners[item.owner],
                    flags=_flags(item),
                    arg=seals.number_of(item.seal),
                ),
            )
        self._bound = {serial for serial, _ in seals.on_items()}
        for serial, place in seals.one_by_one(source):
            self._add(place, serial, _record(codes.TK_SEAL, arg=seals.number_of(serial)))
        for number, badge in enumerate(source.site.badges):
            self._add(source.place("badges", number), badge, _record(codes.TK_BADGE))

    def __len__(self) -> int:
        return len(self._records) + len(self._commands)

    def texts(self) -> Iterator[tuple[str, Place]]:
        """The texts of barcodes that are no command and no seal of an item, each with its line."""
        for key, place in self._places.items():
            if key[0] == S_TEXT and f"text:{key[1:].decode()}" not in self._bound:
                yield key[1:].decode(), place

    def parts(self, salt: bytes) -> list[encode.Part]:
        """TAGS and TAG_INDEX; ValueError in the 2^-48 case that the salt must be another."""
        records = self._records | {
            tag_texts.text_tag(commands.text_of(salt, name)).key: record
            for name, record in self._commands.items()
        }
        rows = sorted(encode.tag_hash(salt, key) + record for key, record in records.items())
        if len({row[: fmt.PREFIX_BYTES] for row in rows}) != len(rows):
            raise ValueError("two tags collide under this salt: build again")
        return encode.paged(fmt.K_TAGS, rows, fmt.TAG_BYTES)

    def _commands_of(self, source: SiteFile) -> dict[str, bytes]:
        """Name -> record; their texts are known with the salt."""
        seen: set[int] = set()
        for number, dkk in enumerate(source.site.cash):
            if dkk in seen:
                self._problems.add(
                    source.place("cash", number),
                    f"the amount {dkk} stands in the list already: remove one of the two.",
                )
            seen.add(dkk)
        return {
            one.name: _record(
                codes.TK_COMMAND,
                class_id=self._classes[one.category, 0] if one.category else fmt.NO_CLASS,
                command=one.command,
                arg=one.dkk,
            )
            for one in commands.of_site(source.site.cash)
        }

    def _add(self, place: Place, tag: str, record: bytes) -> None:
        value = tag.partition(":")[2]
        found = tag_texts.read(tag)
        # as scanned: a symbology identifier written in front hides nothing
        if commands.is_reserved(found.text or value):
            self._problems.add(
                place, f"'{value}' is kept for command barcodes: choose another serial."
            )
        elif found.error:
            self._problems.add(place, f"'{value}' cannot be a tag: {found.error}")
        else:
            self._put(place, found, record)

    def _put(self, place: Place, tag: Tag, record: bytes) -> None:
        before = self._places.get(tag.key)
        if before is not None:
            self._problems.add(
                place,
                f"the tag {tag.text or tag.uid or tag.serial} stands at {before} already: each tag"
                " means one thing, remove one of the two.",
            )
            return
        self._places[tag.key] = place
        self._records[tag.key] = record


def sorted_inmates(source: SiteFile) -> list:
    """The inmates in the order of their index in the table."""
    return sorted(source.site.inmates, key=lambda inmate: inmate.id)


def class_of(item: Registered) -> tuple[int, int]:
    """(category number, CA_* bits) of a registered item."""
    return CATEGORIES.index(item.category) + 1, bits(item.attributes)


def _flags(item: Registered) -> int:
    return (
        codes.TF_SEALED * item.sealed
        | codes.TF_LABELLED * item.labelled
        | codes.TF_SEAL_BROKEN * item.seal_broken
    )


def _record(
    kind: int,
    class_id: int = fmt.NO_CLASS,
    owner: int = fmt.NO_OWNER,
    flags: int = 0,
    command: int = 0,
    arg: int = 0,
) -> bytes:
    return struct.pack("<BBHBBI", kind, class_id, owner, flags, command, arg)
