"""Gives private names two letters, before the modules are compiled for a board.

Private names never leave their room: rooms that have nothing to do with each other can share them,
and forty are enough for all.
"""

import ast
import re
from collections.abc import Mapping

from gatescan_host.deploy.renaming import (
    Definition,
    bases_of,
    fixed_in,
    join,
    place_of,
    places_in,
    renamed,
    shared,
)

_PRIVATE = re.compile(r"_[A-Za-z]\w*$")


def share(sources: Mapping[str, str]) -> dict[str, str]:
    """The same modules (path -> text) with short private names.

    All modules that call each other must be given. A name that is used in a way without a place
    of its own in the text (in a string, a keyword, an import) stays everywhere.
    """
    trees = {path: ast.parse(text, path) for path, text in sources.items()}
    places = {path: list(places_in(tree)) for path, tree in trees.items()}
    fixed = set().union(*(fixed_in(tree) for tree in trees.values()))
    ours = set().union(*(_defined(tree) for tree in trees.values())) - fixed
    names = {path: {name for _, _, name in found} & ours for path, found in places.items()}
    short = shared(_rooms(trees, names), fixed, "_")
    return {path: renamed(sources[path], places[path], short) for path in sources}


def _defined(tree: ast.Module) -> set[str]:
    """Private names of ours; those that are only asked for are MicroPython's."""
    return {
        place[2]
        for node in ast.walk(tree)
        if isinstance(getattr(node, "ctx", None), ast.Store)
        or isinstance(node, ast.arg | Definition)
        if (place := place_of(node)) and _PRIVATE.match(place[2])
    }


def _rooms(trees: Mapping[str, ast.Module], names: Mapping[str, set[str]]) -> list[set[str]]:
    """The names that must be told apart, a set each: of one module and of those it inherits from.
    """
    classes = {
        path: [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
        for path, tree in trees.items()
    }
    owner: dict[str, set[str]] = {}  # class -> paths of modules that define one of this name
    for path, found in classes.items():
        for node in found:
            owner.setdefault(node.name, set()).add(path)
    family = {path: {path} for path in trees}
    for path, found in classes.items():
        for node in found:
            for base in bases_of(node):
                for other in owner.get(base, ()):
                    join(family, path, other)
    return [set().union(*(names[member] for member in members)) for members in family.values()]
