"""How many vectors of each kind Gatescan, biip and epcpy read as the vectors say: a table.

    python tests/bench/compare_tags.py [--json] [--failed] [--vectors FOLDER]

All are judged alike: what must be refused is refused, anything else is read, and where a value is
expected it is that value. `-` stands for kinds that a peer does not read; the reason is below.
"""

import argparse
import json
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / name) for name in ("firmware", "host_tools", "tests")]

from bench.tag_kinds import KINDS  # noqa: E402 - needs the folders above
from bench.tag_questions import ANY, Kind, Vector  # noqa: E402 - needs the folders above

READERS = ("gatescan", "biip", "epcpy")


def _passes(ask: Callable[[Vector], Any], vector: Vector, want: Any) -> bool:
    try:
        answer = ask(vector)
    except Exception:  # every peer has errors of its own, and some raise others
        answer = None
    if want is None or answer is None:
        return want is answer
    return want is ANY or answer == want


def rows(folder: Path, kinds: tuple[Kind, ...] = KINDS) -> list[dict[str, Any]]:
    """One row a kind: the number of its vectors, of each reader the passed ones and the failed."""
    files: dict[str, list[Vector]] = {}
    out = []
    for kind in kinds:
        if kind.file not in files:
            lines = (folder / f"{kind.file}.jsonl").read_text(encoding="utf-8").splitlines()
            files[kind.file] = [json.loads(line) for line in lines]
        vectors = [vector for vector in files[kind.file] if kind.select(vector)]
        row: dict[str, Any] = {"kind": kind.name, "file": kind.file, "vectors": len(vectors)}
        for reader in READERS:
            ask = getattr(kind, reader)
            if isinstance(ask, str):
                row[reader] = {"passed": None, "reason": ask}
                continue
            failed = [v for v in vectors if not _passes(ask, v, kind.want(v))]
            row[reader] = {"passed": len(vectors) - len(failed), "failed": failed}
        out.append(row)
    return out


def table(found: list[dict[str, Any]]) -> str:
    """The rows as Markdown, the reasons below."""
    titles = ["Gatescan"] + [f"{name} {version(name)}" for name in READERS[1:]]
    lines = [f"| kind | vectors | {' | '.join(titles)} |", "|---|---|---|---|---|"]
    reasons: dict[str, list[str]] = {}
    for row in found:
        cells = []
        for reader in READERS:
            passed = row[reader]["passed"]
            cells.append("-" if passed is None else str(passed))
            if passed is None:
                reasons.setdefault(f"{reader}: {row[reader]['reason']}", []).append(row["kind"])
        lines.append(f"| `{row['kind']}` | {row['vectors']} | {' | '.join(cells)} |")
    sums = [sum(row[reader]["passed"] or 0 for row in found) for reader in READERS]
    lines.append(
        f"| all | {sum(row['vectors'] for row in found)} | {' | '.join(map(str, sums))} |"
    )
    for why, kinds in reasons.items():
        which = ", ".join(kinds) if len(kinds) < 3 else f"{len(kinds)} kinds"
        lines.append(f"\n`-` {why} ({which})")
    return "\n".join(lines)


def main() -> int:
    """See the first lines."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--json", action="store_true")
    options.add_argument("--failed", action="store_true", help="print what Gatescan fails")
    options.add_argument("--vectors", type=Path, default=ROOT.parent / "shared" / "tags")
    chosen = options.parse_args()
    if not chosen.vectors.is_dir():
        print(f"No vectors in {chosen.vectors}: say where with --vectors.", file=sys.stderr)
        return 1
    found = rows(chosen.vectors)
    if chosen.json:
        print(json.dumps({"schema": 1, "rows": found}))
        return 0
    print(table(found))
    if chosen.failed:
        for row in found:
            for vector in row["gatescan"].get("failed", ()):
                print(row["kind"], json.dumps(vector, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
