"""The account of a law: every provision has a rule, or a line under `elsewhere` says why not."""

from dataclasses import dataclass

from gatescan.core.law import citation, names
from gatescan_host.rules import codes
from gatescan_host.rules.compiler import SESSION_CODES
from gatescan_host.rules.orders import Elsewhere, Gloss, Loc, OrderError, OrderFile
from gatescan_host.rules.rulebook import FlatRule, Rulebook

DECIDE, DUTY = "decide", "duty"  # the roles of a provision with rules of its own


@dataclass(frozen=True)
class Entry:
    """One provision and what the order makes of it."""

    provision: str
    citation: str
    gloss: Gloss
    role: str  # decide or duty, else one of Elsewhere
    rules: tuple[FlatRule, ...]  # its own, or those that carry it
    codes: tuple[str, ...] = ()  # what those raise for it
    held_by: str | None = None
    note: Gloss | None = None


def account(file: OrderFile, book: Rulebook) -> tuple[Entry, ...]:
    """Every provision of the order's law model, in its order, and what becomes of it.

    Raises OrderError for a provision that stands neither in a rule nor under `elsewhere`, for one
    that stands in both or twice, for an id that the law does not have, and for an entry that its
    role contradicts.
    """
    known = _provisions(file, book)
    rules: dict[str, list[FlatRule]] = {}
    for rule in book.rules:
        if rule.provision not in known:
            raise _unknown(file, rule.loc[:2], rule.provision)
        rules.setdefault(rule.provision, []).append(rule)
    entries: dict[str, Entry] = {}
    for number, given in enumerate(file.order.elsewhere):
        loc: Loc = ("elsewhere", number)
        if given.id not in known:
            raise _unknown(file, loc, given.id)
        if given.id in entries:
            raise file.error(loc, f"the provision {given.id} is there twice", "drop one of them")
        if given.id in rules:
            raise file.error(loc, f"the provision {given.id} has rules of its own",
                             "drop it here or drop the rules")
        if given.citation != known[given.id]:
            raise file.error((*loc, "citation"),
                             f"{given.citation} is not the provision {given.id}",
                             f"write {known[given.id]}")
        entries[given.id] = _entry(file, given, rules, loc)
    missing = [name for name in known if name not in rules and name not in entries]
    if missing:
        listed = ", ".join(f"{name} ({known[name]})" for name in missing[:5])
        more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
        raise file.error(("elsewhere",), f"without a rule and unaccounted for: {listed}{more}",
                         "add a rule, or say under `elsewhere` what becomes of it")
    return tuple(entries[name] if name in entries else _own(file, name, known[name], rules[name])
                 for name in known)


def _provisions(file: OrderFile, book: Rulebook) -> dict[str, str]:
    """Id -> citation of every provision of the law model that the order names.

    An order that names none is itself the whole list of its provisions. Raises OrderError for a
    model that is not there.
    """
    law = file.order.law
    if law is None:
        return {**{rule.provision: citation.format(rule.citation) for rule in book.rules},
                **{given.id: given.citation for given in file.order.elsewhere}}
    try:
        return {p["id"]: p["citation"] for p in codes.provisions(law)["provisions"]}
    except KeyError as wrong:
        what = str(wrong.args[0])
        raise file.error(("law",), what, "name one that is there, or null") from wrong


def _unknown(file: OrderFile, loc: Loc, name: str) -> OrderError:
    return file.error(loc, f"there is no provision {name}",
                      f"use an id of rules/law/{file.order.law}")


def _own(file: OrderFile, name: str, cited: str, rules: list[FlatRule]) -> Entry:
    # the words of the provision as a whole rather than those of one of its parts
    first = min(rules, key=lambda rule: (
        file.rule(rule.loc).part != "", rule.name.count("."), rule.name))
    role = DUTY if all(rule.verdict is None for rule in rules) else DECIDE
    return Entry(name, cited, file.rule(first.loc).gloss, role, tuple(rules))


def _entry(file: OrderFile, given: Elsewhere, rules: dict[str, list[FlatRule]],
           loc: Loc) -> Entry:
    """The entry of one line under `elsewhere`; raises OrderError where its role is not kept."""
    carried = []
    for name in given.rules:
        if name not in rules:
            raise file.error((*loc, "rules"), f"the provision {name} has no rule",
                             "name a provision that has rules")
        carried += rules[name]
    raised = {names.OBLIGATIONS[code] for rule in carried for code in rule.obligations}
    for code in given.codes:
        if code not in raised:
            raise file.error((*loc, "codes"), f"none of its rules raises {code}",
                             "name the provision whose rule does, or correct the code")
        session = names.OBLIGATIONS.index(code) < SESSION_CODES
        if session != (given.role == "session"):
            raise file.error((*loc, "codes"), f"{code} does not go with the role {given.role}",
                             "use session for duties of a whole visit, else obligation")
    by_rules = given.role in ("rules", "obligation", "session")
    raises = given.role in ("obligation", "session")
    wrong = (
        "rules" if by_rules != bool(given.rules) else
        "codes" if raises != bool(given.codes) else
        "held_by" if (given.role == "record" and given.held_by is None)
        or (given.role == "nothing" and given.held_by is not None) else None)
    if wrong:
        needed = {"rules": by_rules, "codes": raises, "held_by": given.role == "record"}[wrong]
        raise file.error(loc, f"the role {given.role} {'needs' if needed else 'has no'} {wrong}",
                         "see `elsewhere` in rules/README.md")
    return Entry(given.id, given.citation, given.gloss, given.role, tuple(carried),
                 tuple(given.codes), given.held_by, given.note)
