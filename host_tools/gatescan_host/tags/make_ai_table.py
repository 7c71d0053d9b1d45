"""Compiles GS1's Syntax Dictionary into firmware/gatescan/core/tags/ai_table.py.

    python -m gatescan_host.tags.make_ai_table gs1-syntax-dictionary.txt > .../ai_table.py

The dictionary (github.com/gs1/gs1-syntax-dictionary) names every application identifier with its
format, its checks and what it needs or excludes; its head describes its syntax. ai.py, lint.py
and associations.py read what is written here.
"""

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

# A check's number is its place here, from 1: the order of lint.py and lint_fields.py.
LINTERS = (
    *("csum", "gcppos1", "gcppos2", "yymmd0", "yymmdd"),
    *("yyyymmdd", "hh", "mi", "ss", "hhmi"),
    *("zero", "nonzero", "nozeroprefix", "hasnondigit", "hyphen", "yesno", "winding", "iso5218"),
    *("importeridx", "mediatype", "pieceoftotal", "posinseqslash", "pcenc"),
    *("latitude", "longitude", "csumalpha", "iban"),
    *("iso3166", "iso3166999", "iso3166alpha2", "iso4217", "packagetype"),
    *("couponcode", "couponposoffer"),
)
CHARACTER_SETS = "NXYZ"
OPTIONAL, VARIABLE, LAST = 4, 8, 16  # and the number of checks in the bits above
PREDEFINED = 0x80  # in the first byte of a kind
OWN_SERIES = "="  # excluded: the others of the identifier's own first three digits

_COMPONENT = re.compile(r"(\[?)([NXYZ])(\.\.)?(\d+)(\]?)((?:,\w+)*)")
_HEAD = '''"""All GS1 application identifiers, as gatescan_host.tags.make_ai_table writes them.

Source: GS1 Barcode Syntax Dictionary. How to read it: ai.py, lint.py, associations.py; LINK_KEYS
are a Digital Link's primary keys with their qualifiers, PATH_ONLY is no attribute of one.
"""

'''


class DictionaryError(ValueError):
    """The dictionary says something that the table cannot hold."""


@dataclass(frozen=True)
class Entry:
    """One line of the dictionary."""

    first: str
    last: str
    flags: str
    components: tuple[str, ...]
    required: str
    excluded: str
    qualifiers: str | None  # of a Digital Link primary key

    @property
    def names(self) -> list[str]:
        """The application identifiers that the line stands for."""
        digits = len(self.first)
        return [f"{n:0{digits}}" for n in range(int(self.first), int(self.last) + 1)]


def parse(text: str) -> list[Entry]:
    """The entries of a dictionary, in its order; raises DictionaryError."""
    return [_entry(line.split("#")[0].split()) for line in text.splitlines() if line[:1].isdigit()]


def _entry(words: list[str]) -> Entry:
    first, _, last = words.pop(0).partition("-")
    flags = words.pop(0) if words[0][0] not in "[" + CHARACTER_SETS else ""
    attributes: dict[str, str] = {}
    components = []
    for word in words:
        if _COMPONENT.fullmatch(word):
            components.append(word)
            continue
        name, _, value = word.partition("=")
        if name not in ("req", "ex", "dlpkey") or name in attributes:
            raise DictionaryError(f"({first}): `{word}` is nothing this program knows.")
        attributes[name] = value
    entry = Entry(
        first,
        last or first,
        flags,
        tuple(components),
        attributes.get("req", ""),
        attributes.get("ex", ""),
        attributes.get("dlpkey"),
    )
    if set(flags) - {"*", "?"} or ("*" in flags and len(components) != 1):
        raise DictionaryError(f"({first}): the flags `{flags}` do not fit its format.")
    return entry


