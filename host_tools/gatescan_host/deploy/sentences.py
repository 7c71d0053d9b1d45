"""Leaves out of a board's modules what only computers are told: the sentence why a tag is refused.

A scanner shows what to do with such a tag, and keeps no more; the simulator and `tags parse` tell
the sentence too. As text in RAM the sentences would take a Pico more than a kB. Lines stay as they
are.
"""

import ast
from collections.abc import Iterator, Mapping

from gatescan_host.deploy.modules import edited, line_starts

_TELLS = "refused"  # the function of core/tags/scheme.py; its first argument is the sentence
_SILENT = '"?"'


def silence(sources: Mapping[str, str]) -> dict[str, str]:
    """The same modules (path -> text), in which all refusals of tags sound the same.

    A sentence that is computed, or compared with another, stays.
    """
    return {path: _silenced(text, path) for path, text in sources.items()}


def _silenced(text: str, path: str) -> str:
    tree = ast.parse(text, path)
    literals = _literals(tree)
    told = [
        node.args[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == _TELLS
        and node.args
        and _is_sentence(node.args[0], literals)
    ]
    if not told:
        return text
    gone = {id(node) for sentence in told for node in ast.walk(sentence)}
    starts = line_starts(text)
    edits = [(*_range(starts, node), _SILENT + _lines(node)) for node in told]
    edits += [(*_range(starts, node), _lines(node)) for node in _unused(tree, literals, gone)]
    return edited(text, edits)


def _literals(tree: ast.Module) -> dict[str, ast.stmt]:
    """The statements `_NAME = "text"`, by their names; a text may be made of those before it."""
    found: dict[str, ast.stmt] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            if name.startswith("_") and _is_sentence(node.value, found):
                found[name] = node
    return found


def _is_sentence(node: ast.expr, literals: Mapping[str, ast.stmt]) -> bool:
    """Whether an expression is nothing but a text, put together of literals or filled in."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str)
    if isinstance(node, ast.Name):
        return node.id in literals
    if isinstance(node, ast.BinOp):
        filled = isinstance(node.op, ast.Mod) or _is_sentence(node.right, literals)
        return (
            isinstance(node.op, ast.Add | ast.Mod) and filled and _is_sentence(node.left, literals)
        )
    if isinstance(node, ast.IfExp):
        return _is_sentence(node.body, literals) and _is_sentence(node.orelse, literals)
    return False


def _unused(
    tree: ast.Module, literals: Mapping[str, ast.stmt], gone: set[int]
) -> Iterator[ast.stmt]:
    """The literals that nothing needs once the nodes in `gone` are gone, nor each other."""
    left = dict(literals)
    while True:
        needed = {
            node.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Name)
            and isinstance(node.ctx, ast.Load)
            and id(node) not in gone
        }
        free = [name for name in left if name not in needed]
        if not free:
            return
        for name in free:
            statement = left.pop(name)
            gone.update(id(node) for node in ast.walk(statement))
            yield statement


def _range(starts: list[int], node: ast.expr | ast.stmt) -> tuple[int, int]:
    assert node.end_lineno is not None and node.end_col_offset is not None
    first = starts[node.lineno - 1] + node.col_offset
    return first, starts[node.end_lineno - 1] + node.end_col_offset


def _lines(node: ast.expr | ast.stmt) -> str:
    assert node.end_lineno is not None
    return "\n" * (node.end_lineno - node.lineno)
