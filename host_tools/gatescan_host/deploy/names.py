"""Gives private names two letters, before the modules are compiled for a board.

MicroPython keeps every name that a program has ever loaded in RAM for ever, 6 bytes and its
letters each, in tables that double when they are full. Private names never leave their room: rooms
that have nothing to do with each other can share them, and forty are enough for all.
Lines stay as they are: they, and the module, tell where a traceback of a board points to.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from itertools import count

from gatescan_host.deploy.modules import defined, edited, line_starts

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_PRIVATE = re.compile(r"_[A-Za-z]\w*$")
_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

_Place = tuple[int, int, str]  # line, column, name


def share(sources: Mapping[str, str]) -> dict[str, str]:
    """The same modules (path -> text) with short private names.

    All modules that call each other must be given. A name that is used in a way without a place
    of its own in the text (in a string, a keyword, an import) stays everywhere.
    """
    trees = {path: ast.parse(text, path) for path, text in sources.items()}
    places = {path: list(_places(tree)) for path, tree in trees.items()}
    fixed = set().union(*(fixed_in(tree) for tree in trees.values()))
    ours = set().union(*(_defined(tree) for tree in trees.values())) - fixed
    names = {path: {name for _, _, name in found} & ours for path, found in places.items()}
    short = _shared(_rooms(trees, names), fixed)
    return {path: _renamed(sources[path], places[path], short) for path in sources}


def _places(tree: ast.AST) -> Iterator[_Place]:
    """Where names stand in the text."""
    return (place for node in ast.walk(tree) if (place := _place(node)))


def _place(node: ast.AST) -> _Place | None:
    """Of a definition, where the statement begins."""
    if isinstance(node, ast.Name):
        return node.lineno, node.col_offset, node.id
    if isinstance(node, ast.arg):
        return node.lineno, node.col_offset, node.arg
    if isinstance(node, ast.Attribute):
        assert node.end_lineno is not None and node.end_col_offset is not None
        return node.end_lineno, node.end_col_offset - len(node.attr.encode()), node.attr
    if isinstance(node, _Definition):
        return node.lineno, node.col_offset, node.name
    return None


def _defined(tree: ast.Module) -> set[str]:
    """Private names of ours; those that are only asked for are MicroPython's."""
    return {
        place[2]
        for node in ast.walk(tree)
        if isinstance(getattr(node, "ctx", None), ast.Store)
        or isinstance(node, ast.arg | _Definition)
        if (place := _place(node)) and _PRIVATE.match(place[2])
    }


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
            found.update(name for _, _, name in _places(node))
        elif isinstance(node, ast.stmt) and (constant := defined(node)):
            found.add(constant)  # the compiler folds it, and it costs nothing
    return found


def _rooms(trees: Mapping[str, ast.Module], names: Mapping[str, set[str]]) -> list[set[str]]:
    """The names that must be told apart, a set each: of one module and of those it inherits from.
    """
    owner: dict[str, set[str]] = {}  # class -> paths of modules that define one of this name
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                owner.setdefault(node.name, set()).add(path)
    family = {path: {path} for path in trees}
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                for base in node.bases:
                    name = base.attr if isinstance(base, ast.Attribute) else ast.unparse(base)
                    for other in owner.get(name, ()):
                        joined = family[path] | family[other]
                        for member in joined:
                            family[member] = joined
    return [set().union(*(names[member] for member in members)) for members in family.values()]


def _shared(rooms: list[set[str]], fixed: set[str]) -> dict[str, str]:
    """Name -> short name, different ones within each room; those of many rooms choose first."""
    near: dict[str, set[str]] = {}
    for room in rooms:
        for name in room:
            near.setdefault(name, set()).update(room)
    short: dict[str, str] = {}
    for name in sorted(near, key=lambda name: (-len(near[name]), name)):
        taken = {short[other] for other in near[name] if other in short} | fixed
        short[name] = next(candidate for candidate in _candidates() if candidate not in taken)
    return short


def _candidates() -> Iterator[str]:
    for number in count():
        letters = _LETTERS[number % 26] + (_LETTERS[number // 26 - 1] if number >= 26 else "")
        yield "_" + letters


def _renamed(text: str, places: list[_Place], short: Mapping[str, str]) -> str:
    starts = line_starts(text)
    raw = text.encode()
    edits = set()
    for line, column, name in places:
        if name in short:
            # A definition is named behind its keyword.
            start = raw.index(name.encode(), starts[line - 1] + column)
            edits.add((start, start + len(name.encode()), short[name]))
    return edited(text, edits)
