"""Site file -> table file. The same input gives the same bytes."""

import struct
import time
from datetime import UTC, datetime

from gatescan.core.law import facts, names
from gatescan.core.table import format as fmt
from gatescan_host.rules import select, texts
from gatescan_host.rules.compiler import compile_order
from gatescan_host.rules.orders import OrderError
from gatescan_host.site.errors import Problems
from gatescan_host.site.intake import Intake
from gatescan_host.site.items import ClassSpec, ItemList
from gatescan_host.site.law import SiteLaw, Value, categories, switches
from gatescan_host.site.lawful import check_lawful
from gatescan_host.site.load import SiteFile
from gatescan_host.site.model import CATEGORIES
from gatescan_host.site.rights import gate_rights
from gatescan_host.table import encode
from gatescan_host.table.blocks import item_parts
from gatescan_host.table.built import BuiltTable, count
from gatescan_host.table.parent import Parent
from gatescan_host.table.ranges import RangeList
from gatescan_host.table.reels import ReelList
from gatescan_host.table.seals import SealList
from gatescan_host.table.tags import TagList, class_of, sorted_inmates

_LANGS = ("da", "en")
_SALT_BYTES = 16
_DAY_S = 86400


def build_table(
    source: SiteFile,
    *,
    seq: int,
    created_utc: int,
    salt: bytes,
    intake: Intake | None = None,
    parent: Parent | None = None,
) -> BuiltTable:
    """Compile a checked site file.

    `seq`: number of the table, rising with each build; `created_utc`: seconds since 1970; `salt`:
    16 random bytes that key the tags of this table; `intake`: how item lists are taken in;
    `parent`: the table whose code and class numbers are kept. Raises SiteError with every mistake
    found.
    """
    if len(salt) != _SALT_BYTES or not 0 <= seq < 1 << 32 or not 0 <= created_utc < 1 << 32:
        raise ValueError("salt must have 16 bytes, seq and created_utc 32 bits")
    begun = time.perf_counter()
    problems = Problems()
    items = ItemList(source, problems, intake)
    _check_inmates(source, problems)
    ranges = RangeList(source, problems)
    kept = parent.specs if parent else []
    specs = _classes(source, set(items.specs.values()) | ranges.specs, kept, problems)
    seals = SealList(source, problems)
    tags = TagList(source, {spec: n for n, spec in enumerate(specs)}, seals, problems)
    reels = ReelList(source, tags, problems)
    order_id, policy = _policy(source, created_utc, problems)
    problems.raise_if_any()
    class_ids = {spec: n for n, spec in enumerate(specs)}
    if intake:
        intake.moved("encoding", len(items.specs), 0, None)
    pairs = sorted((key, class_ids[spec]) for key, spec in items.specs.items())
    parts = [
        encode.plain(fmt.K_META, 1, _meta(source, order_id, seq, created_utc, salt)),
        encode.classes(specs),
        *item_parts(pairs, parent.codes if parent else None),
        *ranges.parts(class_ids),
        *tags.parts(salt),
        *reels.parts(salt),
        *seals.parts(),
        *_inmates(source, SiteLaw.of(source.site, order_id), created_utc, salt),
        encode.facts(_base_facts(source)),
        encode.plain(fmt.K_POLICY, 1, policy),
        encode.texts(_texts(source)),
    ]
    data = encode.assemble(parts)
    stats = count(data, parts, len(items.specs), begun)
    stats["repeated"] = items.repeated
    stats["ranges"] = len(ranges.rules)
    stats["tags"] = len(tags)
    stats["reels"] = len(reels)
    stats["seals"] = len(seals)
    stats["inmates"] = len(source.site.inmates)
    return BuiltTable(data, stats, pairs)


def _policy(source: SiteFile, created_utc: int, problems: Problems) -> tuple[str, bytes]:
    """Id and compiled bytes of the order that holds as long as the table does.

    The site is checked under it: it may be another than the one in force when the file was read.
    """
    end_utc = created_utc + source.site.valid_days * _DAY_S
    try:
        order_id = select.for_table(source.site.order_id, created_utc, end_utc).order.order_id
        policy = compile_order(order_id)
        check_lawful(source, order_id, problems)
    except OrderError as error:
        problems.add(source.place("order_id"), str(error))
        return "", b""
    if len(policy) > fmt.MAX_POLICY_BYTES:
        problems.add(
            source.place("order_id"),
            f"the order compiles to {len(policy)} bytes, more than {fmt.MAX_POLICY_BYTES}:"
            " shorten its rules.",
        )
    return order_id, policy


