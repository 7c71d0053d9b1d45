"""Site file -> table file. The same input gives the same bytes."""

import struct
import time
from typing import Any

from gatescan.core.law import fact_names, facts, names
from gatescan.core.table import format as fmt
from gatescan_host.rules import codes as law
from gatescan_host.rules.compiler import compile_order
from gatescan_host.rules.orders import OrderError
from gatescan_host.site.errors import Problems
from gatescan_host.site.items import ClassSpec, ItemList
from gatescan_host.site.load import SiteFile
from gatescan_host.site.model import CATEGORIES
from gatescan_host.table import encode
from gatescan_host.table.built import BuiltTable, count
from gatescan_host.table.tags import TagList, class_of, sorted_inmates

_LANGS = ("da", "en")
_SALT_BYTES = 16


def build_table(source: SiteFile, *, seq: int, created_utc: int, salt: bytes) -> BuiltTable:
    """Compile a checked site file.

    `seq`: number of the table, rising with each build; `created_utc`: seconds since 1970; `salt`:
    16 random bytes that key the tags of this table. Raises SiteError with every mistake found.
    """
    if len(salt) != _SALT_BYTES or not 0 <= seq < 1 << 32 or not 0 <= created_utc < 1 << 32:
        raise ValueError("salt must have 16 bytes, seq and created_utc 32 bits")
    begun = time.perf_counter()
    problems = Problems()
    items = ItemList(source, problems)
    _check_inmates(source, problems)
    specs = _classes(source, items, problems)
    tags = TagList(source, {spec: n for n, spec in enumerate(specs)}, problems)
    policy = _policy(source, problems)
    problems.raise_if_any()
    class_ids = {spec: n for n, spec in enumerate(specs)}
    parts = [
        encode.plain(fmt.K_META, 1, _meta(source, seq, created_utc, salt)),
        encode.classes(specs),
        *encode.items({key: class_ids[spec] for key, spec in items.specs.items()}),
        *tags.parts(salt),
        _inmates(source, salt),
        encode.facts(_base_facts(source)),
        encode.plain(fmt.K_POLICY, 1, policy),
        encode.texts(_texts()),
    ]
    data = encode.assemble(parts)
    stats = count(data, parts, len(items.specs), begun)
    stats["repeated"] = items.repeated
    stats["tags"] = len(tags)
    stats["inmates"] = len(source.site.inmates)
    return BuiltTable(data, stats)


def _policy(source: SiteFile, problems: Problems) -> bytes:
    try:
        policy = compile_order(source.site.order_id)
    except OrderError as error:
        problems.add(source.place("order_id"), str(error))
        return b""
    if len(policy) > fmt.MAX_POLICY_BYTES:
        problems.add(
            source.place("order_id"),
            f"the order compiles to {len(policy)} bytes, more than {fmt.MAX_POLICY_BYTES}:"
            " shorten its rules.",
        )
    return policy


def _classes(source: SiteFile, items: ItemList, problems: Problems) -> list[ClassSpec]:
    """All classes: every category plain, for the command barcodes, then those with attributes."""
    plain = [(number, 0) for number in range(1, len(CATEGORIES) + 1)]
    used = set(items.specs.values()) | {class_of(item) for item in source.site.registered}
    specs = plain + sorted(used - set(plain))
    if len(specs) > fmt.MAX_CLASSES:
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
    for number, item in enumerate(source.site.registered):
        if item.sealed and item.seal_broken:
            problems.add(
                source.place("registered", number, "seal_broken"),
                "an item is not sealed and its seal broken at once: set one of the two to false.",
            )


def _meta(source: SiteFile, seq: int, created_utc: int, salt: bytes) -> bytes:
    site = source.site
    langs = [_LANGS.index(lang) for lang in site.languages]
    name = site.site_name.encode()
    while len(name) > 48:  # 40 letters may take more bytes than the field has
        name = name.decode()[:-1].encode()
    return struct.pack(
        fmt.META_FORMAT,
        site.site_id.encode(),
        name,
        site.order_id.encode(),
        salt,
        seq,
        created_utc,
        site.valid_days,
        names.INSTITUTIONS.index(site.institution),
        sum({1 << lang for lang in langs}),
        langs[0],
        b"",
    )


def _inmates(source: SiteFile, salt: bytes) -> encode.Part:
    rows = []
    for index, inmate in enumerate(sorted_inmates(source)):
        rows.append(
            encode.inmate(
                index,
                encode.inmate_id(salt, inmate.id),
                ("sentenced", "pretrial").index(inmate.regime),
                _bitmap(inmate.restricted),
                _bitmap(inmate.decisions11),
            )
        )
    return encode.plain(fmt.K_INMATES, len(rows), b"".join(rows))


def _bitmap(categories: list[str] | str) -> int | None:
    if isinstance(categories, str):  # "unknown"
        return None
    return encode.bitmap(_numbers(categories))


def _numbers(categories: list[str]) -> frozenset[int]:
    return frozenset(names.CATEGORIES.index(name) for name in categories)


def _base_facts(source: SiteFile) -> list[tuple[int, int | bool | frozenset[int] | None]]:
    """Institution, and each switch that the site sets; the order has the defaults of the rest."""
    institution = names.INSTITUTIONS.index(source.site.institution)
    out: list[tuple[int, int | bool | frozenset[int] | None]] = [
        (facts.F_INSTITUTION, institution)
    ]
    for key, value in source.site.policy.model_dump(exclude_none=True).items():
        number = fact_names.index_of(f"policy.{key}")
        out.append((number, _numbers(value) if isinstance(value, list) else value))
    return out


def _texts() -> list[list[list[list[str]]]]:
    """Display lines of categories, verdicts, obligations, authorities, by number and language."""
    provisions = law.provisions()

    def lines(entries: list[dict[str, Any]]) -> list[list[list[str]]]:
        return [[entry["display"][lang] for lang in _LANGS] for entry in entries]

    by_number = sorted(provisions["categories"], key=lambda entry: entry["num"])
    return [
        lines(by_number),
        lines(provisions["verdicts"]),
        lines(provisions["obligations"]),
        lines(provisions["authorities"]),
    ]
