"""Secure Unique NFC messages of NTAG 424 DNA seals (NXP AN12196 rev. 2.0 §3.4), AES mode.

At every tap the seal writes into its own file: the PICC data (UID and read counter), encrypted
or plain; optionally a part of the file, encrypted; and the SDMMAC. `picc_data` opens the first,
so that the caller finds the key and the last counter of that seal; `verify` judges the message.
Seals of this system mirror TTPermStatus and TTCurrStatus as the first two characters of the
encrypted part. `aes` is as core/trust/cmac.py says; mode 2 is CBC.
"""

from binascii import hexlify

from gatescan.core.codes import SO_CLONED, SO_INTACT, SO_OPENED, SO_UNREADABLE
from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.seals import tamper
from gatescan.core.seals.outcome import Outcome, is_sized, unreadable
from gatescan.core.trust.cmac import cmac
from gatescan.core.trust.mac import equal

if TYPE_CHECKING:
    from gatescan.core.seals.outcome import Buffer
    from gatescan.core.trust.cmac import Aes

NO_COUNTER = const(-1)  # `last_ctr` of a seal that was never read
MAX_CTR = const(0xFFFFFF)
UID_BYTES = const(7)
MAC_BYTES = const(8)

_ECB = const(1)
_CBC = const(2)
_KEY_BYTES = const(16)
_BLOCK_BYTES = const(16)
_LRP_PICC_BYTES = const(24)
_MAX_FILE_BYTES = const(256)  # the NDEF file of the chip, so the most that a MAC covers
# PICCDataTag: bit 7 UID mirrored, bit 6 counter mirrored, bits 5 and 4 zero, then the UID's length
_TAG_BOTH = const(0xC7)
_TAGS_OF_LESS = (0x87, 0x40, 0x47, 0x00, 0x07)
_SV1 = b"\xc3\x3c\x00\x01\x00\x80"  # of the key that encrypts the file's part
_SV2 = b"\x3c\xc3\x00\x01\x00\x80"  # of the key of the MAC

_FORGED = "The seal is not genuine: inspect the item by hand and keep the seal."
_REPLAYED = "The seal's message is old: hold the seal itself to the reader or inspect by hand."
_GARBLED = "The seal's message is garbled: hold it to the reader again or inspect by hand."
_LRP = "The seal uses LRP mode, which is not supported: inspect the item by hand."
_NOT_MIRRORED = "The seal does not tell its UID and counter: inspect the item by hand."
_NO_STATUS = "The seal does not tell whether it was opened: inspect the item by hand."
_NOT_COVERED = "The seal's MAC does not cover its tamper status: inspect the item by hand."


def picc_data(aes: "Aes", meta_key: "Buffer", picc_enc: "Buffer") -> "tuple[bytes, int] | Outcome":
    """(uid, counter) of encrypted PICC data, or the Outcome that ends the check; never raises.

    Nothing here is proven yet: only `verify` can tell. AN12196 §3.4.2: CBC, IV zero.
    """
    if is_sized(picc_enc, _LRP_PICC_BYTES):
        return unreadable(_LRP)
    if not (is_sized(picc_enc, _BLOCK_BYTES) and is_sized(meta_key, _KEY_BYTES)):
        return unreadable(_GARBLED)
    plain = aes(meta_key, _CBC, bytes(_BLOCK_BYTES)).decrypt(picc_enc)
    if plain[0] == _TAG_BOTH:
        return bytes(plain[1:8]), plain[8] | plain[9] << 8 | plain[10] << 16
    if plain[0] in _TAGS_OF_LESS:
        return unreadable(_NOT_MIRRORED)
    # Another key made it: the same verdict as when noise looks like PICC data and the MAC fails.
    return Outcome(SO_CLONED, None, None, None, False, _FORGED)


