"""RFID readers behind one face, whatever the air interface: what they give and what they tell.

`Sighting`: kind RK_*; uid as the air interface has it (an EPC for UHF); data: the EPC, the NDEF
message, or None for a tag that holds none; tamper: the 5 bytes of an NTAG 213 TT, or None.
"""

from collections import namedtuple

from gatescan.core.compat import TYPE_CHECKING, const

if TYPE_CHECKING:
    from typing import Protocol

    class Reader(Protocol):
        """Every reader: call `tick` often, then `take` until it gives None."""

        model: str  # what it says it is, "" before it has answered
        version: str
        state: str  # PROBING, READY or SILENT
        several: bool  # more than one tag in view: none is told, the guard must hold one
        unread: bool  # a tag lies there that could not be read whole after a few tries
        busy: bool  # a tag was seen and is not told yet
        dark: bool  # the field is off
        heard: int  # good answers since the start: whether there is a reader at all
        bad: int  # frames and answers that were damaged
        lost: int  # polls without an answer
        retries: int  # commands sent again
        dropped: int  # sightings that nobody took in time
        taken_ms: int  # when the sighting last taken was made

        def tick(self, now_ms: int) -> None:
            """Go on with what is under way; never waits, a bus transaction takes < 10 ms."""

        def take(self) -> "Sighting | None":
            """A tag that was laid on since the last call, once for each presence, or None."""

        def field(self, on: bool, now_ms: int) -> None:
            """Let the reader look for tags, or make it silent; it starts silent."""


RK_EM4100 = const(1)
RK_EPC = const(2)
RK_ISO14443A = const(3)
RK_ISO15693 = const(4)
RK_DOCUMENT = const(5)  # uid: the application of a passport or a payment card, and nothing else

PROBING = "probing"
READY = "ready"
SILENT = "silent"  # it does not answer; it is asked again, ever more rarely

Sighting = namedtuple("Sighting", ("kind", "uid", "data", "tamper"))
