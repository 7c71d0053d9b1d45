"""What the Pico's benchmark runs on: a table of 100,000 items, two small ones, their key.

Made once into build/bench; the same seed gives the same items. Delete the folder to make it anew.
"""

import csv
import json
import random
import tempfile
from pathlib import Path
from typing import NamedTuple

from gatescan.app import storage
from gatescan.app.settings import Settings
from gatescan.core.tags import gtin
from gatescan.core.trust import lms
from gatescan_host.signing import bundle, keys
from gatescan_host.simulator.demo_table import site_file
from gatescan_host.table.signed import build_signed

FOLDER = Path(__file__).resolve().parents[2] / "build" / "bench"
SITE_ID = "vestre"
DEVICE_KEY = bytes(range(32))
ITEMS = 100_000
SEED = 20091104
_SAMPLE = 400  # codes that the benchmark may scan
_COMPANIES = 4000  # prefixes from which the codes are made
_RANGES = (  # of company prefixes: France, Germany, Britain, Denmark
    (3_000_000, 3_790_000), (4_000_000, 4_400_000), (5_000_000, 5_099_999), (5_700_000, 5_799_999),
)  # fmt: skip


class Material(NamedTuple):
    """Signed table files, and codes of items in the big one."""

    big: bytes
    small: bytes
    update: bytes  # newer than both
    codes: list[str]


def material() -> Material:
    """The material, made on the first call (half a minute) and read back after it."""
    sample = FOLDER / "codes.json"
    if not sample.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        _make(sample)
    big, small, update = (FOLDER / f"{name}.gst" for name in ("big", "small", "update"))
    made = json.loads(sample.read_text(encoding="utf-8"))
    return Material(big.read_bytes(), small.read_bytes(), update.read_bytes(), made)


def codes(count: int, seed: int = SEED) -> list[str]:
    """`count` different retail codes of 13 digits, clustered by company as real ones are."""
    rng = random.Random(seed)
    companies = [rng.randrange(*rng.choice(_RANGES)) for _ in range(_COMPANIES)]
    bodies: dict[str, None] = {}
    while len(bodies) < count:
        bodies[f"{rng.choice(companies):07d}{rng.randrange(100_000):05d}"] = None
    return [f"{body}{gtin.check_digit(body.encode(), 0, 12)}" for body in bodies]


def _make(sample: Path) -> None:
    rng = random.Random(SEED)
    source = site_file()
    demo_rows = (source.parent / "products.csv").read_text(encoding="utf-8")
    lines = [line for line in demo_rows.splitlines() if line and not line.startswith("#")]
    header, *rows = csv.reader(lines)
    column = header.index("category")
    categories = [row[column] for row in rows]
    known = {row[header.index("gtin")].lstrip("0") for row in rows}
    made = [code for code in codes(ITEMS) if code not in known]
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / source.name
        site.write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
        with (Path(folder) / "products.csv").open("w", encoding="utf-8", newline="") as file:
            file.write(demo_rows.rstrip("\n") + "\n")
            writer = csv.writer(file, lineterminator="\n")
            for code in made:
                row = dict.fromkeys(header, "")
                row["gtin"], row["category"] = "0" + code, rng.choice(categories)
                writer.writerow(row.values())
        key = Path(folder) / "DEMO-bench"
        keys.new_key(key, 5, keys.DEMO_LABEL)
        (FOLDER / "public").write_bytes(keys.public(key))
        for name, file in (("big", site), ("small", source), ("update", source)):
            (FOLDER / f"{name}.gst").write_bytes(build_signed(file, key).data)
    sample.write_text(json.dumps(sorted(made)[:: len(made) // _SAMPLE]), encoding="utf-8")


def flash_files(data: bytes, public: bytes = b"") -> dict[str, bytes]:
    """The files that a scanner holds which was provisioned and has synced `data`.

    `public`: the key that signed it; without it, that of this material.
    """
    public = public or (FOLDER / "public").read_bytes()
    head = bundle.parse(data)
    key_id = lms.key_id(public)
    floor = (key_id, head.manifest.seq, lms.signature_index(head.signature))
    with tempfile.TemporaryDirectory() as folder:
        Settings(folder, b"").provision(DEVICE_KEY, public, SITE_ID, "da")
        record = {"slot": "a", "key": key_id, "floors": [floor]}
        storage.write_record(folder + "/slots", record)
        files = {path.name: path.read_bytes() for path in Path(folder).iterdir()}
    return {**files, "table-a.gst": data}
