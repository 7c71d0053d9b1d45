"""Targets: messages of NTAG 424 DNA seals, and answers of NTAG 213 TagTamper.

The judge computes with cryptography's own CMAC (RFC 4493) what AN12196, 3.4 wants.
"""

import random
import re
from typing import NamedTuple

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC

from fuzz.tags.case import GOOD, READ, REFUSED, Case, Target, Wrong, damaged, noise, same
from gatescan.core.codes import SO_CLONED, SO_INTACT, SO_OPENED, SO_UNREADABLE
from gatescan.core.seals import sun, tamper
from gatescan.core.seals.message import read_message
from gatescan.core.seals.outcome import Outcome
from gatescan_host.seals.aes import Aes

META_KEY, FILE_KEY = bytes(range(16)), bytes(range(16, 32))
_TOKENS = (b"&cmac=", b"&enc=", b"picc_data=", b"?", b"&", b"=", b"uid=04A1B2C3D4E580",
           b"ctr=000001", b"00", b"&x=1", b"%3d")  # fmt: skip
_STATUSES = (b"CC", b"OC", b"OO", b"II", b"CO", b"IC", b"CI", b"xx")


def _cmac(key: bytes, data: bytes) -> bytes:
    mac = CMAC(algorithms.AES(key))
    mac.update(data)
    return mac.finalize()


def _cbc(key: bytes, iv: bytes, data: bytes, decrypts: bool) -> bytes:
    cipher = Cipher(algorithms.AES(key), modes.CBC(iv))
    return (cipher.decryptor() if decrypts else cipher.encryptor()).update(data)


def _file_cipher(uid: bytes, ctr: bytes) -> "tuple[bytes, bytes]":
    """Key and IV of the encrypted file data."""
    key = _cmac(FILE_KEY, b"\xc3\x3c\x00\x01\x00\x80" + uid + ctr)
    return key, _cbc(key, bytes(16), ctr + bytes(13), False)


def mac_of(uid: bytes, ctr: bytes, covered: bytes) -> bytes:
    """SDMMAC; `ctr` low byte first."""
    key = _cmac(FILE_KEY, b"\x3c\xc3\x00\x01\x00\x80" + uid + ctr)
    return _cmac(key, covered)[1::2]


class Want(NamedTuple):
    """What a good message says."""

    found: int
    uid: bytes
    ctr: int


def make(rng: random.Random) -> Case:
    """A good message, a damaged one, or noise behind a question mark."""
    what = rng.random()
    if what < 0.03:
        return Case(noise(rng, 300) + b"?picc_data=" + noise(rng, 20).hex().encode() + b"&cmac=")
    uid, ctr = b"\x04" + rng.randbytes(6), rng.randrange(1, 1 << 24)
    mirrored = ctr.to_bytes(3, "little")
    status = rng.choice((b"CC", b"CC", *_STATUSES))
    with_file = rng.random() < 0.9
    hexed = (lambda data: data.hex().upper().encode()) if rng.random() < 0.8 else _lower
    if rng.random() < 0.7:
        tag = b"\xc7" if rng.random() < 0.95 else rng.choice((b"\x87", b"\x47", b"\x00", b"\xff"))
        picc = _cbc(META_KEY, bytes(16), tag + uid + mirrored + rng.randbytes(5), False)
        if rng.random() < 0.02:  # LRP mode
            tag, picc = b"", rng.randbytes(24)
        text = b"picc_data=" + hexed(picc)
    else:
        tag = b"\xc7"
        text = b"uid=" + hexed(uid) + b"&ctr=" + hexed(mirrored[::-1])
    covered = b""
    if with_file:
        plain = status + rng.randbytes(14) + bytes(16 * rng.randrange(2))
        covered = hexed(_cbc(*_file_cipher(uid, mirrored), plain, False)) + b"&cmac="
        text += b"&enc=" + covered + hexed(mac_of(uid, mirrored, covered))
    else:
        text += b"&cmac=" + hexed(mac_of(uid, mirrored, b""))
    data = b"https://seal.example/" + rng.choice((b"?", b"?a=1&")) + text
    if what < 0.35 and with_file and tag == b"\xc7" and len(data) <= 256:
        found = {b"CC": SO_INTACT, b"OC": SO_OPENED, b"OO": SO_OPENED, b"CO": SO_OPENED}
        return Case(data, Want(found.get(status, SO_UNREADABLE), uid, ctr))
    return Case(damaged(rng, data, _TOKENS))


def _lower(data: bytes) -> bytes:
    return data.hex().encode()


