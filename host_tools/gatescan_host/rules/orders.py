"""Reads an order file: YAML with line numbers, checked for its shape; see README.md."""

import json
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from gatescan_host.errors import Exit, GatescanError

ORDERS = Path(__file__).parent / "orders"
Loc = tuple[int | str, ...]


class OrderError(GatescanError):
    """An order file that cannot be used: file, line, what is wrong and what to do."""

    exit_code = Exit.FAILED


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Gloss(_Part):
    """One line of plain words in each language."""

    en: str
    da: str


class Then(_Part):
    """What a rule does when it bites."""

    verdict: str | None = None
    authority: str | None = None
    obligations: list[str] = []
    marks: list[str] = []
    without: list[str] = []  # marks of the citation that this rule does not carry
    stop: bool = False
    alone: bool = False


class Case(_Part):
    """One of several outcomes of a provision; its conditions come on top of the rule's."""

    when: dict[str, Any] = {}
    then: Then


class Rule(_Part):
    """One provision, or a part of it."""

    id: str
    part: str = ""
    citation: str
    gloss: Gloss
    group: str = "duties"
    when: dict[str, Any] = {}
    then: Then | None = None
    cases: dict[str, Case] = {}

    @model_validator(mode="after")
    def _one_outcome(self) -> "Rule":
        if (self.then is None) == (not self.cases):
            raise ValueError("a rule has either `then` or `cases`; give one of them")
        return self


class Doubt(_Part):
    """What follows where one of these facts is unknown and would matter."""

    facts: list[str] = []
    verdict: str
    authority: str | None = None
    citation: str | None = None


class Display(_Part):
    """The order in which obligations and session duties are shown."""

    obligations: list[str]
    session: list[str]


class Elsewhere(_Part):
    """A provision without a rule of its own, and what becomes of it.

    `role` is rules (the rules of other provisions decide it), obligation or session (they raise
    these codes), record (something is kept beside the scanner) or nothing (nothing at the gate).
    """

    id: str
    citation: str
    gloss: Gloss
    role: Literal["rules", "obligation", "session", "record", "nothing"]
    rules: list[str] = []  # provisions whose rules carry it
    codes: list[str] = []
    held_by: str | None = None  # the document or command that holds the record
    note: Gloss  # how it is carried, what is recorded, or why it is nothing at the gate


class Order(_Part):
    """An order file as written; `gatescan_host.rules.language` gives it its meaning."""

    order_id: str = Field(pattern=r"^[a-z0-9-]{1,16}$")
    title: Gloss
    source: str
    law: str | None = None  # file of rules/law that lists all provisions and citations
    valid_from: date
    valid_to: date | None
    precedence: list[str]
    display: Display
    asks: dict[str, str]
    doubts: list[Doubt] = Field(min_length=1)
    switches: dict[str, Any]
    switch_overrides: dict[str, dict[str, Any]] = {}
    marks: dict[str, list[str]]
    sets: dict[str, dict[str, list[str]]]
    terms: dict[str, list[dict[str, Any]]]
    scope: list[Rule]
    collect: list[Rule]
    duties: list[Rule]
    elsewhere: list[Elsewhere] = []

    def phases(self) -> list[tuple[str, list[Rule]]]:
        """The three lists of rules under their names, in the order they are taken."""
        return [("scope", self.scope), ("collect", self.collect), ("duties", self.duties)]


class OrderFile:
    """An order with the place of each of its parts in the file."""

    def __init__(self, path: Path, tree: Any, order: Order) -> None:
        self.path = path
        self.order = order
        self._tree = tree

    def error(self, loc: Loc, what: str, remedy: str) -> OrderError:
        """An error that names the line of `loc`."""
        return _error(self.path, _line(self._tree, loc), what, remedy)

    def line(self, loc: Loc) -> int:
        """The line (from 1) of the deepest part of `loc` that the file has."""
        return _line(self._tree, loc)

    def rule(self, loc: Loc) -> Rule:
        """The rule as written that stands at `loc` or around it."""
        phase, number = loc[:2]
        return dict(self.order.phases())[str(phase)][int(number)]


def _error(path: Path, line: int, what: str, remedy: str) -> OrderError:
    return OrderError(f"{path.name}, line {line}: {what}; {remedy}.")


def _line(tree: Any, loc: Loc) -> int:
    """The line (from 1) of the deepest part of `loc` that the file has."""
    line = 1
    for step in loc:
        try:
            place = tree.lc.item(step) if isinstance(step, int) else tree.lc.key(step)
            line = place[0] + 1
            tree = tree[step]
        except (KeyError, IndexError, AttributeError, TypeError):
            break
    return line


def _plain(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(value) for value in node]
    if isinstance(node, str):
        return str(node)
    return node


def path_of(order_id: str) -> Path:
    """The file of an order that comes with Gatescan; raises OrderError with those there are."""
    path = ORDERS / f"{order_id}.yaml"
    if not path.is_file():
        known = ", ".join(sorted(p.stem for p in ORDERS.glob("*.yaml")))
        raise OrderError(f"There is no order {order_id}; use one of: {known}.", Exit.USAGE)
    return path


def cases_of(order_id: str) -> list[dict[str, Any]]:
    """The cases written for an order: id, facts, unknown (facts nobody knows), expect, why."""
    path = ORDERS / f"{order_id}.cases.jsonl"
    if not path.is_file():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def load(path: Path) -> OrderFile:
    """Read and check the shape of an order file; raises OrderError for the first mistake."""
    try:
        tree = YAML(typ="rt").load(path.read_text(encoding="utf-8"))
    except OSError as wrong:
        raise OrderError(f"{path}: cannot be read ({wrong.strerror}); check the path.",
                         Exit.USAGE) from wrong
    except UnicodeDecodeError as wrong:
        raise OrderError(f"{path.name}: is not UTF-8 text; save it as UTF-8.") from wrong
    except MarkedYAMLError as wrong:
        line = wrong.problem_mark.line + 1 if wrong.problem_mark else 1
        raise _error(path, line, f"not YAML: {wrong.problem}", "correct the line") from wrong
    except YAMLError as wrong:
        raise _error(path, 1, "not YAML", "correct the file") from wrong
    if not isinstance(tree, dict):
        raise _error(path, 1, "an order is a mapping", "see rules/README.md")
    try:
        order = Order.model_validate(_plain(tree))
    except ValidationError as wrong:
        first = wrong.errors()[0]
        where = ".".join(str(step) for step in first["loc"]) or "the order"
        message = first["msg"].removeprefix("Value error, ")
        raise _error(path, _line(tree, first["loc"]), f"{where}: {message}",
                     "see the rule language in rules/README.md") from wrong
    return OrderFile(path, tree, order)
