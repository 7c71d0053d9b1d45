"""Breaks one thing of the order at a time and asks who notices: the cases, or else the proofs.

    python tests/proof/mutations.py [--count N | --count all] [--seed N] [--prove] [--record]

One JSON line with counts a kind and what is left; exit 1 where something is left that
`unnoticed.txt` does not list, or the order is no longer the one of that file. A line there is a
mutant that no case notices: `equivalent` (the solver has proved that it answers all facts alike),
`proofs` (a proof of the order fails) or `survived` (not noticed yet; it may be equivalent too).
With --prove the solver is asked about each that is not on record, some seconds a mutant; --record
writes what was found.
"""

import argparse
import json
import random
import sys
import time
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from zlib import crc32

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from gatescan.core.law.policy import Policy
from gatescan_host.rules import orders, rulebook
from gatescan_host.rules.compiler import encode
from gatescan_host.rules.orders import OrderError
from gatescan_host.rules.proofs import complete, safety, unambiguous
from gatescan_host.rules.proofs.scene import scenes
from gatescan_host.rules.proofs.vocabulary import as_facts
from gatescan_host.rules.rulebook import Rulebook
from proof.difference import Differences, only_moved
from proof.mutants import Mutant, mutants
from proof.verdict_cases import Scenario, scenarios

ORDER = "dk-2009"
UNNOTICED = Path(__file__).with_name("unnoticed.txt")
PROCESSES = 2
KILLED = ("refused", "cases", "proofs")


@dataclass(frozen=True)
class Fate:
    """What became of a mutant: refused, same bytes, cases, equivalent, proofs or survived."""

    kind: str
    mutant: str
    fate: str
    by: str = ""  # the case or proof that noticed
    facts: dict[str, Any] | None = None  # that tell a survivor from the order


class Judge:
    """The order, its cases and what is recorded about it; the solver is made when it is asked."""

    def __init__(self, prove: bool = False) -> None:
        self.book = rulebook.build(orders.load(orders.path_of(ORDER)))
        self.compiled = encode(self.book)
        self.cases = scenarios()
        self.policy = Policy(self.compiled)
        self.recorded = recorded(self.compiled)
        self._prove = prove
        self._differences: Differences | None = None

    def fate(self, mutant: Mutant) -> Fate:
        """What becomes of a mutant. Raises OrderError where the solver gives up."""
        def found(fate: str, by: str = "", facts: dict[str, Any] | None = None) -> Fate:
            return Fate(mutant.kind, mutant.name, fate, by, facts)

        try:
            compiled = encode(mutant.book())
        except OrderError as refused:
            return found("refused", str(refused))
        if compiled == self.compiled:
            return found("equivalent", "same bytes")
        killer = noticed(Policy(compiled), self.cases, mutant)
        if killer is not None:
            return found("cases", killer.id)
        if mutant.kind == "group" and only_moved(self.book, mutant.book()):
            return found("equivalent", "order")
        known = self.recorded.get(mutant.name)
        if known == "equivalent":
            return found("equivalent", "recorded")
        if not self._prove:
            return found("survived" if known is None else known, "recorded" if known else "")
        if self._differences is None:
            self._differences = Differences(self.book)
        vector = self._differences.find(mutant)
        if vector is None:
            return found("equivalent", "solver")
        proof = failing(mutant.book(), vector[0], vector[1])
        return found("survived" if proof is None else "proofs", proof or "", as_facts(vector))


def noticed(policy: Policy, cases: list[Scenario], mutant: Mutant) -> Scenario | None:
    """The first case that the mutant answers wrongly."""
    return next((case for case in cases
                 if case.place[0] in mutant.places[0] and case.place[1] in mutant.places[1]
                 and not case.answered(policy.evaluate(case.vector))), None)


def failing(book: Rulebook, institution: int, channel: int) -> str | None:
    """The name of a proof that fails at one place."""
    places = scenes(book, [institution], [channel])
    for prove in (complete.prove, unambiguous.prove, safety.prove):
        proof = prove(places, lambda _: None)
        if not proof.holds:
            return proof.name
    return None


def recorded(compiled: bytes) -> dict[str, str]:
    """What is known of the mutants that no case notices; nothing where the order has changed."""
    lines = UNNOTICED.read_text(encoding="utf-8").splitlines() if UNNOTICED.exists() else []
    if not lines or lines[0] != _mark(compiled):
        return {}
    return {name: fate for fate, name in (line.split("\t") for line in lines[1:])}


def record(compiled: bytes, fates: list[Fate]) -> None:
    """Write what recorded() reads."""
    lines = sorted(f"{fate.fate}\t{fate.mutant}" for fate in fates
                   if fate.fate in ("survived", "proofs") or fate.by in ("solver", "recorded"))
    UNNOTICED.write_text("\n".join([_mark(compiled), *lines]) + "\n", encoding="utf-8")


def _mark(compiled: bytes) -> str:
    return f"order {crc32(compiled):08x}"


@cache
def _judge(prove: bool) -> Judge:
    return Judge(prove)


@cache
def _all() -> list[Mutant]:
    return list(mutants(_judge(False).book))


def _one(job: tuple[int, bool]) -> Fate:
    number, prove = job
    return _judge(prove).fate(_all()[number])


def report(fates: list[Fate]) -> dict[str, Any]:
    """Counts a kind, the score (noticed, of those that are not equivalent) and what is left."""
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    for fate in fates:
        kinds[fate.kind][fate.fate] += 1
    total = sum(kinds.values(), Counter())
    counted = len(fates) - total["equivalent"]
    killed = sum(total[fate] for fate in KILLED)
    left = [fate for fate in fates if fate.fate == "survived"]
    return {
        "mutants": len(fates), **total, "score": round(100 * killed / max(counted, 1), 2),
        "kinds": {kind: dict(counts) for kind, counts in sorted(kinds.items())},
        "survivors": [fate.mutant for fate in left if fate.by == "recorded"],
        "unrecorded": [asdict(fate) for fate in left if fate.by != "recorded"]}


def main() -> int:
    """The program; returns the exit code."""
    ask = argparse.ArgumentParser(description="Break the order and see what notices.")
    ask.add_argument("--seed", type=int, default=0)
    ask.add_argument("--count", default="all")
    ask.add_argument("--prove", action="store_true")
    ask.add_argument("--record", action="store_true")
    given = ask.parse_args()
    start = time.monotonic()
    numbers = list(range(len(_all())))
    if given.count != "all":
        numbers = random.Random(given.seed).sample(numbers, min(int(given.count), len(numbers)))
    fates: list[Fate] = []
    with get_context("fork").Pool(PROCESSES) as pool:
        jobs = ((number, given.prove) for number in numbers)
        for fate in pool.imap_unordered(_one, jobs, chunksize=8):
            fates.append(fate)
            if len(fates) % 200 == 0:
                print(f"{len(fates)} of {len(numbers)}", file=sys.stderr, flush=True)
    if given.record:
        record(_judge(False).compiled, fates)
    answer = {"seed": given.seed, "seconds": round(time.monotonic() - start, 1), **report(fates)}
    print(json.dumps(answer, ensure_ascii=False))
    return 1 if answer["unrecorded"] and not given.record else 0


if __name__ == "__main__":
    sys.exit(main())
