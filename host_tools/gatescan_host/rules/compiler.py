"""Compiles an order to the bytes that core/law/policy.py evaluates; always the same bytes."""

import struct
from binascii import crc32
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from gatescan.core.law import conditions_format, names, switches
from gatescan.core.law import fact_names as fn
from gatescan.core.law import policy_format as pf
from gatescan.core.law.facts import F_POLICY, FACTS, bitmap
from gatescan_host.rules import citation_pack, days, orders, rulebook, select, texts
from gatescan_host.rules.language import Conjunction, Test
from gatescan_host.rules.orders import Loc, OrderFile
from gatescan_host.rules.rulebook import FlatRule, Rulebook

MAX_BYTES = 8192  # the scanner keeps the policy in memory
SESSION_CODES = names.OBLIGATIONS.index("SEAL")  # the codes before it are session duties
_COSTS = ("is", "verdict", "mark", "in", "null", "listed", "term", "compare")
_KINDS = {
    "in": conditions_format.T_IN,
    "is": conditions_format.T_IS,
    "null": conditions_format.T_NULL,
    "listed": conditions_format.T_LISTED,
    "term": conditions_format.T_TERM,
    "compare": conditions_format.T_COMPARE,
    "verdict": conditions_format.T_VERDICT,
    "mark": conditions_format.T_MARK,
}


def compile_order(order_id: str | None = None) -> bytes:
    """The compiled bytes of an order that comes with Gatescan; raises OrderError.

    Without an id that of the default order (`select.default_order`).
    """
    return _compiled(order_id or select.default_order())


@cache
def _compiled(order_id: str) -> bytes:
    return encode(rulebook.build(select.shipped(order_id)))


def compile_file(path: Path) -> bytes:
    """The compiled bytes of an order file; raises OrderError."""
    return encode(rulebook.build(orders.load(path)))


