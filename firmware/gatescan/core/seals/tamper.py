"""What the tamper loop of a seal says: in an NTAG 424 DNA TT's file, or to an NTAG 213 TT.

A loop is sensed only while a reader's field powers the chip: the current status misses a seal
that was opened and closed again, so the permanent one decides.
"""

from gatescan.core.codes import SO_INTACT, SO_OPENED, SO_UNREADABLE
from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.seals.outcome import Outcome, is_sized, unreadable

if TYPE_CHECKING:
    from gatescan.core.seals.outcome import Buffer

OPENED = "The seal was opened: inspect the item by hand and seal it anew."
NOT_SENSED = "The seal did not sense its loop: hold it to the reader again or inspect by hand."
_GARBLED = "The answer of the seal is garbled: hold it to the reader again or inspect by hand."

_CLOSED = const(0x43)  # C
_OPEN = const(0x4F)  # O
_INVALID = const(0x49)  # I: the feature is off, or was not measured at this power-up
_MESSAGE_BYTES = const(4)
_ANSWER_BYTES = const(5)


def is_status(char: int) -> bool:
    """Whether a byte is one of the statuses C, O and I."""
    return char in (_CLOSED, _OPEN, _INVALID)


def found(permanent: int, current: int) -> int:
    """SO_* of the two statuses: opened where one of them says so, intact only where both do.

    NT4H2421Tx, GetTTStatus: TTPermStatus and TTCurrStatus, each C, O or I.
    """
    if not (is_status(permanent) and is_status(current)):
        return SO_UNREADABLE
    if permanent == _OPEN or current == _OPEN:
        return SO_OPENED
    if permanent == _CLOSED and current == _CLOSED:
        return SO_INTACT
    return SO_UNREADABLE


def read_tt_status(answer: "Buffer") -> Outcome:
    """Outcome of an NTAG 213 TT's answer to READ_TT_STATUS (A4 00), without its CRC.

    Four bytes of tamper message, which are zero until the loop was open at a power-up once, and
    the status of this power-up. The chip proves nothing: `proven` is False, the seal's number
    must be looked at too. Never raises.
    """
    if not is_sized(answer, _ANSWER_BYTES) or not is_status(answer[_MESSAGE_BYTES]):
        return unreadable(_GARBLED)
    permanent = _CLOSED
    for i in range(_MESSAGE_BYTES):
        if answer[i]:
            permanent = _OPEN
    current = answer[_MESSAGE_BYTES]
    outcome = found(permanent, current)
    sentence = {SO_INTACT: None, SO_OPENED: OPENED}.get(outcome, NOT_SENSED)
    return Outcome(outcome, None, None, chr(permanent) + chr(current), False, sentence)