def _classes(
    source: SiteFile, listed: set[ClassSpec], kept: list[ClassSpec], problems: Problems
) -> list[ClassSpec]:
    """All classes: every category plain, for the command barcodes, then those with attributes.

    Those of the parent, `kept`, stand before them in their order, used or not.
    """
    plain = [(number, 0) for number in range(1, len(CATEGORIES) + 1)]
    used = listed | {class_of(item) for item in source.site.registered}
    specs = list(dict.fromkeys([*kept, *plain, *sorted(used)]))
    if len(specs) > fmt.MAX_CLASSES >= len(used | set(plain)):
        problems.add(
            source.place("items"),
            f"with those that only the parent uses there are {len(specs)} combinations of"
            f" category and attributes, and at most {fmt.MAX_CLASSES} fit a table: build without"
            " --parent.",
        )
    elif len(specs) > fmt.MAX_CLASSES:
        problems.add(
            source.place("items"),
            f"{len(specs)} combinations of category and attributes, at most {fmt.MAX_CLASSES}"
            " fit a table: use fewer combinations.",
        )
    return specs


def _check_inmates(source: SiteFile, problems: Problems) -> None:
    seen: dict[str, int] = {}
    for number, inmate in enumerate(source.site.inmates):
        place = source.place("inmates", number, "id")
        if inmate.id in seen:
            problems.add(
                place, f"'{inmate.id}' stands at line {seen[inmate.id]} already: remove one."
            )
        seen.setdefault(inmate.id, place.line)
    listed = sum(
        len(inmate.transitional)
        + (0 if isinstance(inmate.permissions, str) else len(inmate.permissions))
        for inmate in source.site.inmates
    )
    if listed > fmt.NO_OWNER:
        problems.add(
            source.place("inmates"),
            f"{listed} permissions and old rights, at most {fmt.NO_OWNER} fit a table: remove"
            " those that have ended.",
        )
    for number, item in enumerate(source.site.registered):
        if item.sealed and item.seal_broken:
            problems.add(
                source.place("registered", number, "seal_broken"),
                "an item is not sealed and its seal broken at once: set one of the two to false.",
            )


def _meta(
    source: SiteFile, order_id: str, seq: int, created_utc: int, salt: bytes
) -> bytes:
    site = source.site
    langs = [_LANGS.index(lang) for lang in site.languages]
    name = site.site_name.encode()
    while len(name) > 48:  # 40 letters may take more bytes than the field has
        name = name.decode()[:-1].encode()
    return struct.pack(
        fmt.META_FORMAT,
        site.site_id.encode(),
        name,
        order_id.encode(),
        salt,
        seq,
        created_utc,
        site.valid_days,
        names.INSTITUTIONS.index(site.institution),
        sum({1 << lang for lang in langs}),
        langs[0],
        b"",
    )


def _inmates(
    source: SiteFile, law: SiteLaw, created_utc: int, salt: bytes
) -> tuple[encode.Part, encode.Part]:
    """INMATES and the RIGHTS that their records point into."""
    end_utc = created_utc + source.site.valid_days * _DAY_S
    days = [datetime.fromtimestamp(utc, UTC).date() for utc in (created_utc, end_utc)]
    rows: list[bytes] = []
    rights: list[bytes] = []
    for index, inmate in enumerate(sorted_inmates(source)):
        permitted, own = gate_rights(law, inmate, *days)
        lists = encode.Lists(
            _bitmap(inmate.restricted),
            _bitmap(inmate.decisions11),
            [encode.right(*entry) for entry in own],
            permitted,
        )
        keyed = encode.inmate_id(salt, inmate.id)
        regime = ("sentenced", "pretrial").index(inmate.regime)
        rows.append(encode.inmate(index, keyed, regime, len(rights), lists))
        rights += lists.rights
    return (
        encode.plain(fmt.K_INMATES, len(rows), b"".join(rows)),
        # a scanner that does not know the section permits nothing: it need not refuse the table
        encode.Part(encode.K_RIGHTS, 0, len(rights), b"".join(rights)),
    )


def _bitmap(listed: list[str] | str) -> int | None:
    if isinstance(listed, str):  # "unknown"
        return None
    return encode.bitmap(categories(listed))


def _base_facts(source: SiteFile) -> list[tuple[int, Value]]:
    """Institution, and each switch that the site sets; the order has the defaults of the rest."""
    institution = names.INSTITUTIONS.index(source.site.institution)
    return [(facts.F_INSTITUTION, institution), *sorted(switches(source.site).items())]


def _texts(source: SiteFile) -> list[list[list[list[str]]]]:
    """The words of the codes; a category that house rules ban shows which rule, where it fits."""
    words = texts.of_codes()
    shown = words[fmt.X_CATEGORY]
    for rule in source.site.house_rules:
        for number in categories(rule.ban):
            if all(len(lines) < texts.LINES for lines in shown[number]):
                shown[number] = [[*lines, rule.id] for lines in shown[number]]
    return words