def _format(components: Iterable[str]) -> bytes:
    """A component: what it is, its greatest length, its checks."""
    out = b""
    parts = [_COMPONENT.fullmatch(component) for component in components]
    for part in parts:
        assert part is not None  # _entry took them
        optional, letter, variable, length, closed, checks = part.groups()
        names = checks.split(",")[1:]
        unknown = set(names) - set(LINTERS)
        if unknown or bool(optional) != bool(closed) or len(names) > 7:
            raise DictionaryError(f"`{part.group()}`: this component or its checks are not known.")
        head = CHARACTER_SETS.index(letter) | len(names) << 5
        head |= (OPTIONAL if optional else 0) | (VARIABLE if variable else 0)
        head |= LAST if part is parts[-1] else 0
        out += bytes((head, int(length), *(LINTERS.index(name) + 1 for name in names)))
    return out


class _Pool:
    """Byte strings behind one another, each once."""

    def __init__(self, start: bytes = b"") -> None:
        self.content = start
        self._places: dict[bytes, int] = {}

    def place(self, item: bytes) -> int:
        if item not in self._places:
            self._places[item] = len(self.content)
            self.content += item
        return self._places[item]


def compile_table(entries: list[Entry]) -> dict[str, bytes]:
    """The constants of ai_table.py; raises DictionaryError."""
    formats, rules, kinds = _Pool(), _Pool(b";"), _Pool()
    rows: list[tuple[str, int]] = []
    for entry in entries:
        excluded = entry.excluded
        if excluded == entry.first[:3] + "n":
            excluded = OWN_SERIES
        where = formats.place(_format(entry.components))
        where |= (PREDEFINED if "*" in entry.flags else 0) << 8
        facts = where.to_bytes(2, "big")
        for rule in (entry.required, excluded):
            facts += (rules.place(rule.encode() + b";") if rule else 0).to_bytes(2, "big")
        rows += [(name, kinds.place(facts) // len(facts)) for name in entry.names]
    rows.sort()
    table = {
        "FIRST": _first(rows),
        "TAILS": bytes(int(name[2:] or "0") for name, _ in rows),
        "KINDS": bytes(kind for _, kind in rows),
        "FACTS": kinds.content,
        "FORMATS": formats.content,
        "RULES": rules.content,
    }
    keys = [f"{e.first}={e.qualifiers}" for e in entries if e.qualifiers is not None]
    table["LINK_KEYS"] = f" {' '.join(keys)} ".encode()
    names = [name for entry in entries if "?" not in entry.flags for name in entry.names]
    table["PATH_ONLY"] = f" {' '.join(names)} ".encode()
    return table


def _first(rows: list[tuple[str, int]]) -> bytes:
    """Per two first digits: how many digits follow them, and the first row."""
    out = b""
    for prefix in range(101):
        lengths = {len(name) for name, _ in rows if name[:2] == f"{prefix:02}"}
        if len(lengths) > 1:
            raise DictionaryError(f"Identifiers that begin with {prefix:02} differ in length.")
        row = sum(name[:2] < f"{prefix:02}" for name, _ in rows) if prefix < 100 else len(rows)
        out += ((max(lengths, default=2) - 2) << 14 | row).to_bytes(2, "big")
    return out


def _constant(name: str, data: bytes) -> str:
    """The bytes as a constant of Python, in lines as `ruff format` leaves them."""
    lines, line = [], ""
    for byte in data:
        one = chr(byte) if 32 <= byte < 127 and byte not in b'"\\' else f"\\x{byte:02x}"
        if len(line) + len(one) > 90:
            lines.append(f'b"{line}"')
            line = ""
        line += one
    lines.append(f'b"{line}"')
    if len(lines) == 1 and len(name) + len(lines[0]) <= 96:
        return f"{name} = {lines[0]}\n"
    return f"{name} = (\n" + "".join(f"    {part}\n" for part in lines) + ")\n"


def source_of(text: str) -> str:
    """The source of ai_table.py for a dictionary's text; raises DictionaryError."""
    return _HEAD + "".join(_constant(*item) for item in compile_table(parse(text)).items())


def main() -> int:
    """Print the table of the dictionary that the command line names."""
    try:
        sys.stdout.write(source_of(Path(sys.argv[1]).read_text(encoding="utf-8")))
    except (DictionaryError, OSError, IndexError) as fault:
        print(f"No table was made: {fault}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