def verify(
    aes: "Aes",
    file_key: "Buffer",
    uid: "Buffer",
    ctr: int,
    sdmmac: "Buffer",
    mac_input: "Buffer" = b"",
    enc_file: "Buffer | None" = None,
    last_ctr: int = NO_COUNTER,
    has_loop: bool = True,
) -> Outcome:
    """Outcome of a message with PICC data that were mirrored in plain or opened by `picc_data`.

    `mac_input` is what the MAC covers: the ASCII text from SDMMACInputOffset to SDMMACOffset.
    `enc_file` is SDMENCFileData as bytes, None where the seal mirrors none. `last_ctr` is the
    highest counter that was accepted of this seal. A seal that is said to have a loop
    (`has_loop`) is intact only if it tells so. Never raises.
    """
    if not (
        is_sized(file_key, _KEY_BYTES)
        and is_sized(uid, UID_BYTES)
        and isinstance(ctr, int)
        and 0 <= ctr <= MAX_CTR
        and is_sized(sdmmac, MAC_BYTES)
        and _is_file(mac_input)
        and (enc_file is None or _is_encrypted(enc_file))
        and isinstance(last_ctr, int)
    ):
        return unreadable(_GARBLED)
    uid = bytes(uid)
    mirrored = uid + ctr.to_bytes(3, "little")
    full = cmac(aes, cmac(aes, file_key, _SV2 + mirrored), mac_input)
    # AN12196 §3.4.4: a MAC of 8 bytes is those of odd index
    if not equal(sdmmac, bytes([full[i] for i in range(1, _BLOCK_BYTES, 2)])):
        return Outcome(SO_CLONED, None, None, None, False, _FORGED)
    if ctr <= last_ctr:
        return Outcome(SO_CLONED, uid, ctr, None, True, _REPLAYED)
    if enc_file is None:
        if has_loop:
            return unreadable(_NO_STATUS, uid, ctr)
        return Outcome(SO_INTACT, uid, ctr, None, True, None)
    # NT4H2421Tx, ChangeFileSettings: SDMENCOffset is SDMMACInputOffset .. SDMMACOffset - 32, so a
    # chip cannot leave it out of its MAC; whoever put the parts together did.
    if hexlify(enc_file) not in bytes(mac_input).lower():
        return unreadable(_NOT_COVERED, uid, ctr)
    return _loop(_file_data(aes, file_key, mirrored, enc_file), uid, ctr, has_loop)


def _loop(data: "Buffer", uid: bytes, ctr: int, has_loop: bool) -> Outcome:
    """Outcome of a genuine message by the file data, which begin with the two statuses."""
    permanent, current = data[0], data[1]
    found = tamper.found(permanent, current)
    told = None
    if tamper.is_status(permanent) and tamper.is_status(current):
        told = chr(permanent) + chr(current)
    if found == SO_OPENED:
        return Outcome(found, uid, ctr, told, True, tamper.OPENED)
    if found == SO_UNREADABLE and has_loop:
        sentence = tamper.NOT_SENSED if told else _NO_STATUS
        return Outcome(found, uid, ctr, told, True, sentence)
    return Outcome(SO_INTACT, uid, ctr, told, True, None)


def _file_data(aes: "Aes", file_key: "Buffer", mirrored: bytes, enc_file: "Buffer") -> bytes:
    """SDMENCFileData in clear (AN12196 §3.4): CBC, the IV is the encrypted counter."""
    key = cmac(aes, file_key, _SV1 + mirrored)
    iv = aes(key, _ECB).encrypt(mirrored[UID_BYTES:] + bytes(13))
    return aes(key, _CBC, iv).decrypt(enc_file)


def _is_file(data: object) -> bool:
    """Whether `data` is bytes that fit the chip's file."""
    return isinstance(data, (bytes, bytearray, memoryview)) and len(data) <= _MAX_FILE_BYTES


def _is_encrypted(data: "Buffer") -> bool:
    """Whether `data` is one or more AES blocks."""
    return _is_file(data) and len(data) > 0 and len(data) % _BLOCK_BYTES == 0
