"""Fuzzes every parser of tags, seals and reader frames; a line for each, one JSON line at the end.

    python tests/fuzz/tags_run.py [--inputs N] [--seed N] [--only NAME ...] [--processes N]

N inputs a parser. What an input is and who judges the answer: tags/. Begun again with the same
seed and folder it goes on where it was stopped; exit 1 after a crash, a hang or a wrong identity.
A finding is a place, NAME/BLOCK/NUMBER: --again PLACE --seed N runs that input once more.
"""

import argparse
import importlib
import json
import random
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "firmware"), str(ROOT / "host_tools"), str(ROOT / "tests")]

from fuzz.tags.case import Case, Target, Wrong  # noqa: E402 - needs the folders above

BUILD = ROOT / "build" / "fuzz"
BLOCK = 5000  # inputs made from one seed
HANG_S = 2.0  # of the processor, for one input
# parser -> where its target is
TARGETS = {
    "barcode": "barcodes.TARGET",
    "element_string": "element_strings.TARGET",
    "digital_link": "links.TARGET",
    "epc_classic": "epcs.TARGET",
    "epc_plus": "epcs.TARGET_PLUS",
    "ndef": "ndefs.TARGET",
    "ndef_type2": "ndef_memory.TARGET",
    "documents": "papers.TARGET",
    "chip_ids": "ids.TARGET",
    "rdm6300": "ids.TARGET_STREAM",
    "seal_message": "seals.TARGET",
    "seal_status": "seals.TARGET_ANSWER",
    "gm65": "engines.TARGET_GM65",
    "m3y": "engines.TARGET_M3Y",
    "ssi": "engines.TARGET_SSI",
    "ssi_scan": "engines.TARGET_SCAN",
    "barcode_line": "engines.TARGET_LINES",
    "r200": "radio.TARGET_R200",
    "pn532": "radio.TARGET_PN532",
    "iso14443a": "nfc.TARGET_UID",
    "type2_reading": "nfc.TARGET_TYPE2",
    "type4_reading": "nfc.TARGET_TYPE4",
    "tags_parse": "lines.TARGET",
}


class Hang(BaseException):
    """One input took more than HANG_S; no parser may swallow it."""


def target(name: str) -> Target:
    """The target of that name."""
    module, attribute = TARGETS[name].split(".")
    found = getattr(importlib.import_module(f"fuzz.tags.{module}"), attribute)
    assert isinstance(found, Target)
    return found


def cases(name: str, seed: int, block: int) -> Iterator[Case]:
    """The inputs of a block: the same ones for the same numbers."""
    rng = random.Random(f"{seed}/{name}/{block}")
    make = target(name).make
    while True:
        yield make(rng)


def _too_long(number: int, frame: "FrameType | None") -> None:
    raise Hang


def run_block(name: str, seed: int, block: int, inputs: int) -> dict[str, Any]:
    """Run one block; the counts, and the first finding of each kind."""
    check = target(name).check
    fates: Counter[str] = Counter(crashes=0, hangs=0, wrong=0)
    findings: dict[str, dict[str, str]] = {}
    kept = signal.signal(signal.SIGVTALRM, _too_long)
    begun = time.monotonic()
    try:
        for number, case in zip(range(inputs), cases(name, seed, block), strict=False):
            signal.setitimer(signal.ITIMER_VIRTUAL, HANG_S)
            try:
                fates[check(case)] += 1
            except (Exception, Hang) as error:
                fate = {Wrong: "wrong", Hang: "hangs"}.get(type(error), "crashes")
                fates[fate] += 1
                last = traceback.extract_tb(error.__traceback__)[-1]
                where = f"{Path(last.filename).name}:{last.lineno}"
                findings.setdefault(
                    f"{fate} {type(error).__name__} {where}",
                    {"what": str(error)[:400], "place": f"{name}/{block}/{number}",
                     "input": case.data[:600].hex()},
                )  # fmt: skip
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, kept)
    return {
        "target": name, "block": block, "inputs": inputs, "fates": dict(fates),
        "seconds": round(time.monotonic() - begun, 3), "findings": findings,
    }  # fmt: skip


def _done(notes: Path) -> dict[tuple[str, int], dict[str, Any]]:
    """The blocks that an earlier run of the same seed has finished."""
    if not notes.exists():
        return {}
    rows = [json.loads(line) for line in notes.read_text().splitlines() if line.endswith("}")]
    return {(row["target"], row["block"]): row for row in rows}


def fuzz(names: list[str], inputs: int, seed: int, processes: int) -> list[dict[str, Any]]:
    """Run all blocks that are not done yet; one row a parser, printed when it is complete."""
    BUILD.mkdir(parents=True, exist_ok=True)
    notes = BUILD / f"tags-{seed}.jsonl"
    done = _done(notes)
    blocks = [(n, min(BLOCK, inputs - n * BLOCK)) for n in range(-(-inputs // BLOCK))]
    rows = []
    with ProcessPoolExecutor(processes) as pool, notes.open("a") as out:
        for name in names:
            left = [b for b in blocks if done.get((name, b[0]), {}).get("inputs") != b[1]]
            results = [done[name, b[0]] for b in blocks if b not in left]
            waiting = [pool.submit(run_block, name, seed, *block) for block in left]
            for future in waiting:
                results.append(future.result())
                out.write(json.dumps(results[-1]) + "\n")
                out.flush()
            rows.append(_sum(name, results))
            print(_line(rows[-1]), flush=True)
    return rows


def _sum(name: str, results: list[dict[str, Any]]) -> dict[str, Any]:
    fates: Counter[str] = Counter(good=0, read=0, refused=0)
    findings: dict[str, dict[str, str]] = {}
    for result in results:
        fates.update(result["fates"])
        findings = result["findings"] | findings
    return {
        "parser": name, "inputs": sum(fates.values()), **fates,
        "seconds": round(sum(result["seconds"] for result in results), 1), "findings": findings,
    }  # fmt: skip


def _line(row: dict[str, Any]) -> str:
    text = (
        "{parser:15} {inputs:9,} inputs: {good:,} good and {read:,} damaged ones read, {refused:,}"
        " refused; crashes {crashes}, hangs {hangs}, wrong identities {wrong}; {seconds} s"
    ).format(**row)
    for kind, finding in row["findings"].items():
        text += f"\n    {finding['place']} {kind}: {finding['what']}\n        {finding['input']}"
    return text


def main() -> int:
    """See the first lines."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--inputs", type=int, default=1_000_000)
    options.add_argument("--processes", type=int, default=2)
    options.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1, 2**31))
    options.add_argument("--only", nargs="+", choices=TARGETS, default=list(TARGETS))
    options.add_argument("--again", metavar="NAME/BLOCK/NUMBER")
    chosen = options.parse_args()
    if chosen.again:
        name, block, number = chosen.again.split("/")
        for count, case in enumerate(cases(name, chosen.seed, int(block))):
            if count == int(number):
                print(case)
                print(target(name).check(case))
                return 0
    print(f"seed {chosen.seed}", flush=True)
    rows = fuzz(chosen.only, chosen.inputs, chosen.seed, chosen.processes)
    print(json.dumps({"seed": chosen.seed, "rows": rows}))
    return int(any(row["crashes"] or row["hangs"] or row["wrong"] for row in rows))


if __name__ == "__main__":
    sys.exit(main())
