"""Gives methods and attributes of the firmware's classes short names, shared between classes.

One name gets the same short one everywhere, so that what looks alike still does; two names share
one where no class has both. A name stays that anything else could mean: one of Python's or a
port's own objects, of a module, of a keyword, of a string.
"""

import ast
from collections.abc import Iterator, Mapping
from keyword import kwlist

from gatescan_host.deploy import renaming
from gatescan_host.deploy.renaming import Function, Place

# Attributes of objects that are not ours: MicroPython's own, those of `machine`, `rp2`, `neopixel`
# and `vfs`, and of the devices and file systems that its C code calls. A test compares the
# firmware with what an interpreter has.
_OTHERS = """
active add aes any append appendleft bit_length blit buffer bytes cancel casefold cast center
chdir clear clock close config convert_time copy count datetime decode decrypt deinit difference
digest direction discard done duty duty_ns duty_u16 encode encrypt end endswith errors extend
feed fill find flags flush format freq from_bytes fromkeys get hex high hline ilistdir index info
init insert intersection ioctl ipoll irq irq_flags is_set isalpha isdigit isdisjoint islower
isspace issubset issuperset isupper items join keys kill line link list load log low lower lstrip
map memaddr message mkfs mode modify mount name next now off offset on open pack_ctrl partition
path pixel poll pop popitem popleft pull put read read_timed read_u16 readblocks readfrom
readfrom_into readfrom_mem readfrom_mem_into readinto rect recv register remove rename replace
reverse rfind rindex rpartition rsplit rstrip run scan scroll seek select send sendbreak set
setdefault shift show soft_reset sort split splitlines start startswith stat state statvfs step
stop stream strip tell text throw title to_bytes toggle txdone umount union unpack_ctrl
unregister update upper value values version vline wakeup write write_readinto write_timed
writeblocks writeto writeto_mem writevto zfill
"""


def short_names(sources: Mapping[str, str]) -> dict[str, str]:
    """Name -> short name of methods and attributes in modules (path -> text).

    All modules that use each other's objects must be given.
    """
    trees = {path: ast.parse(text, path) for path, text in sources.items()}
    stay = {*_OTHERS.split(), *kwlist}.union(*(_staying(tree) for tree in trees.values()))
    return renaming.shared(_families(trees), stay)


def renamed(text: str, short: Mapping[str, str]) -> str:
    """A module that uses those objects, with their short names."""
    return renaming.renamed(text, _places(ast.parse(text)), short)


def _places(tree: ast.Module) -> list[Place]:
    """Where attributes are named, and where methods are defined."""
    found: list[ast.AST] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            found.append(node)
        elif isinstance(node, ast.ClassDef):
            found.extend(part for part in node.body if isinstance(part, Function))
    return [place for node in found if (place := renaming.place_of(node))]


def _staying(tree: ast.Module) -> set[str]:
    """Names in this module that may mean something else than an attribute of a class of ours."""
    found = renaming.fixed_in(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "namedtuple":
            found.update(ast.unparse(node.args[1]).strip("'").replace(",", " ").split())
        elif isinstance(node, ast.Module | ast.ClassDef):
            inside = isinstance(node, ast.ClassDef)
            for part in _level(node.body):
                # A module's names are attributes of the module; in a class, plain names are read
                # and bound in ways that are none of an attribute.
                if isinstance(part, ast.Name):
                    found.add(part.id)
                elif not inside and isinstance(part, Function | ast.ClassDef):
                    found.add(part.name)
    return found


def _level(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """Every node of a body that is not inside a function or class of it."""
    waiting: list[ast.AST] = list(body)
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, Function):
            waiting.extend(node.decorator_list)
        elif not isinstance(node, ast.ClassDef | ast.Lambda):
            waiting.extend(ast.iter_child_nodes(node))


def _families(trees: Mapping[str, ast.Module]) -> list[set[str]]:
    """The attributes that must be told apart, a set for each class with its relatives."""
    names: dict[str, set[str]] = {}
    joined: dict[str, set[str]] = {}
    for tree in trees.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                names.setdefault(node.name, set()).update(_attributes(node))
                joined.setdefault(node.name, {node.name})
                for base in renaming.bases_of(node):
                    renaming.join(joined, node.name, base)
    return [set().union(*(names.get(one, set()) for one in family)) for family in joined.values()]


def _attributes(node: ast.ClassDef) -> set[str]:
    """Methods of a class, and what its methods bind to `self`."""
    found = {part.name for part in node.body if isinstance(part, Function)}
    for part in ast.walk(node):
        bound = isinstance(part, ast.Attribute) and isinstance(part.ctx, ast.Store)
        if bound and isinstance(part.value, ast.Name):  # type: ignore[attr-defined]
            found.add(part.attr)  # type: ignore[attr-defined]
    return {name for name in found if not name.startswith("_")}
