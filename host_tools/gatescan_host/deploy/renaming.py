"""Renames what is ours in the firmware's modules: names that never meet share a short one.

MicroPython keeps every name that a program has ever loaded in RAM for ever, 6 bytes and its
letters each, in tables that double when they are full. Which names may be renamed, and which must
be told apart, say names.py and attributes.py beside this.
Lines stay as they are: they, and the module, tell where a traceback of a board points to.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping
from itertools import count

from gatescan_host.deploy.modules import defined, edited, line_starts

Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = Function | ast.ClassDef
Place = tuple[int, int, str]  # line, column, name

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_KEYWORDS = {ast.FunctionDef: "def", ast.AsyncFunctionDef: "async def", ast.ClassDef: "class"}


def place_of(node: ast.AST) -> Place | None:
    """Where a node's name stands in the text, None for one without; of a definition, where its
    keyword ends.
    """
    if isinstance(node, ast.Name):
        return node.lineno, node.col_offset, node.id
    if isinstance(node, ast.arg):
        return node.lineno, node.col_offset, node.arg
    if isinstance(node, ast.Attribute):
        assert node.end_lineno is not None and node.end_col_offset is not None
        return node.end_lineno, node.end_col_offset - len(node.attr.encode()), node.attr
    if isinstance(node, Definition):
        return node.lineno, node.col_offset + len(_KEYWORDS[type(node)]), node.name
    return None


def places_in(tree: ast.AST) -> Iterator[Place]:
    """Where names stand in the text."""
    return (place for node in ast.walk(tree) if (place := place_of(node)))


def fixed_in(tree: ast.Module) -> set[str]:
    """Names that must stay: nobody could change them everywhere."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
        elif isinstance(node, ast.keyword):
            found.add(str(node.arg))
        elif isinstance(node, ast.alias):
            found.update((node.name, str(node.asname)))
        elif isinstance(node, ast.ExceptHandler):
            found.add(str(node.name))
        elif isinstance(node, ast.Global | ast.Nonlocal):
            found.update(node.names)
        elif isinstance(node, ast.JoinedStr):  # no places before Python 3.12
            found.update(name for _, _, name in places_in(node))
        elif isinstance(node, ast.stmt) and (constant := defined(node)):
            found.add(constant)  # the compiler folds it, and it costs nothing
    return found


def bases_of(node: ast.ClassDef) -> list[str]:
    """The names of the classes that a class inherits from, without their modules."""
    return [
        base.attr if isinstance(base, ast.Attribute) else ast.unparse(base) for base in node.bases
    ]


def join(families: dict[str, set[str]], one: str, other: str) -> None:
    """Make one family of those of two members in `families` (member -> all of its family)."""
    joined = families.get(one, {one}) | families.get(other, {other})
    for member in joined:
        families[member] = joined


def shared(groups: Iterable[set[str]], fixed: set[str], mark: str = "") -> dict[str, str]:
    """Name -> short name, for those of `groups` that are not `fixed`.

    A name gets the same one everywhere, within a group each another, and none is a fixed name;
    each begins with `mark`. Names that have the most others beside them choose first.
    """
    near: dict[str, set[str]] = {}
    for group in groups:
        for name in group - fixed:
            near.setdefault(name, set()).update(group)
    short: dict[str, str] = {}
    for name in sorted(near, key=lambda name: (-len(near[name]), name)):
        taken = {short[other] for other in near[name] if other in short} | fixed
        short[name] = next(one for one in _candidates(mark) if one not in taken)
    return short


def _candidates(mark: str) -> Iterator[str]:
    for number in count():
        yield mark + _LETTERS[number % 26] + (_LETTERS[number // 26 - 1] if number >= 26 else "")


def renamed(text: str, places: Iterable[Place], short: Mapping[str, str]) -> str:
    """`text` with the short names at those of its `places` that have one."""
    starts = line_starts(text)
    raw = text.encode()
    edits = set()
    for line, column, name in places:
        if name in short:
            # Between a definition's keyword and its name there is white space.
            start = raw.index(name.encode(), starts[line - 1] + column)
            edits.add((start, start + len(name.encode()), short[name]))
    return edited(text, edits)