def encode(book: Rulebook) -> bytes:
    """The compiled bytes of a resolved order (policy_format.py, conditions_format.py).

    Raises OrderError for an order that does not fit the scanner: its memory, its screen.
    """
    texts.check(book)
    file = book.file
    order = file.order
    # duties start on a byte of the index, so that both parts are whole bytes
    collected = [rule for rule in book.rules if rule.phase != "duties"]
    duties = [rule for rule in book.rules if rule.phase == "duties"]
    first_duty = (len(collected) + 7) // 8 * 8
    row_bytes = first_duty // 8 + (len(duties) + 7) // 8
    slots: list[FlatRule | None] = [*collected, *[None] * (first_duty - len(collected)), *duties]
    sections: list[bytes] = []
    at = struct.calcsize(pf.HEADER)
    offsets: list[int] = []

    def add(section: bytes) -> None:
        nonlocal at
        offsets.append(at)
        sections.append(section)
        at += len(section)

    shown = _display(file)
    add(bytes([len(shown), *shown]))
    doubts, fact_doubts = _doubts(book, shown)
    add(doubts)
    add(fact_doubts)
    add(_switches(book))
    add(_table(at, [_term(ways) for ways in book.terms]))
    add(_table(at, [_rule(rule, shown) if rule else b"" for rule in slots]))
    add(_index(slots, row_bytes))
    used = bytearray((FACTS + 7) // 8)
    for fact in rulebook.facts_used(book):
        used[fact >> 3] |= 1 << (fact & 7)
    covered = 0
    for rule in collected:  # "illegal", true on any channel, covers none; "absence" covers its own
        for channel in rule.fits[1] if not rule.stop or len(rule.fits[1]) == 1 else ():
            covered |= 1 << channel
    length = at + 4
    if length > MAX_BYTES:
        raise file.error((), f"the order compiles to {length} bytes, more than {MAX_BYTES}",
                         "merge rules or shorten sets")
    header = struct.pack(
        pf.HEADER, pf.MAGIC, pf.VERSION, FACTS, length, order.order_id.encode(),
        _day(order.valid_from), _day(order.valid_to), len(collected) + len(duties), first_duty,
        len(book.terms), row_bytes, len(names.INSTITUTIONS), len(names.CHANNELS),
        len(names.CATEGORIES), SESSION_CODES, covered, bytes(used), *offsets)
    body = header + b"".join(sections)
    return body + struct.pack(">I", crc32(body))


def _day(day: date | None) -> int:
    return 0 if day is None else days.number(day)


def _table(at: int, records: list[bytes]) -> bytes:
    """Offsets (u16, absolute, 0 = empty) and then the records."""
    place = at + 2 * len(records)
    offsets = []
    for record in records:
        offsets.append(place if record else 0)
        place += len(record)
    return struct.pack(f">{len(offsets)}H", *offsets) + b"".join(records)


def _display(file: OrderFile) -> list[int]:
    """Obligations and then session duties in the order in which they are displayed."""
    display = file.order.display
    listed = []
    for kind, given in (("obligations", display.obligations), ("session", display.session)):
        wanted = {name for name in names.OBLIGATIONS
                  if (names.OBLIGATIONS.index(name) < SESSION_CODES) == (kind == "session")}
        if set(given) != wanted or len(given) != len(wanted):
            raise file.error(("display", kind), "every code is to be listed once",
                             f"list {', '.join(sorted(wanted ^ set(given)) or given)} once")
        listed += [names.OBLIGATIONS.index(name) for name in given]
    return listed


def _doubts(book: Rulebook, shown: list[int]) -> tuple[bytes, bytes]:
    language, file = book.language, book.file
    records = b""
    of_fact = bytearray(FACTS)
    last = (0, -1)
    for number, doubt in enumerate(file.order.doubts):
        loc = ("doubts", number)
        verdict = language.code(names.VERDICTS, doubt.verdict, loc, "verdict")
        who = -1 if doubt.authority is None else language.code(
            names.AUTHORITIES, doubt.authority, loc, "authority")
        if (verdict, who) < last:
            raise file.error(loc, "doubts stand least restrictive first", "sort them")
        if doubt.verdict in ("out_of_scope", "allow", "allow_after"):
            raise file.error(loc, "a doubt never hands anything out", "use manual_inspection")
        if not number and (doubt.facts or doubt.citation is None):
            raise file.error(loc, "the first doubt is that of all other facts, and of whatever "
                             "cannot be evaluated", "give it a citation and no facts")
        last = (verdict, who)
        ask = file.order.asks.get(doubt.authority or "")
        place = pf.NONE if ask is None else shown.index(language.code(
            names.OBLIGATIONS, ask, ("asks",), "obligation"))
        cited = 0 if doubt.citation is None else citation_pack.pack(doubt.citation)
        records += struct.pack(">BBBI", verdict, who & 0xFF, place, cited)
        for name in doubt.facts:
            of_fact[language.fact(name, loc)] = number
    return records, bytes(of_fact)


def _switches(book: Rulebook) -> bytes:
    entries: list[tuple[int, str, Any, Loc]] = [
        (switches.ALL_INSTITUTIONS, name, value, ("switches", name))
        for name, value in book.file.order.switches.items()]
    for institution, given in book.file.order.switch_overrides.items():
        loc: Loc = ("switch_overrides", institution)
        place = book.language.code(names.INSTITUTIONS, institution, loc, "institution")
        entries += [(place, name, value, (*loc, name)) for name, value in given.items()]
    out = bytearray([len(entries)])
    for number, name, value, where in entries:
        fact = book.language.fact(name, where)
        kind = fn.FACTS[fact][1]
        right = value is None or {
            fn.BOOL: type(value) is bool, fn.INT: type(value) is int and value >= 0,
            fn.CATEGORY_LIST: isinstance(value, list)}.get(kind, False)
        if fact < F_POLICY or not right:
            raise book.file.error(where, f"{name} cannot have the value {value}",
                                  "give a policy switch a value of its type")
        out += bytes([number, fact])
        if value is None:
            out.append(switches.S_NULL)
        elif isinstance(value, bool):
            out.append(switches.S_TRUE if value else switches.S_FALSE)
        elif isinstance(value, int):
            out += struct.pack(">BI", switches.S_NUMBER, value)
        else:
            numbers = [book.language.code(names.CATEGORIES, code, where, "category")
                       for code in value]
            out += bytes([switches.S_BITMAP]) + bitmap(numbers)
    return bytes(out)


def _mask(codes: frozenset[int]) -> bytes:
    bits = sum(1 << code for code in codes)
    return bits.to_bytes(max(1, (bits.bit_length() + 7) // 8), "little")


def _test(test: Test) -> bytes:
    operation = _KINDS[test.kind]
    if test.negated:
        operation |= conditions_format.TEST_NEGATED
    if test.first:
        operation |= conditions_format.TEST_FIRST
    if test.kind == "compare":
        settings = test.comparison | len(test.summed) << 4
        if test.right_fact is None:
            right = struct.pack(">I", test.right)
        else:
            settings |= conditions_format.C_FACT
            right = bytes([test.right_fact])
        return bytes([operation, settings, *test.summed]) + right
    mask = _mask(test.codes) if test.kind in ("in", "verdict") else b""
    return bytes([operation | len(mask) << 4, test.subject]) + mask


def _conjunction(tests: Conjunction) -> bytes:
    """Count and tests, the cheapest first: most conjunctions end at their first test."""
    ranked = sorted(dict.fromkeys(tests), key=lambda test: _COSTS.index(test.kind))
    return bytes([len(ranked)]) + b"".join(_test(test) for test in ranked)


def _term(ways: tuple[Conjunction, ...]) -> bytes:
    out = bytearray([len(ways)])
    for way in ways:
        encoded = _conjunction(way)
        out += bytes([len(encoded)]) + encoded
    return bytes(out)


def _rule(rule: FlatRule, shown: list[int]) -> bytes:
    flags = (pf.FLAG_STOP if rule.stop else 0) | (pf.FLAG_ALONE if rule.alone else 0)
    none = pf.NONE
    head = struct.pack(
        ">BBBBBIB", none if rule.verdict is None else rule.verdict,
        none if rule.authority is None else rule.authority, rule.marks, flags, rule.group,
        rule.citation, len(rule.obligations))
    return head + bytes(map(shown.index, rule.obligations)) + _conjunction(rule.tests)


def _index(slots: list[FlatRule | None], row_bytes: int) -> bytes:
    """One row of bits an institution, channel and category: the rules that can bite there."""
    rows = []
    for number, place in enumerate(rulebook.PLACES):
        for code in sorted(rulebook.everything(place)):
            row = bytearray(row_bytes)
            for slot, rule in enumerate(slots):
                if rule and code in rule.fits[number]:
                    row[slot >> 3] |= 1 << (slot & 7)
            rows.append(bytes(row))
    return b"".join(rows)
