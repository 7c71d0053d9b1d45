"""The message that an NTAG 424 DNA seal mirrors into its NDEF file, as a web address.

`https://host/path?picc_data=HEX&enc=HEX&cmac=HEX` with encrypted PICC data, or with `uid=HEX&
ctr=HEX` in their place (AN12196 §3.4). The names are NXP's; the host name means nothing.
"""

from binascii import unhexlify
from collections import namedtuple

from gatescan.core.compat import const

_MAX_BYTES = const(256)
_NAMES = (b"picc_data", b"uid", b"ctr", b"enc", b"cmac")

# picc_enc: 16 or 24 bytes, or None where uid (7 bytes) and ctr stand in clear; enc_file: None
# without; sdmmac: 8 bytes; mac_input: the ASCII text that the MAC covers
SealMessage = namedtuple(
    "SealMessage", ("picc_enc", "uid", "ctr", "enc_file", "sdmmac", "mac_input")
)


def read_message(ndef: bytes, mac_covers_file: bool) -> "SealMessage | None":
    """The message in a seal's NDEF file, None when it holds none.

    `mac_covers_file`: the MAC covers the text from the encrypted file data up to its own digits;
    else it covers nothing but the PICC data. Never raises.
    """
    at = ndef.find(b"?")
    if at < 0 or len(ndef) > _MAX_BYTES:
        return None
    query = bytes(ndef[at + 1 :])
    found: dict[bytes, bytes] = {}
    starts: dict[bytes, int] = {}
    place = 0
    for part in query.split(b"&"):
        name, _, text = part.partition(b"=")
        if name in _NAMES:
            if name in found:
                return None  # which of the two would be a guess
            try:
                found[name] = unhexlify(text)
            except ValueError:
                return None
            if 2 * len(found[name]) != len(text):
                return None  # MicroPython passes over spaces
            starts[name] = place + len(name) + 1
        place += len(part) + 1
    if b"cmac" not in found:
        return None
    mac_input = b""
    if mac_covers_file:
        if b"enc" not in found or starts[b"enc"] > starts[b"cmac"]:
            return None
        mac_input = query[starts[b"enc"] : starts[b"cmac"]]
    uid, ctr = found.get(b"uid"), None
    if b"ctr" in found:
        ctr = int.from_bytes(found[b"ctr"], "big")  # in clear it is mirrored high byte first
    if (b"picc_data" in found) == (uid is not None and ctr is not None):
        return None
    return SealMessage(
        found.get(b"picc_data"), uid, ctr, found.get(b"enc"), found[b"cmac"], mac_input
    )
