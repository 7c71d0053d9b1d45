"""Reads a site file: YAML with line numbers, then the model, then mistakes in people's words."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from gatescan_host.rules import select
from gatescan_host.rules.orders import OrderError
from gatescan_host.site.errors import Place, Problems, SiteError
from gatescan_host.site.lawful import check_lawful
from gatescan_host.site.model import Site

_MAX_BYTES = 16 << 20
_Path = tuple[str | int, ...]


@dataclass(frozen=True)
class SiteFile:
    """A valid site file and where each part of it stands."""

    site: Site
    path: Path
    tree: CommentedMap

    def place(self, *loc: str | int) -> Place:
        """File and line of `loc`, such as ("inmates", 2, "card")."""
        return Place(self.path, _line(self.tree, loc))


def load_site(path: Path) -> SiteFile:
    """Read a site file, check its form and that its order allows what it says.

    Raises SiteError naming file, line and remedy.
    """
    tree = _read_yaml(path)
    try:
        site = Site.model_validate(_plain(tree))
    except ValidationError as error:
        problems = Problems()
        seen = set()
        for detail in error.errors():
            loc = _in_tree(tree, detail["loc"])
            sentence = _sentence(detail)
            if (loc, sentence) not in seen:
                seen.add((loc, sentence))
                problems.add(Place(path, _line(tree, loc)), sentence)
        problems.raise_if_any()
        raise
    source = SiteFile(site, path, tree)
    unlawful = Problems()
    # an order that is not there, or does not hold today, is for the compiler to tell
    with suppress(OrderError):
        today = select.named(site.order_id, datetime.now(UTC).date())
        check_lawful(source, today.order.order_id, unlawful)
    unlawful.raise_if_any()
    return source


def _read_yaml(path: Path) -> CommentedMap:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise SiteError([f"{path}: the file is larger than 16 MB: move items to CSV files."])
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise SiteError(
            [f"{path}: there is no such file: make one with `gatescan site init {path}`."]
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SiteError(
            [f"{path}: the file cannot be read ({error}): save it as UTF-8 text."]
        ) from None
    try:
        tree = YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        what = str(error.problem or error.context or "no YAML").split("\n")[0]
        what = what.split(" with value")[0]  # the value may be the password in a URL
        raise SiteError(
            [f"{Place(path, line)}: this is not YAML ({what}): check indent, colons, quotes."]
        ) from None
    except (YAMLError, ValueError, RecursionError) as error:
        what = str(error).split("\n")[0]
        raise SiteError([f"{path}: this is not YAML ({what}): mend or rewrite it."]) from None
    if not isinstance(tree, CommentedMap):
        raise SiteError(
            [f"{path}: a site file is a list of `key: value` lines: see `gatescan site init`."]
        )
    return tree


def _plain(value: Any, depth: int = 0) -> Any:
    """The tree without ruamel's own types, which strict models refuse."""
    if depth > 20:
        raise SiteError(["The site file is nested too deeply: mend its indent."])
    if isinstance(value, dict):
        return {str(k): _plain(v, depth + 1) for k, v in value.items()}
    if isinstance(value, list):
        return [_plain(v, depth + 1) for v in value]
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value)
    return str(value)


def _in_tree(tree: Any, loc: _Path) -> _Path:
    """`loc` without the parts that name a branch of a union and stand nowhere in the file."""
    out: list[str | int] = []
    for number, part in enumerate(loc):
        inside = isinstance(tree, CommentedMap) and (part in tree or number == len(loc) - 1)
        inside = inside or (
            isinstance(tree, CommentedSeq) and isinstance(part, int) and part < len(tree)
        )
        if not inside:
            continue
        out.append(part)
        if isinstance(tree, CommentedSeq) or part in tree:
            tree = tree[part]
    return tuple(out)


def _line(tree: Any, loc: _Path) -> int:
    """Line of the deepest part of `loc` that stands in the file, counted from 1."""
    line = 1
    for part in loc:
        try:
            if isinstance(tree, CommentedMap) and part in tree:
                line = tree.lc.key(part)[0] + 1
            elif isinstance(tree, CommentedSeq) and isinstance(part, int):
                line = tree.lc.item(part)[0] + 1
            else:
                break
        except KeyError:  # merged from an anchor: the line of the whole is near enough
            break
        tree = tree[part]
    return line


def _sentence(detail: ErrorDetails) -> str:
    key = ".".join(str(part) for part in detail["loc"] if isinstance(part, str)) or "the file"
    last = str(detail["loc"][-1]) if detail["loc"] else "the file"
    kind = detail["type"]
    context = detail.get("ctx", {})
    if kind == "extra_forbidden":
        return f"key '{last}' is not known here: remove it or correct its spelling."
    if kind == "missing":
        return f"key '{last}' is missing: add it."
    if kind == "value_error":
        return f"'{key}' {context['error']}."
    if kind == "literal_error":
        return f"'{detail['input']}' does not fit '{key}': use {context['expected']}."
    if kind == "string_pattern_mismatch":
        return (
            f"'{detail['input']}' does not fit '{key}': write it in the form"
            f" {context['pattern']}."
        )
    message = detail["msg"][0].lower() + detail["msg"][1:]
    return f"'{key}': {message}, found {detail['input']!r}: correct the value."
