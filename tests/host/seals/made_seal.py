"""An NTAG 424 DNA TagTamper made of `cryptography`, which shares no code with the firmware.

Usage: python tests/host/seals/made_seal.py   (writes tests/unit/seals/made_seals.jsonl)
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC

TARGET = Path(__file__).resolve().parents[2] / "unit" / "seals" / "made_seals.jsonl"
OUTSIDE = "closed, outside the MAC"  # no chip can be set to this: somebody joined two messages
# (name, file data or None, what it must be: outcome and tamper)
CASES = (
    ("closed", b"CCstatus of loop", "intact", "CC"),
    ("closed, two blocks", b"CC" + bytes(30), "intact", "CC"),
    ("open", b"OO" + bytes(14), "opened", "OO"),
    ("open and closed again", b"OC" + bytes(14), "opened", "OC"),
    ("open for the first time", b"CO" + bytes(14), "opened", "CO"),
    ("feature off", b"II" + bytes(14), "unreadable", "II"),
    ("not measured now", b"CI" + bytes(14), "unreadable", "CI"),
    ("never measured", b"IC" + bytes(14), "unreadable", "IC"),
    ("off after it was opened", b"OI" + bytes(14), "opened", "OI"),
    ("no status", b"cc" + bytes(14), "unreadable", None),
    ("half a status", b"O." + bytes(14), "unreadable", None),
    ("no file data", None, "intact", None),
    (OUTSIDE, b"CC" + bytes(14), "unreadable", None),
)


def cmac(key: bytes, message: bytes) -> bytes:
    mac = CMAC(algorithms.AES(key))
    mac.update(message)
    return mac.finalize()


def cbc(key: bytes, iv: bytes, plain: bytes) -> bytes:
    return Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor().update(plain)


@dataclass
class Seal:
    meta_key: bytes
    file_key: bytes
    uid: bytes
    ctr: int = 1
    tag: int = 0xC7

    def message(self, data: bytes | None, before: bytes = b"", after: bytes = b"&cmac=",
                noise: bytes = bytes(5), outside: bool = False) -> dict[str, str | None]:
        """One tap, in the fields of `gatescan seals check`; `outside` the MAC lies the data."""
        mirrored = self.uid + self.ctr.to_bytes(3, "little")
        enc = None
        covered = before
        if data is not None:
            key = cmac(self.file_key, b"\xc3\x3c\x00\x01\x00\x80" + mirrored)
            iv = cbc(key, bytes(16), self.ctr.to_bytes(3, "little") + bytes(13))
            enc = cbc(key, iv, data)
            covered += b"" if outside else enc.hex().upper().encode() + after
        full = cmac(cmac(self.file_key, b"\x3c\xc3\x00\x01\x00\x80" + mirrored), covered)
        picc = cbc(self.meta_key, bytes(16), bytes((self.tag,)) + mirrored + noise)
        return {
            "picc_enc": picc.hex(),
            "enc_file": enc.hex() if enc else None,
            "sdmmac": full[1::2].hex(),
            "mac_input": covered.hex(),
            "meta_key": self.meta_key.hex(),
            "file_key": self.file_key.hex(),
        }


def rows() -> list[dict[str, object]]:
    made = []
    for number, (name, data, outcome, tamper) in enumerate(CASES):
        drawn = hashlib.sha512(b"gatescan seals %d" % number).digest()
        ctr = int.from_bytes(drawn[38:41], "little") if number else 0xFFFFFF
        seal = Seal(drawn[:16], drawn[16:32], b"\x04" + drawn[32:38], ctr)
        made.append({
            "name": name,
            **seal.message(data, noise=drawn[41:46], outside=name == OUTSIDE),
            "uid": seal.uid.hex(), "ctr": ctr, "outcome": outcome, "tamper": tamper,
        })  # fmt: skip
    return made


if __name__ == "__main__":
    TARGET.write_text("".join(json.dumps(row) + "\n" for row in rows()), encoding="ascii")
