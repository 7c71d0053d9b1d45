"""What an NFC seal proves of itself, by the record that the table has of it."""

from gatescan.core import codes, compat
from gatescan.core.compat import TYPE_CHECKING
from gatescan.core.seals import sun, tamper
from gatescan.core.seals.message import read_message

if TYPE_CHECKING:
    from gatescan.core.seals.look import Counters, SealRead
    from gatescan.core.seals.seal_record import SealRecord


def proved(record: "SealRecord", seen: "SealRead", counters: "Counters | None") -> int:
    """SO_* of the seal that a reader has `seen`; its counter is kept before it is believed."""
    if seen.uid != record.uid:
        return codes.SO_WRONG
    if record.kind == codes.SK_NTAG213_TT:
        if seen.status is None:
            return codes.SO_UNREADABLE
        return tamper.read_tt_status(seen.status).found
    aes = compat.aes
    if aes is None or counters is None or seen.ndef is None:
        return codes.SO_UNREADABLE
    message = read_message(seen.ndef, bool(record.flags & codes.SB_MAC_FILE))
    if message is None:
        return codes.SO_UNREADABLE
    uid, ctr = message.uid, message.ctr
    if message.picc_enc is not None:
        if record.meta_key is None:
            return codes.SO_UNREADABLE
        opened = sun.picc_data(aes, record.meta_key, message.picc_enc)
        if isinstance(opened, sun.Outcome):
            return opened.found
        uid, ctr = opened
    if uid is None or ctr is None:
        return codes.SO_UNREADABLE
    if uid != record.uid:
        return codes.SO_CLONED  # the chip speaks with the message of another
    last_ctr = max(record.last_ctr, counters.last(record.uid))
    outcome = sun.verify(
        aes,
        record.file_key,
        uid,
        ctr,
        message.sdmmac,
        message.mac_input,
        message.enc_file,
        last_ctr,
        record.kind == codes.SK_NTAG424_TT,
    )
    if outcome.proven and outcome.found != codes.SO_CLONED and not counters.note(uid, ctr):
        return codes.SO_UNREADABLE
    return outcome.found
