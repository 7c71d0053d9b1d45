"""Writes public constants as numbers into the modules that use them, before they are compiled.

MicroPython's compiler folds `_NAME = const(1)` inside one module. A public constant, however,
costs a board about 35 bytes of heap: a name, a place in its module and one in every module that
imports it, and each use is a search by name. The sources keep their names; what goes to a board
holds the numbers. `TYPE_CHECKING` is such a constant too: what stands under it is left out.

Line numbers stay as they are, so that a traceback of a board fits the sources.
"""

import ast
from collections.abc import Mapping

from gatescan_host.deploy.modules import (
    COMPAT,
    Module,
    bound_in,
    defined,
    edited,
    imports_of,
    line_starts,
    name_of,
    value_of,
)

_FOLDERS = ("const", "TYPE_CHECKING")  # names of compat that the compiler does not need


class FoldError(Exception):
    """A source that cannot be folded; the message names the file and says why."""


def fold(sources: Mapping[str, str]) -> dict[str, str]:
    """The same modules (path -> text), constants written out; raises FoldError.

    All modules that import each other must be given. A constant that somebody needs by name
    (in an f-string, or bound a second time) stays where it is.
    """
    modules = {}
    for path, text in sources.items():
        name = name_of(path)
        modules[name] = Module(path, name, text, ast.parse(text, path))
    for module in modules.values():
        module.imported = imports_of(module.tree.body, modules)
    for module in modules.values():
        for node in module.tree.body:
            value_of(modules, module, defined(node) or "", ())
    for module in modules.values():
        _Uses(modules, module).visit(module.tree)
    dropped = {}
    for module in modules.values():
        _drop_imports(modules, module)
        dropped[module.name] = _drop_definitions(modules, module)
    folded = {module.path: edited(module.text, module.edits) for module in modules.values()}
    _check(folded, dropped)
    return folded


def _check(folded: Mapping[str, str], dropped: Mapping[str, set[str]]) -> None:
    """Nobody may ask for a constant that is no more, in whatever way."""
    trees = {path: ast.parse(text, path) for path, text in folded.items()}
    anywhere = set().union(*dropped.values())
    for tree in trees.values():
        anywhere -= bound_in(tree.body)  # something else goes by the same name
    for path, node in ((path, node) for path, tree in trees.items() for node in ast.walk(tree)):
        gone = False
        if isinstance(node, ast.ImportFrom):
            names = {alias.name for alias in node.names}
            gone = bool(names & dropped.get(node.module or "", set()))
        elif isinstance(node, ast.Attribute):
            gone = node.attr in anywhere
        if gone:
            raise FoldError(f"{path}: a constant is used in a way that cannot be folded")