def outcome(data: bytes, last_ctr: int, covers: bool = True) -> "Outcome | None":
    """What the shipped code makes of a message; not `covers`: of a chip without a loop."""
    message = read_message(data, covers)
    if message is None:
        return None
    if message.picc_enc is None:
        uid, ctr = message.uid, message.ctr
    else:
        opened = sun.picc_data(Aes, META_KEY, message.picc_enc)
        if isinstance(opened, Outcome):
            return opened
        uid, ctr = opened
    return sun.verify(Aes, FILE_KEY, uid, ctr, message.sdmmac, message.mac_input, message.enc_file,
                      last_ctr, covers)  # fmt: skip


def second(data: bytes, covers: bool) -> "tuple[bytes, int, bytes] | None":
    """(UID, counter, status) of a message whose MAC fits, by a second reading."""
    query = data.partition(b"?")[2]
    fields = dict(re.findall(rb"(?:^|&)(picc_data|uid|ctr|enc|cmac)=([0-9A-Fa-f]*)(?=&|$)", query))
    if b"cmac" not in fields or (covers and b"enc" not in fields):
        return None
    if b"picc_data" in fields:
        plain = _cbc(META_KEY, bytes(16), bytes.fromhex(fields[b"picc_data"].decode()), True)
        uid, ctr = plain[1:8], plain[8:11]
    else:
        uid = bytes.fromhex(fields[b"uid"].decode())
        number = int(fields[b"ctr"], 16)
        ctr = number.to_bytes(3, "little")
    covered = re.search(rb"(?:^|&)enc=(.*&cmac=)", query, re.DOTALL)
    mac = bytes.fromhex(fields[b"cmac"].decode())
    if (covers and covered is None) or mac != mac_of(
        uid, ctr, covered[1] if covered and covers else b""
    ):
        return None
    if b"enc" not in fields:
        return uid, int.from_bytes(ctr, "little"), b"CC"
    enc = bytes.fromhex(fields[b"enc"].decode())
    return uid, int.from_bytes(ctr, "little"), _cbc(*_file_cipher(uid, ctr), enc, True)[:2]


def check(case: Case) -> str:
    """See Target."""
    for last_ctr, covers in ((-1, True), (1 << 23, True), (-1, False)):
        got = outcome(case.data, last_ctr, covers)
        if got is None:
            continue
        if (got.found == SO_INTACT) != (got.error is None):
            raise Wrong(f"a sentence too many or too few: {got}")
        if not got.proven or got.found == SO_CLONED:
            if got.found in (SO_INTACT, SO_OPENED):
                raise Wrong(f"without proof: {got}")
            continue
        try:
            uid, ctr, status = second(case.data, covers) or (b"", 0, b"")
        except (ValueError, KeyError, OverflowError) as why:
            raise Wrong(f"{got} where a second reading fails: {why}") from why
        same((got.uid, got.ctr), (uid, ctr), "seal and counter")
        if ctr <= last_ctr:
            raise Wrong(f"replayed: {got}")
        if got.found == SO_INTACT and status != b"CC":
            raise Wrong(f"intact with {status!r}")
        if got.found == SO_OPENED and b"O" not in status:
            raise Wrong(f"opened with {status!r}")
    first = outcome(case.data, -1)
    if case.want is not None:
        same(first and (first.found, first.uid, first.ctr), tuple(case.want), "outcome")
        return GOOD
    return READ if first is not None and first.uid is not None else REFUSED


TARGET = Target(make, check)


def make_answer(rng: random.Random) -> Case:
    """An answer of an NTAG 213 TagTamper, or of another length."""
    message = rng.choice((bytes(4), rng.randbytes(4), b"\0\0\0\1", b"\x80\0\0\0"))
    data = message + bytes((rng.choice(b"COI\x00c\xff"),))
    return Case(data if rng.random() < 0.8 else damaged(rng, data))


def check_answer(case: Case) -> str:
    """See Target."""
    got = tamper.read_tt_status(case.data)
    message, status = case.data[:4], case.data[4:]
    want = SO_UNREADABLE
    if len(case.data) == 5 and status in (b"C", b"O", b"I"):
        if any(message) or status == b"O":
            want = SO_OPENED
        elif status == b"C":
            want = SO_INTACT
    same((got.found, got.proven, got.error is None), (want, False, want == SO_INTACT), "status")
    return READ if want != SO_UNREADABLE else REFUSED


TARGET_ANSWER = Target(make_answer, check_answer)
