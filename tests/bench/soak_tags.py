"""Lay every kind of tag on a scanner's readers: python tests/bench/soak_tags.py [COUNT] (300).

Prints one JSON document a reader: how many tags were answered and how many of those by hand for
want of memory, free memory (after a collection) along the way, restarts. Codes come between them.
"""

import json
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / name) for name in ("firmware", "host_tools", "tests")]

import made_seals  # noqa: E402 - needs the folders above
from bench.soak import memory_free, starts  # noqa: E402
from gatescan_host.errors import GatescanError  # noqa: E402
from gatescan_host.link.provisioning import Reader, provision  # noqa: E402
from sim import rig  # noqa: E402

READERS = (Reader.PN532, Reader.MFRC522, Reader.R200)
_EPCS = (  # SGTIN-96 and -198, SSCC, GRAI, SGTIN+, one that is no EPC of ours
    "3034257bf400b7800004cb2f", "3666c4409047e159b2c2bf100000000000000000000000000000",
    "3114257bf4499602d2000000", "3314257bf40c0e400000162e", "f73795211411234538566cb0afc4",
    "e2801160600002054b2a1c3d",
)  # fmt: skip
_PLAYER = "04d15c0a0b0c80"  # its seal is made_seals.UID
_CODES = (
    rig.SPREAD, rig.VODKA, rig.UNKNOWN, "]d20109521234543213211234\x1d10AB",
    "https://id.gs1.org/01/09521234543213/21/1234?17=271231",
)  # fmt: skip
_CODE_EVERY = 3  # tags
_SAMPLES = 20
_ANSWER_S = 3.0
_ABSENT_S = 0.45  # a reader believes after 300 ms that a tag is gone
_ENGINE_S = 40.0  # it is looked for while no host speaks, and not for 10 s after that
_NO_MEMORY = "memory"  # a word of the sentence that such an answer has


def tags_of(reader: Reader) -> list[dict[str, Any]]:
    """The tags to lay, over and over; the player is followed by its seal."""
    if reader is Reader.R200:
        return [{"kind": "epc", "epc": epc} for epc in _EPCS]
    uids = ("01020304", "08112233", "04a1b2c3d4e5f6", "0102030405060708090a")
    messages = (
        _record("U", "https://id.gs1.org/01/09800895250018/21/7"),
        _record("U", "urn:epc:id:sgtin:0614141.112345.4"), _record("U", "https://example.com/shop"),
        _record("T", "\2en5901041003003"), "d1ff",
    )  # fmt: skip
    whole = ({"kind": "type2", "uid": uids[2], "ndef": one} for one in messages)
    made: list[dict[str, Any]] = [{"kind": "uid", "uid": uid} for uid in uids]
    made += whole
    if reader is Reader.PN532:  # an MFRC522 does not speak ISO-DEP
        made += [{"kind": "type4", "uid": "04a1b2c3d4e5f7", "ndef": messages[0]}]
        made += [{"kind": "uid", "uid": _PLAYER}, {"kind": "ntag424"}]
    return made


def equip(gate: rig.Gate) -> None:
    """Give the scanner the demo table and its reader, which it uses from its next start on."""
    with gate.link() as link:
        provision(link, rig.public_key(), "vestre", "en", gate.key_file, gate.scanner.reader)
        link.set_time()
        link.activate(link.upload(rig.table()))
    gate.restart()
    gate.set_time()
    limit = time.monotonic() + _ENGINE_S
    while _answer(gate, lambda: gate.scanner.barcode(rig.VODKA)) is None:
        assert time.monotonic() < limit, "the barcode engine was not found"


def soak(gate: rig.Gate, count: int, seed: int) -> dict[str, Any]:
    """Lay `count` tags, in a new order each time through; the figures."""
    rng = random.Random(seed)
    begun = time.monotonic()
    answers: list[dict[str, Any] | None] = []
    free: list[int] = []
    queue: list[dict[str, Any]] = []
    for number in range(count):
        queue = queue or _shuffled(tags_of(gate.scanner.reader), rng)
        answers.append(_lay(gate, _fresh(queue.pop(0), number)))
        if number % _CODE_EVERY == 0 and not (queue and queue[0]["kind"] == "ntag424"):
            answers.append(_answer(gate, lambda: gate.scanner.barcode(rng.choice(_CODES))))
        if (number + 1) % max(1, count // _SAMPLES) == 0:
            gate.status()
            free.append(memory_free(gate))
    told = [one for one in answers if one is not None]
    return {
        "schema": 1,
        "reader": gate.scanner.reader,
        "seed": seed,
        "tags": len(answers),
        "answered": len(told),
        "without_memory": sum(_NO_MEMORY in (one["error"] or "") for one in told),
        "free_first_bytes": free[0],
        "free_least_bytes": min(free),
        "free_last_bytes": free[-1],
        "restarts": gate.status()["restarts"],
        "starts": starts(gate),
        "seconds": round(time.monotonic() - begun, 1),
    }


def _record(kind: str, text: str) -> str:
    body = (b"\0" if kind == "U" else b"") + text.encode()
    return (bytes((0xD1, 1, len(body))) + kind.encode() + body).hex()


def _shuffled(tags: list[dict[str, Any]], rng: random.Random) -> list[dict[str, Any]]:
    """In another order, but a seal still after its item."""
    groups: list[list[dict[str, Any]]] = []
    for tag in tags:
        if tag["kind"] == "ntag424":
            groups[-1].append(tag)
        else:
            groups.append([tag])
    rng.shuffle(groups)
    return [tag for group in groups for tag in group]


def _fresh(tag: dict[str, Any], number: int) -> dict[str, Any]:
    """The demonstration's seal with a counter that it has not had."""
    if tag["kind"] != "ntag424":
        return tag
    file_key = made_seals.demo_file_key().hex()
    meta_key = made_seals.DEMO_META_KEY.hex()
    return {**tag, "uid": made_seals.UID.hex(), "file_key": file_key, "meta_key": meta_key,
            "ctr": 6 + number}  # fmt: skip


def _lay(gate: rig.Gate, tag: dict[str, Any]) -> dict[str, Any] | None:
    answer = _answer(gate, lambda: gate.scanner.lay(**tag))
    gate.scanner.take_away()
    time.sleep(_ABSENT_S)
    return answer


def _answer(gate: rig.Gate, act: Callable[[], None]) -> dict[str, Any] | None:
    """The verdict after `act`, None where none comes."""
    gate.scanner.forget_events()
    act()
    try:
        return gate.scanner.wait_for("verdict", _ANSWER_S)
    except GatescanError:
        return None


def main() -> None:
    """Run it on a scanner of each kind."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    seed = random.SystemRandom().randrange(1 << 32)
    for reader in READERS:
        with tempfile.TemporaryDirectory(prefix="gatescan-soak-") as name:
            folder = Path(name)
            gate = rig.Gate(folder, rig.simulator(folder, engine="gm861", reader=reader))
            gate.scanner.power_on()
            try:
                equip(gate)
                print(json.dumps(soak(gate, count, seed)), flush=True)
            finally:
                gate.close()


if __name__ == "__main__":
    main()
