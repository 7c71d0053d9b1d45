"""Gives the arguments of functions one-letter names, before the modules are compiled for a board.

MicroPython keeps the name of every argument in RAM, in case somebody passes it by keyword: some
hundred names that occur nowhere else. Those that no call of ours passes by keyword need none.
Names of functions and lines stay, so that a traceback of a board fits the sources.
"""

import ast
from collections.abc import Iterator, Mapping

from gatescan_host.deploy.modules import edited, line_starts

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_Function = ast.FunctionDef | ast.AsyncFunctionDef


def shorten(sources: Mapping[str, str]) -> dict[str, str]:
    """The same modules (path -> text) with short arguments.

    All modules that call each other must be given: who passes an argument by keyword keeps its
    name everywhere.
    """
    trees = {path: ast.parse(text, path) for path, text in sources.items()}
    spoken = {
        node.arg
        for tree in trees.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword) and node.arg is not None
    }
    return {path: _shortened(sources[path], tree, spoken) for path, tree in trees.items()}


def _shortened(text: str, tree: ast.Module, spoken: set[str]) -> str:
    starts = line_starts(text)
    raw = text.encode()
    edits = set()
    for function in (node for node in ast.walk(tree) if isinstance(node, _Function)):
        for line, column, old, new in _renamings(function, spoken):
            start = starts[line - 1] + column
            end = start + len(old.encode())
            assert raw[start:end] == old.encode()
            edits.add((start, end, new))
    return edited(text, edits)


def _renamings(
    function: _Function, spoken: set[str]
) -> Iterator[tuple[int, int, str, str]]:
    """(line, column, old, new) of each place in a function where an argument is named."""
    if any(getattr(way, "attr", "") == "asm_thumb" for way in function.decorator_list):
        return  # its arguments are registers
    inside = [node for statement in function.body for node in ast.walk(statement)]
    if any(isinstance(node, _Function | ast.Lambda | ast.ClassDef) for node in inside):
        return  # what is meant in there is told by scopes, not by names alone
    arguments = [*function.args.posonlyargs, *function.args.args]
    names = [node for node in inside if isinstance(node, ast.Name)]
    taken = {node.id for node in names} | {argument.arg for argument in arguments}
    # Names inside an f-string have no place of their own before Python 3.12.
    fixed = spoken | {"self", "cls"} | {
        node.id
        for text in inside
        if isinstance(text, ast.JoinedStr)
        for node in ast.walk(text)
        if isinstance(node, ast.Name)
    }
    letters = (letter for letter in _LETTERS if letter not in taken)
    for argument in arguments:
        if argument.arg in fixed or len(argument.arg) == 1:
            continue
        new = next(letters)
        yield argument.lineno, argument.col_offset, argument.arg, new
        for node in names:
            if node.id == argument.arg:
                yield node.lineno, node.col_offset, argument.arg, new
