"""What RFID readers send: bytes from the wire -> frames, and the identity that they agree on."""

from collections.abc import Callable

from gatescan.core.frames import pn532_frame, r200_frame
from gatescan.core.frames.finder import Frames
from gatescan.core.frames.iso14443a import Cascade
from gatescan.core.tags import chip_ids, em4100, epc
from gatescan.core.tags.rdm6300 import Rdm6300Decoder
from gatescan.core.tags.scheme import Tag, refused
from gatescan_host.tags.frames import Frame, Read, frame

_SIZE = 600  # of the longest frame of these readers, and more
_DAMAGED = "The frame is damaged: length, characters or checksum do not fit."
_NONE = "No tag was told: hold the tag to the reader again."
_SEVERAL = "Several tags were read at once: hold one tag to the reader."
_SELECT_MORE = 0x04


def rdm6300(data: bytes) -> Read:
    """Frames of the wire; an identity is an id that two frames in a row agree on."""
    decoder = Rdm6300Decoder()
    frames: list[Frame] = []
    seen = bytearray()
    last: int | None = None
    agreed: list[int] = []
    good = 0
    for byte in data:
        bad = decoder.bad
        found = decoder.feed(byte)
        if decoder.bad > bad:
            if byte == 2:  # the new frame begins here; the lost one ends before
                _bad_frame(frames, seen)
                seen = bytearray((byte,))
            else:
                seen.append(byte)
                _bad_frame(frames, seen)
                seen = bytearray()
            last = None
            continue
        if byte == 2:
            seen = bytearray()
        seen.append(byte)
        if found is not None:
            frames.append(frame(seen))
            seen = bytearray()
            good += 1
            if found == last and found not in agreed:
                agreed.append(found)
            last = found
    if seen[:1] == b"\x02":
        _bad_frame(frames, seen)
    if len(agreed) == 1:
        return em4100.read(agreed[0]), frames
    if agreed:
        return refused("Two tags were read at once: hold one tag to the reader."), frames
    if good:
        return refused("One read is no identity: hold the tag still for a second read."), frames
    return refused("No well-formed frame was read: hold the tag to the reader again."), frames


def _bad_frame(frames: list[Frame], seen: bytearray) -> None:
    frames.append(frame(seen, _DAMAGED))


def r200(data: bytes) -> Read:
    """Frames of a UHF reader in both framings; an identity is what all notices with a tag tell."""
    frames, whole = _cut(data, r200_frame.inspect)
    found: dict[bytes, Tag] = {}
    for one, raw in whole:
        if raw[1] != r200_frame.NOTICE:
            continue
        told = r200_frame.tag_of(raw)
        if told is None:
            one.update(ok=False, error="The tag's own CRC does not fit its EPC: read it again.")
        elif not told[1]:
            found[told[0]] = refused("The tag has an ISO number and no EPC: classify it by hand.")
        else:
            tag = epc.read(told[0])
            found[told[0]] = tag if tag.error else tag._replace(uid=told[0].hex().upper())
    return _one_of(found), frames


def pn532(data: bytes) -> Read:
    """Frames of a PN532; an identity is the one target of an InListPassiveTarget response."""
    frames, whole = _cut(data, pn532_frame.inspect, b"\0")
    found: dict[bytes, Tag] = {}
    for one, raw in whole:
        if pn532_frame.kind_of(raw) != pn532_frame.A_DATA:
            continue
        content = pn532_frame.data_of(memoryview(raw))
        if bytes(content[:2]) != b"\xd5\x4b":
            continue
        targets = pn532_frame.targets_of(content)
        if targets is None:
            one.update(ok=False, error="The list of tags contradicts itself: read it again.")
            continue
        for _, uid, _ in targets:
            found[uid] = chip_ids.iso14443a(uid)
    return _one_of(found), frames


def iso14443a(data: bytes) -> Read:
    """Answers to anticollision and SELECT, level by level: four bytes and BCC, then the SAK."""
    cascade = Cascade()
    frames: list[Frame] = []
    for at in range(0, len(data), 6):
        part, sak = data[at : at + 5], data[at + 5 : at + 6]
        good = len(part) == 5 and len(sak) == 1 and cascade.answer(part, 5)
        frames.append(frame(part + sak, None if good else _DAMAGED))
        uid = cascade.selected(sak[0]) if good else None
        if uid is None:
            break
        if uid:
            return chip_ids.iso14443a(uid), frames
    return refused("The number of the tag is not whole: hold it to the reader again."), frames


def _one_of(found: dict[bytes, Tag]) -> Tag:
    if len(found) == 1:
        return next(iter(found.values()))
    return refused(_SEVERAL if found else _NONE)


def _cut(
    data: bytes, inspect: Callable[[bytearray, int, int], int], around: bytes = b""
) -> tuple[list[Frame], list[tuple[Frame, bytes]]]:
    """The frames in `data` as a driver finds them, with what was no whole one; then the whole ones
    with their bytes. `around`: what may stand before and behind a frame and belongs to it."""
    finder = Frames(_SIZE, inspect)
    frames: list[Frame] = []
    whole: list[tuple[Frame, bytes]] = []
    at = rest = end = 0

    def drain() -> None:
        nonlocal rest, end
        while (found := finder.take()) is not None:
            raw = bytes(found)
            start = data.index(raw, end)  # one zero may stand between two frames
            end = start + len(raw)
            before = start - (data[start - 1 : start] == around != b"" and start > rest)
            if data[rest:before].strip(around):
                frames.append(frame(data[rest:before], _DAMAGED))
            rest = end + (data[end : end + 1] == around != b"")
            frames.append(frame(data[before:rest]))
            whole.append((frames[-1], raw))

    while at < len(data):
        at = finder.feed(data, at, len(data))
        drain()
    while finder.pending:
        finder.skip()
        drain()
    if data[rest:].strip(around):
        frames.append(frame(data[rest:], _DAMAGED))
    return frames, whole
