"""Fuzzes the shipped table reader with atheris: two processes, one JSON line at the end.

    python tests/fuzz/run.py [--inputs N] [--seed N] [--processes N]

Coverage of core/table guides what is tried next; the input is what target.py says. Exit 1 after a
crash, a hang or a wrong allow; the inputs are kept in build/fuzz and run again with --replay FILE.
"""

import argparse
import importlib.util
import json
import os
import random
import subprocess
import sys
import time
import traceback
from collections import Counter
from hashlib import sha256
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "firmware"), str(ROOT / "host_tools"), str(ROOT / "tests")]
BUILD = ROOT / "build" / "fuzz"
MAX_INPUT_BYTES = 600
TIMEOUT_S = 20
_NOTED_EVERY = 500


class Tally:
    """Counts what became of the inputs, and keeps one input of each kind of finding."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.inputs = 0
        self.fates: Counter[str] = Counter()
        self.findings: dict[str, dict[str, Any]] = {}

    def take(self, data: bytes) -> None:
        """Run one input."""
        from fuzz.oracle import Hang, WrongAllow
        from fuzz.target import one

        self.inputs += 1
        try:
            fate = one(data)
        except Exception as error:
            frames = traceback.extract_tb(error.__traceback__)
            last = frames[-1]
            what = f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}: {error}"
            fate = {Hang: "hangs", WrongAllow: "wrong_allows"}.get(type(error), "crashes")
            kind = what[:80] if fate == "crashes" else what
            path = self.folder / f"found-{sha256(data).hexdigest()[:12]}.bin"
            if kind not in self.findings:
                path.write_bytes(data)
                self.findings[kind] = {"what": what, "input": str(path), "times": 0}
            self.findings[kind]["times"] += 1
        self.fates[fate] += 1

    def note(self) -> None:
        """Write the figures where the process that waits finds them."""
        text = json.dumps(
            {"inputs": self.inputs, **self.fates, "findings": list(self.findings.values())}
        )
        path = self.folder / "tally.json"
        path.with_suffix(".new").write_text(text)
        path.with_suffix(".new").replace(path)


def work(folder: Path, inputs: int, seed: int) -> None:
    """One process: ends the interpreter after so many inputs."""
    import atheris

    with atheris.instrument_imports(include=["gatescan.core.table"]):
        from fuzz import target

    target.hasten()
    tally = Tally(folder)

    def take(data: bytes) -> None:
        tally.take(data)
        if tally.inputs % _NOTED_EVERY == 0 or tally.inputs >= inputs:
            tally.note()
        if tally.inputs >= inputs:
            os._exit(0)  # libFuzzer never returns

    options = [f"-seed={seed}", f"-max_len={MAX_INPUT_BYTES}", f"-timeout={TIMEOUT_S}",
               f"-artifact_prefix={folder}/", "-verbosity=0", str(folder / "corpus")]  # fmt: skip
    atheris.Setup([sys.argv[0], *options], take)
    atheris.Fuzz()


def fuzz(inputs: int, seed: int, processes: int) -> dict[str, Any]:
    """Start the processes, tell of the progress, and add up their figures."""
    from fuzz import make_corpus

    begun = time.monotonic()
    corpus = make_corpus.read()
    folders = [BUILD / str(number) for number in range(processes)]
    running = []
    for number, folder in enumerate(folders):
        (folder / "corpus").mkdir(parents=True, exist_ok=True)
        for name, data in corpus.items():
            (folder / "corpus" / name).write_bytes(data)
        for left in folder.glob("t*-*"):  # of an earlier run that hung
            left.unlink()
        (folder / "tally.json").unlink(missing_ok=True)
        command = [sys.executable, __file__, "--worker", str(folder), "--seed",
                   str(seed + number), "--inputs", str(inputs // processes)]  # fmt: skip
        log = (folder / "log.txt").open("w")
        running.append(subprocess.Popen(command, stdout=log, stderr=log))
    while any(process.poll() is None for process in running):
        time.sleep(2)
        done = sum(_tally(folder).get("inputs", 0) for folder in folders)
        if sys.stderr.isatty():
            print(f"\r{done} of {inputs} inputs", end="", file=sys.stderr, flush=True)
    total: Counter[str] = Counter(crashes=0, hangs=0, wrong_allows=0)
    findings = []
    for process, folder in zip(running, folders, strict=True):
        tally = _tally(folder)
        findings += tally.pop("findings", [])
        total.update(tally)
        if process.returncode:
            hung = [str(path) for path in folder.glob("timeout-*")]
            total["hangs" if hung else "crashes"] += 1
            findings.append({"what": "process ended", "input": hung or f"{folder}/log.txt"})
    return {
        "inputs": total.pop("inputs", 0), **total, "seed": seed, "processes": processes,
        "corpus": len(corpus),
        "seconds": round(time.monotonic() - begun, 1), "findings": findings,
    }  # fmt: skip


def _tally(folder: Path) -> dict[str, Any]:
    path = folder / "tally.json"
    return json.loads(path.read_text()) if path.exists() else {}


def main() -> int:
    """See the first lines."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--inputs", type=int, default=1_000_000)
    options.add_argument("--processes", type=int, default=2)
    options.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1, 2**31))
    options.add_argument("--replay", type=Path)
    options.add_argument("--worker", type=Path, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.replay:
        from fuzz.target import one

        print(one(chosen.replay.read_bytes()))
        return 0
    if chosen.worker:
        work(chosen.worker, chosen.inputs, chosen.seed)
        return 0
    if importlib.util.find_spec("atheris") is None:
        print("atheris is not installed: run `make fuzz`.", file=sys.stderr)
        return 1
    result = fuzz(chosen.inputs, chosen.seed, chosen.processes)
    print(json.dumps(result))
    bad = result["crashes"] or result["hangs"] or result["wrong_allows"]
    return 1 if bad or result["inputs"] < chosen.inputs // chosen.processes else 0


if __name__ == "__main__":
    sys.exit(main())
