"""The modules of the firmware as text and tree, and which of their names are constants."""

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

COMPAT = "gatescan.core.compat"


@dataclass
class Module:
    """One source and what was found in it."""

    path: str
    name: str
    text: str
    tree: ast.Module
    constants: dict[str, int] = field(default_factory=dict)
    imported: dict[str, tuple[str, str]] = field(default_factory=dict)  # name -> module, its name
    kept: set[str] = field(default_factory=set)  # names that are still needed at run time
    edits: list[tuple[int, int, str]] = field(default_factory=list)  # start, end, new text


def name_of(path: str) -> str:
    """`gatescan/core/tags/__init__.py` -> `gatescan.core.tags`."""
    parts = path.removesuffix(".py").split("/")
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(
    body: "list[ast.stmt]", modules: Mapping[str, Module]
) -> "dict[str, tuple[str, str]]":
    """Name -> (module, its name there; empty for the module itself) of the imports in `body`."""
    found = {}
    for node in body:
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            for alias in node.names:
                bound = alias.asname or alias.name
                inner = f"{node.module}.{alias.name}"
                if inner in modules:
                    found[bound] = (inner, "")
                elif node.module in modules:
                    found[bound] = (node.module, alias.name)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name in modules and (alias.asname or "." not in alias.name):
                    found[alias.asname or alias.name] = (alias.name, "")
    return found


def defined(node: ast.stmt) -> "str | None":
    """The name of a statement `NAME = const(...)`."""
    if (
        isinstance(node, ast.Assign)
        and len(node.targets) == 1
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Name)
        and node.value.func.id == "const"
    ):
        return node.targets[0].id
    return None


def value_of(
    modules: Mapping[str, Module], module: Module, name: str, asked: "tuple[str, ...]"
) -> "int | None":
    """The number that a global name of `module` stands for, None when it is no constant."""
    if name in module.constants:
        return module.constants[name]
    if module.name == COMPAT and name == "TYPE_CHECKING":
        return 0
    mark = f"{module.name}.{name}"
    if mark in asked:
        return None
    if name in module.imported:
        origin, inner = module.imported[name]
        return value_of(modules, modules[origin], inner, (*asked, mark)) if inner else None
    for node in module.tree.body:
        if defined(node) == name and isinstance(node, ast.Assign):
            assert isinstance(node.value, ast.Call)
            names: dict[str, int] = {}
            for part in ast.walk(node.value.args[0]):
                if isinstance(part, ast.Name):
                    value = value_of(modules, module, part.id, (*asked, mark))
                    if value is None:
                        return None
                    names[part.id] = value
            code = compile(ast.Expression(node.value.args[0]), module.path, "eval")
            number = eval(code, {"__builtins__": {}}, names)  # noqa: S307 - our own constants
            if not isinstance(number, int):
                return None
            module.constants[name] = number
            return number
    return None


def bound_in(body: "list[ast.stmt]") -> set[str]:
    """The names that statements bind, without those of functions inside and of `global`."""
    names: set[str] = set()
    outside: set[str] = set()
    waiting: list[ast.AST] = list(body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Global):
            outside.update(node.names)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
            continue
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names.update((alias.asname or alias.name).split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        waiting.extend(ast.iter_child_nodes(node))
    return names - outside


def line_starts(text: str) -> list[int]:
    """Where each line starts, in bytes: the parser counts columns in UTF-8."""
    starts = [0]
    for line in text.encode().splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    return starts


def edited(text: str, edits: Iterable[tuple[int, int, str]]) -> str:
    """`text` with the bytes from start to end of each edit replaced by its new text."""
    raw = text.encode()
    for start, end, new in sorted(edits, reverse=True):
        raw = raw[:start] + new.encode() + raw[end:]
    return raw.decode()