class _Uses(ast.NodeVisitor):
    """Replaces every use of a constant in one module; notes the names that stay in use."""

    def __init__(self, modules: Mapping[str, Module], module: Module) -> None:
        self._modules = modules
        self._module = module
        self._starts = line_starts(module.text)
        self._local: list[set[str]] = []
        self._guests: list[dict[str, tuple[str, str]]] = []  # modules imported in functions
        self._in_text = False

    def _is_global(self, name: str) -> bool:
        return not any(name in names for names in self._local)

    def _import_of(self, name: str) -> "tuple[str, str]":
        """Where a name comes from that stands for something imported, else empty."""
        for names, imports in zip(reversed(self._local), reversed(self._guests), strict=True):
            if name in names:
                return imports.get(name, ("", ""))
        return self._module.imported.get(name, ("", ""))

    def _replace(self, node: ast.expr, number: int) -> None:
        assert node.end_lineno is not None and node.end_col_offset is not None
        start = self._starts[node.lineno - 1] + node.col_offset
        end = self._starts[node.end_lineno - 1] + node.end_col_offset
        text = str(number) if number >= 0 else f"({number})"
        self._module.edits.append((start, end, text))

    def visit_Name(self, node: ast.Name) -> None:
        """A bare name: a constant of this module or one imported by name."""
        name = node.id
        if not isinstance(node.ctx, ast.Load) or not self._is_global(name):
            return
        number = value_of(self._modules, self._module, name, ())
        if number is None or self._in_text:
            self._keep(self._module, name)
        elif not (name.startswith("_") and name in self._module.constants):
            self._replace(node, number)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        """`codes.V_ALLOW`: a constant of a module imported as a whole."""
        if isinstance(node.value, ast.Name):
            origin, inner = self._import_of(node.value.id)
            if origin and not inner:
                number = value_of(self._modules, self._modules[origin], node.attr, ())
                if number is not None and not self._in_text:
                    self._replace(node, number)
                    return
                self._keep(self._modules[origin], node.attr)
        self.generic_visit(node)

    def _keep(self, module: Module, name: str) -> None:
        """The name is needed at run time, here and where it comes from."""
        if name in module.kept:
            return
        module.kept.add(name)
        origin, inner = module.imported.get(name, ("", ""))
        if inner:
            self._keep(self._modules[origin], inner)

    def visit_Call(self, node: ast.Call) -> None:
        """`const(...)` is folded by the compiler, so the name itself is not used."""
        if isinstance(node.func, ast.Name) and node.func.id == "const":
            for argument in node.args:
                self.visit(argument)
            return
        self.generic_visit(node)

    def visit_If(self, node: ast.If) -> None:
        """What stands under TYPE_CHECKING is not compiled, so it uses nothing."""
        if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            self.visit(node.test)
            for statement in node.orelse:
                self.visit(statement)
            return
        self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        """Annotations are dropped by the compiler."""
        self.visit(node.target)
        if node.value is not None:
            self.visit(node.value)

    def visit_arg(self, node: ast.arg) -> None:
        """The same for arguments."""

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """Inside an f-string the places of names are not told: they stay."""
        outer, self._in_text = self._in_text, True
        self.generic_visit(node)
        self._in_text = outer

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """Names of a class body are no globals; nothing may be called like a constant there."""
        for name in bound_in(node.body):
            if value_of(self._modules, self._module, name, ()) is not None:
                raise FoldError(f"{self._module.path}: {node.name} has its own {name}")
        self.generic_visit(node)

    def visit_FunctionDef(self, node: "ast.FunctionDef | ast.AsyncFunctionDef") -> None:
        """A function: its arguments and assignments hide globals of the same name."""
        for part in (*node.decorator_list, *node.args.defaults, *node.args.kw_defaults):
            if part is not None:
                self.visit(part)
        arguments = node.args
        names = {a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
        names |= {a.arg for a in (arguments.vararg, arguments.kwarg) if a is not None}
        guests: dict[str, tuple[str, str]] = {}
        for inner_node in ast.walk(node):
            if isinstance(inner_node, ast.Import | ast.ImportFrom):
                guests.update(imports_of([inner_node], self._modules))
        for origin, inner in guests.values():
            if inner:  # a name imported inside a function is needed as it is
                self._keep(self._modules[origin], inner)
        self._local.append(names | bound_in(node.body))
        self._guests.append(guests)
        for statement in node.body:
            self.visit(statement)
        self._local.pop()
        self._guests.pop()

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815 - the name that ast looks for

    def visit_Lambda(self, node: ast.Lambda) -> None:
        """A lambda hides the names of its arguments."""
        self._local.append({argument.arg for argument in node.args.args})
        self._guests.append({})
        self.generic_visit(node)
        self._local.pop()
        self._guests.pop()


def _drop_imports(modules: Mapping[str, Module], module: Module) -> None:
    """Leave out of the import statements what nobody uses any more."""
    starts = line_starts(module.text)
    for node in module.tree.body:
        origin = node.module if isinstance(node, ast.ImportFrom) else None
        if not isinstance(node, ast.ImportFrom) or origin is None or origin not in modules:
            continue
        left = [alias for alias in node.names if _is_needed(modules, module, origin, alias)]
        if len(left) == len(node.names):
            continue
        assert node.end_lineno is not None and node.end_col_offset is not None
        start = starts[node.lineno - 1] + node.col_offset
        end = starts[node.end_lineno - 1] + node.end_col_offset
        text = ""
        if left:
            names = ", ".join(f"{a.name} as {a.asname}" if a.asname else a.name for a in left)
            text = f"from {origin} import {names}"
        module.edits.append((start, end, text + "\n" * (node.end_lineno - node.lineno)))


def _is_needed(
    modules: Mapping[str, Module], module: Module, origin: str, alias: ast.alias
) -> bool:
    bound = alias.asname or alias.name
    if origin == COMPAT and alias.name in _FOLDERS:
        return False
    if bound in module.kept:
        return True
    # A function or class that only callers of this module use (`F401`) is theirs to find here.
    return value_of(modules, module, bound, ()) is None and module.imported[bound][1] != ""


def _drop_definitions(modules: Mapping[str, Module], module: Module) -> set[str]:
    """Leave out the public constants that nobody needs by name; says which."""
    dropped = set()
    starts = line_starts(module.text)
    for node in module.tree.body:
        name = defined(node)
        if name is None or name.startswith("_") or name in module.kept:
            continue
        if value_of(modules, module, name, ()) is None:
            continue
        assert node.end_lineno is not None and node.end_col_offset is not None
        start = starts[node.lineno - 1] + node.col_offset
        end = starts[node.end_lineno - 1] + node.end_col_offset
        # Edits inside the dropped statement go with it.
        module.edits = [edit for edit in module.edits if not start <= edit[0] < end]
        module.edits.append((start, end, "\n" * (node.end_lineno - node.lineno)))
        dropped.add(name)
    return dropped
