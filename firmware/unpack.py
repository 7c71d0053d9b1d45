"""The start's way through firmware.pack: a group of modules is unpacked in one go.

LZ4, because MicroPython's own inflater would take half a second for the modules of a start.
"""

import io

import micropython

_GROUP_BYTES = 16384
_PACKED_BYTES = 14336
_FAULT = 5  # EIO


class Groups:
    """The group in use, unpacked, of the pack that is open as `file`."""

    def __init__(self, file: "io.BufferedReader") -> None:
        self._file = file
        self._place = 0
        self._packed = memoryview(bytearray(_PACKED_BYTES))
        # Filled by `unpack` although they are bytes: a stream would copy anything else.
        self._out = bytes(_GROUP_BYTES)

    def module(self, place: int, packed: int, start: int) -> "io.BytesIO":
        """A stream that begins `start` bytes after the beginning of a group; OSError if damaged.

        The group lies at 4 * `place` in the file and has `packed` bytes there.
        """
        if place != self._place:
            self._place = 0
            self._file.seek(4 * place)
            self._file.readinto(self._packed[:packed])  # type: ignore[attr-defined]
            if unpack(self._packed, packed, self._out, _GROUP_BYTES) < 0:
                raise OSError(_FAULT)
            self._place = place
        stream = io.BytesIO(self._out)
        stream.seek(start)
        return stream


@micropython.viper
def unpack(
    source: ptr8,  # type: ignore[name-defined] # noqa: F821
    end: int,
    out: ptr8,  # type: ignore[name-defined] # noqa: F821
    room: int,
) -> int:
    """Unpack the LZ4 block `source` of `end` bytes into `out`; its length there, -1 if damaged.

    https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md
    """
    at = 0
    to = 0
    while at < end:
        token = int(source[at])
        at += 1
        count = token >> 4
        if count == 15:
            more = 255
            while more == 255 and at < end:
                more = int(source[at])
                at += 1
                count += more
        if at + count > end or to + count > room:
            return -1
        stop = to + count
        while to < stop:
            out[to] = source[at]
            to += 1
            at += 1
        if at == end:
            return to
        if at + 2 > end:
            return -1
        back = to - (source[at] | source[at + 1] << 8)
        at += 2
        count = token & 15
        if count == 15:
            more = 255
            while more == 255 and at < end:
                more = int(source[at])
                at += 1
                count += more
        stop = to + count + 4
        if stop > room or back < 0:
            return -1
        while to < stop:
            out[to] = out[back]
            to += 1
            back += 1
    return -1
