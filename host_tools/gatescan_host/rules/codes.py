"""The code lists that all orders share, and the law models of single orders; read once.

Both stand in the copies in `rules/law/`. Categories, verdicts, obligations, facts and their words
hold for every order; provisions, citations and cases are those of the order that names the file
(`law` of an order file).
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

LAW = Path(__file__).parent / "law"


@cache
def provisions(law: str = "provisions.json") -> dict[str, Any]:
    """The whole of a law model, without a name the shared lists; treat it as read-only.

    Raises KeyError when `rules/law/` has no file `law`.
    """
    path = LAW / law
    if not path.is_file():
        raise KeyError(f"rules/law has no file {law}")
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return data


@cache
def citations(law: str = "provisions.json") -> tuple[str, ...]:
    """Every citation that a verdict may display, of a law model; raises KeyError."""
    return tuple(provisions(law)["citation_index"])


@cache
def code(kind: str, name: str) -> dict[str, Any]:
    """The entry of `name` in one of the lists (verdicts, obligations, categories, ...).

    Raises KeyError when there is none.
    """
    for entry in provisions()[kind]:
        if entry["code"] == name:
            found: dict[str, Any] = entry
            return found
    raise KeyError(f"{kind} has no code {name}")


def display(kind: str, name: str, lang: str) -> tuple[str, ...]:
    """The display lines of a code; lang is da, en or da_ascii."""
    return tuple(code(kind, name)["display"][lang])


@cache
def cases() -> tuple[dict[str, Any], ...]:
    """The scenario cases of cases.jsonl: id, group, facts, expect, why."""
    text = (LAW / "cases.jsonl").read_text(encoding="utf-8")
    return tuple(json.loads(line) for line in text.splitlines() if line)
