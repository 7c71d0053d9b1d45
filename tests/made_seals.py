"""NTAG 424 DNA TagTamper seals as their data sheet has them, for tests on both interpreters."""

from gatescan.core.seals.look import SealRead
from gatescan.core.trust.cmac import cmac

try:
    from cryptolib import aes
except ImportError:
    from gatescan_host.seals import aes as on_host

    aes = on_host.Aes

UID = bytes.fromhex("04A1B2C3D4E580")
META_KEY = bytes(range(16))
FILE_KEY = bytes(range(16, 32))
# Of the demonstration: what the keys in site/demo/vestre.yaml were derived from
DEMO_META_KEY = bytes(range(16, 32))
_DEMO_MASTER = bytes(range(16))
_DEMO_SYSTEM = b"gatescan demo 1"


class Counters:
    """Counters of seals in memory."""

    def __init__(self):
        self.kept = {}
        self.broken = False

    def last(self, uid):
        return self.kept.get(uid, -1)

    def note(self, uid, ctr):
        self.kept[uid] = ctr
        return not self.broken


def hexed(data):
    return data.hex().upper().encode()


def tapped(ctr, status=b"CC", uid=UID, key=FILE_KEY, meta_key=META_KEY):
    """What a genuine NTAG 424 DNA TagTamper shows at its tap number `ctr` (NT4H2421Tx 9.3)."""
    mirrored = uid + ctr.to_bytes(3, "little")
    picc = aes(meta_key, 2, bytes(16)).encrypt(b"\xc7" + mirrored + b"\x5a" * 5)
    file_key = cmac(aes, key, b"\xc3\x3c\x00\x01\x00\x80" + mirrored)
    iv = aes(file_key, 1).encrypt(ctr.to_bytes(3, "little") + bytes(13))
    enc = aes(file_key, 2, iv).encrypt(status + b"-" * 14)
    covered = hexed(enc) + b"&cmac="
    full = cmac(aes, cmac(aes, key, b"\x3c\xc3\x00\x01\x00\x80" + mirrored), covered)
    mac = bytes(full[2 * i + 1] for i in range(8))
    text = b"seal.example/?picc_data=" + hexed(picc) + b"&enc=" + covered + hexed(mac)
    return SealRead(uid, b"\xd1\x01" + bytes((len(text) + 1,)) + b"U\x04" + text, None)


def tapped_demo(ctr, status=b"CC", uid=UID):
    """The same of a seal of the demonstration's site (NXP AN10922: its own key by its UID)."""
    return tapped(ctr, status, uid, demo_file_key(uid), DEMO_META_KEY)


def demo_file_key(uid=UID):
    """The key that a seal of the demonstration's site signs with."""
    return cmac(aes, _DEMO_MASTER, b"\x01" + uid + _DEMO_SYSTEM)
