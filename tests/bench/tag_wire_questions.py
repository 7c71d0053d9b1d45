"""How Gatescan is asked for chips and frames on the wire: see compare_tags.py."""

from collections.abc import Callable
from typing import Any

from bench.tag_questions import ANY, Ask, Vector
from gatescan.core.frames import engine_frames as frames
from gatescan.core.frames import iso14443a, pn532_frame
from gatescan.core.seals import sun
from gatescan.core.seals.outcome import Outcome
from gatescan.core.tags import ndef
from gatescan.core.tags.rdm6300 import Rdm6300Decoder
from gatescan.core.trust.cmac import cmac
from gatescan_host.seals.aes import Aes


def _record(kind: bytes, payload: bytes, head: int = 0xD1) -> bytes:
    return bytes((head, len(kind), len(payload))) + kind + payload


def ndef_of(kind: bytes) -> Ask:
    return lambda vector: ndef.read(_record(kind, bytes.fromhex(vector["payload_hex"]))).text


def poster(vector: Vector) -> "str | None":
    """The vectors are posters or single parts of one, told by what is expected of them."""
    payload = bytes.fromhex(vector["payload_hex"])
    part = b"s" if len(payload) == 4 else None
    if len(payload) == 1:
        part = b"t" if "utf-8" in str(vector["expected"]) else b"act"
    if part:
        payload = b"\x91\x01\x05U\x03x.dk" + _record(part, payload, 0x51)
    return ndef.read(_record(b"Sp", payload)).text


def poster_want(vector: Vector) -> "str | None":
    if not vector["ok"]:
        return None
    return str(vector["expected"][0]) if len(vector["payload_hex"]) > 8 else "http://x.dk"


def sun_of(vector: Vector) -> Any:
    """UID and counter that the MAC proves."""
    key, mac = bytes.fromhex(vector["file_key"]), bytes.fromhex(vector["sdmmac"])
    enc = vector.get("enc_file")
    name = vector.get("mac_param")
    covered = ((enc or "") + (f"&{name}=" if name else "")).encode()
    if "picc_enc" in vector:
        meta, picc = (bytes.fromhex(vector[name]) for name in ("meta_key", "picc_enc"))
        opened = sun.picc_data(Aes, meta, picc)
    else:
        opened = bytes.fromhex(vector["uid"]), int(vector["ctr_be"], 16)
    if isinstance(opened, Outcome):
        return None
    found = sun.verify(Aes, key, *opened, mac, covered, bytes.fromhex(enc) if enc else None)
    return (found.uid.hex().upper(), found.ctr) if found.proven and found.uid else None


def sun_want(vector: Vector) -> Any:
    return vector["uid"], vector.get("ctr", int(vector.get("ctr_be", "0"), 16))


def rdm6300_want(vector: Vector) -> Any:
    if "tag_expected" in vector:  # the variant of 16 bytes
        return vector["tag_expected"]
    return vector.get("tag", ANY) if vector["checksum_ok"] else None


def rdm6300_of(vector: Vector) -> "str | None":
    decoder = Rdm6300Decoder()
    found = [n for n in map(decoder.feed, bytes.fromhex(vector["hex"])) if n is not None]
    return f"{found[0]:010X}" if found else None


def framed(module: Any, look: Callable[[bytes], Any]) -> Ask:
    def ask(vector: Vector) -> Any:
        data = bytearray.fromhex(vector["hex"])
        at = 1 if module is pn532_frame else 0
        size = module.inspect(data, at, len(data))
        return look(bytes(data[at : at + size])) if size > 0 else None

    return ask


def r200_want(vector: Vector) -> Any:
    if not (vector["well_formed"] and vector["checksum_ok"]):
        return None
    return (bytes.fromhex(vector["epc"]), True, vector["rssi_dbm"]) if "epc" in vector else ANY


def gm65_of(vector: Vector) -> "object | None":
    data = bytearray.fromhex(vector["hex"])
    fits = frames.gm65_length(data, 0, len(data)) == len(data) and frames.gm65_ok(
        data, 0, len(data)
    )
    return ANY if fits else None


def selected(vector: Vector) -> "str | None":
    cascade, uid = iso14443a.Cascade(), None
    for command, answer in vector["steps"]:
        got = bytes.fromhex(answer)
        if command.endswith("20"):
            cascade.answer(got, len(got))
        else:
            uid = cascade.selected(got[0])
    return uid.hex().upper() if uid else None


def crc_a_of(vector: Vector) -> str:
    data = bytes.fromhex(vector["data"])
    crc = iso14443a.crc_a(data, len(data)).to_bytes(2, "little")
    return (crc[::-1] if vector["crc_swapped"] else crc).hex().upper()


def cmac_of(vector: Vector) -> str:
    return cmac(Aes, bytes.fromhex(vector["key"]), bytes.fromhex(vector["msg"])).hex()


def targets(frame: bytes) -> Any:
    data = bytes(pn532_frame.data_of(memoryview(frame)))
    found = pn532_frame.targets_of(data) if data[:2] == b"\xd5\x4b" else None
    return (found[0][1].hex().upper(), f"{found[0][2]:02X}") if found else ANY


def pn532_want(vector: Vector) -> Any:
    if not (vector["len_ok"] and vector["checksum_ok"]):
        return None
    return (vector["uid"], vector["sak"]) if "uid" in vector else ANY
