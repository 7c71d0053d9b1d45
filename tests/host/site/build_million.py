"""`gatescan table build` of a million items in a process of its own: seconds and memory, as JSON.

Run `make bench-build`, or: python tests/host/site/build_million.py [ITEMS [SEED]]. Exit 1 above
the budget of 60 s and 1.5 GB. The list is made first: valid codes in companies' ranges, shuffled.
"""

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from gatescan.core.tags import gtin
from gatescan_host.signing import keys
from gatescan_host.site.model import CATEGORIES

BUDGET_S = 60
BUDGET_BYTES = 1_500_000_000
SITE = """\
site_id: million
site_name: Million
institution: closed_prison
order_id: dk-2009
languages: [da]
valid_days: 14
items: {files: [items.csv]}
"""


def rows(count: int, rng: random.Random) -> Iterator[str]:
    """`count` lines of distinct codes: companies of 1,000 numbers, a few to most of them used."""
    for company in rng.sample(range(300_000_000, 976_000_000), count):
        used = rng.sample(range(1000), min(count, rng.choice((3, 20, 200, 900))))
        for number in used:
            digits = b"%09d%03d" % (company, number)
            check = gtin.check_digit(digits, 0, 12)
            yield f"{digits.decode()}{check},{rng.choice(CATEGORIES)}\n"
        count -= len(used)
        if not count:
            return


def main(count: int = 1_000_000, seed: int = 1) -> int:
    """Make the list, build the table, print the figures."""
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="gatescan-million-") as name:
        folder = Path(name)
        lines = list(rows(count, rng))
        rng.shuffle(lines)
        (folder / "items.csv").write_text("gtin,category\n" + "".join(lines))
        (folder / "site.yaml").write_text(SITE)
        keys.new_key(folder / "key", 5, keys.DEMO_LABEL)
        program = "from gatescan_host.cli.main import main; main()"
        words = ("table", "build", "site.yaml", "--key", "key", "-o", "out.gst", "--json")
        begun = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", program, *words], cwd=folder, stdout=subprocess.PIPE, check=True
        )
        seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024  # Linux counts in kB
    answer = json.loads(done.stdout)
    figures = {"seed": seed, "keys": answer["keys"], "bytes": answer["bytes"],
               "seconds": round(seconds, 1), "peak_bytes": peak}  # fmt: skip
    print(json.dumps(figures))
    return int(seconds > BUDGET_S or peak > BUDGET_BYTES or answer["keys"] != count)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
