"""In which order a start imports the modules: so they lie in the firmware's pack."""

import ast
from collections.abc import Iterator, Mapping

from gatescan_host.deploy.modules import name_of

_FIRST = "gatescan.app.start"  # what main.py imports
# What each start imports after that, inside of functions, until the scanner is ready: unpacking
# these one by one would take 70 ms.
SOON = (
    "decode_thumb.mpy", "sha256_thumb.mpy", "gatescan/app/bring_up.mpy", "gatescan/app/parts.mpy",
    "gatescan/app/slot_record.mpy", "gatescan/core/journal/survey.mpy",
    "gatescan/core/screens/da.mpy", "gatescan/core/smp/cbor.mpy", "gatescan/core/table/codes.mpy",
    "gatescan/core/table/codes_viper.mpy", "gatescan/core/table/directory.mpy",
    "gatescan/core/table/layers.mpy", "gatescan/core/table/site.mpy",
    "gatescan/core/trust/bundle.mpy", "gatescan/core/trust/lms.mpy",
    "gatescan/core/trust/manifest.mpy", "gatescan/core/trust/sha256.mpy",
)  # fmt: skip
_TWIN = "_plain"  # a module's other half, for boards without machine code


def start_order(sources: Mapping[str, str]) -> list[str]:
    """Paths of those `sources` (path -> text) that `import gatescan.app.start` loads, in order.

    Only imports outside of functions count; those inside happen later, if ever.
    """
    paths = {name_of(path): path for path in sources}
    trees = {name: ast.parse(sources[path], path) for name, path in paths.items()}
    order: dict[str, None] = {}

    def load(name: str) -> None:
        parts = name.split(".")
        for count in range(1, len(parts) + 1):
            module = ".".join(parts[:count])
            if module in trees and module not in order and not module.endswith(_TWIN):
                order[module] = None
                for inner in _imported(trees[module].body):
                    load(inner)

    load(_FIRST)
    return [paths[name] for name in order]


def _imported(body: list[ast.stmt]) -> Iterator[str]:
    """Names, dotted, that statements import in their turn; some are no modules."""
    for node in body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.If):
            if not (isinstance(node.test, ast.Constant) and not node.test.value):
                yield from _imported(node.body)
            yield from _imported(node.orelse)
        elif isinstance(node, ast.Try):
            yield from _imported(node.body)
            for handler in node.handlers:
                yield from _imported(handler.body)
            yield from _imported(node.orelse)
