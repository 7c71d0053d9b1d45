"""The serial-level tags of a site: cards, registered items, seals, badges, commands."""

import struct
from collections.abc import Iterator

from gatescan.core import codes
from gatescan.core.table import format as fmt
from gatescan.core.tags import barcode, rfid
from gatescan.core.tags.scheme import NAMES, S_TEXT, Tag
from gatescan_host.site.errors import Place, Problems
from gatescan_host.site.items import bits
from gatescan_host.site.load import SiteFile
from gatescan_host.site.model import CATEGORIES, Registered
from gatescan_host.table import encode

COMMAND_PREFIX = "GSC-"
FOR_INMATE = "GSC-FOR-INMATE"
FOR_VISITOR = "GSC-FOR-VISITOR"
FOR_STAFF = "GSC-FOR-STAFF"
END_VISIT = "GSC-END"


def category_command(category: int) -> str:
    """Text of the barcode that classes an untagged item by hand."""
    return f"GSC-CAT-{category:02d}"


def cash_command(dkk: int) -> str:
    """Text of the barcode for an amount of cash."""
    return f"GSC-CASH-{dkk}"


class TagList:
    """Canonical key -> record, with the line of each; refuses what cannot be one identity."""

    def __init__(
        self, source: SiteFile, classes: dict[tuple[int, int], int], problems: Problems
    ) -> None:
        self._classes = classes
        self._problems = problems
        self._records: dict[bytes, bytes] = {}
        self._places: dict[bytes, Place] = {}
        self._commands(source)
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
                ),
            )
        for number, serial in enumerate(source.site.seals):
            if isinstance(serial, str):
                place = source.place("seals", number)
                self._add(place, f"text:{serial}", _record(codes.TK_SEAL))
        for number, badge in enumerate(source.site.badges):
            self._add(source.place("badges", number), badge, _record(codes.TK_BADGE))

    def __len__(self) -> int:
        return len(self._records)

    def texts(self) -> Iterator[tuple[str, Place]]:
        """The texts of the tags that are barcodes, and where each stands."""
        for key, place in self._places.items():
            if key[0] == S_TEXT:
                yield key[1:].decode(), place

    def parts(self, salt: bytes) -> list[encode.Part]:
        """TAGS and TAG_INDEX; ValueError in the 2^-48 case that the salt must be another."""
        rows = sorted(
            encode.tag_hash(salt, key) + record for key, record in self._records.items()
        )
        if len({row[: fmt.PREFIX_BYTES] for row in rows}) != len(rows):
            raise ValueError("two tags collide under this salt: build again")
        return encode.paged(fmt.K_TAGS, rows, fmt.TAG_BYTES)

    def _commands(self, source: SiteFile) -> None:
        place = source.place()
        for text, command in (
            (FOR_INMATE, codes.CMD_FOR_INMATE),
            (FOR_VISITOR, codes.CMD_FOR_VISITOR),
            (FOR_STAFF, codes.CMD_FOR_STAFF),
            (END_VISIT, codes.CMD_END_VISIT),
        ):
            self._put(place, text_tag(text), _record(codes.TK_COMMAND, command=command))
        for category in range(1, len(CATEGORIES) + 1):
            record = _record(
                codes.TK_COMMAND,
                class_id=self._classes[category, 0],
                command=codes.CMD_CATEGORY,
            )
            self._put(place, text_tag(category_command(category)), record)
        for number, dkk in enumerate(source.site.cash):
            record = _record(
                codes.TK_COMMAND,
                class_id=self._classes[codes.C_CASH, 0],
                command=codes.CMD_CASH,
                arg=dkk,
            )
            self._put(source.place("cash", number), text_tag(cash_command(dkk)), record)

    def _add(self, place: Place, tag: str, record: bytes) -> None:
        kind, _, value = tag.partition(":")
        if kind == "text" and value.upper().startswith(COMMAND_PREFIX):
            self._problems.add(
                place, f"'{value}' is kept for command barcodes: choose another serial."
            )
            return
        found = rfid.em4100(bytes.fromhex(value)) if kind == "em4100" else text_tag(value)
        if found.error:
            self._problems.add(place, f"'{value}' cannot be a tag: {found.error}")
        elif kind == "text" and found.scheme != S_TEXT:
            self._problems.add(
                place,
                f"'{value}' reads as a number of kind {NAMES[found.scheme]}: give the item a tag"
                " of its own.",
            )
        else:
            self._put(place, found, record)

    def _put(self, place: Place, tag: Tag, record: bytes) -> None:
        before = self._places.get(tag.key)
        if before is not None:
            self._problems.add(
                place,
                f"the tag {tag.text or tag.uid} stands at {before} already: each tag means one"
                " thing, remove one of the two.",
            )
            return
        self._places[tag.key] = place
        self._records[tag.key] = record


def text_tag(text: str) -> Tag:
    """What a scanner makes of a barcode with this text."""
    return barcode.parse(text.encode())


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
