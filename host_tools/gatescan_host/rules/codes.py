"""Codes, texts and cases of the law model, from the copies in `rules/law/`; read once."""

import json
from functools import cache
from pathlib import Path
from typing import Any

LAW = Path(__file__).parent / "law"


@cache
def provisions() -> dict[str, Any]:
    """The whole of provisions.json; treat it as read-only."""
    data: dict[str, Any] = json.loads((LAW / "provisions.json").read_text(encoding="utf-8"))
    return data


@cache
def provision_ids() -> frozenset[str]:
    """Ids of all provisions ("2.1.11")."""
    return frozenset(p["id"] for p in provisions()["provisions"])


@cache
def citations() -> tuple[str, ...]:
    """Every citation that a verdict may display."""
    return tuple(provisions()["citation_index"])


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
