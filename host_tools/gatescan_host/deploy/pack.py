"""firmware.pack: all modules of the firmware in one file, for firmware/finder.py on the board.

Little-endian. Head: "GSP1", CRC-32 of all that follows it, count of modules u16, zero u16. One
record a module: CRC-32 of the path that finder.py is asked for, place / 4 u16, packed bytes u16
(0: stored as it is), start in the unpacked group u16, bytes u16. Then the groups, each at a
multiple of 4: the modules of the start as blocks of LZ4, in the order of their import, and every
other module by itself, deflated with a window of 1 kB or stored.
"""

import struct
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import lz4.block

from gatescan_host.errors import GatescanError

GROUP_BYTES, _PACKED_BYTES = 16384, 14336  # room that firmware/unpack.py keeps
_PACKAGE = "gatescan"
_MAGIC = b"GSP1"
_HEAD = struct.Struct("<4sIHH")
_CHECKED_AT = 8  # where that begins which the CRC-32 is over
_RECORD = struct.Struct("<IHHHH")
_ALIGN = 4
_WINDOW_BITS = 10


def write(
    modules: Mapping[str, bytes], start: Sequence[str], stored: Collection[str] = ()
) -> bytes:
    """The pack of `modules` (path on the board -> bytecode).

    `start`: those imported at the start, in that order; `stored`: those that are not packed.
    Raises GatescanError for what the format cannot hold.
    """
    if len({_key(path) for path in modules}) != len(modules):
        raise GatescanError("Two modules share a CRC-32 in the firmware's pack: rename one.")
    records, body = b"", b""
    begin = _HEAD.size + _RECORD.size * len(modules)
    for group, packed in _groups(modules, start, stored):
        inside = 0
        for path in group:
            place = (begin + len(body)) // _ALIGN
            fields = (_key(path), place, len(packed), inside, len(modules[path]))
            try:
                records += _RECORD.pack(*fields)
            except struct.error:
                raise GatescanError(
                    f"{path} has no place in the firmware's pack: make the firmware smaller."
                ) from None
            inside += len(modules[path])
        content = packed or modules[group[0]]
        body += content + bytes(-len(content) % _ALIGN)
    checked = struct.pack("<HH", len(modules), 0) + records + body
    return _MAGIC + struct.pack("<I", zlib.crc32(checked)) + checked


def read(data: bytes, paths: Iterable[str]) -> dict[str, bytes]:
    """The modules of a pack, whose `paths` must be known: it holds only their CRC-32.

    Raises GatescanError when it is damaged or holds others.
    """
    damaged = GatescanError("The firmware's pack is damaged: deploy again.")
    if len(data) < _HEAD.size:
        raise damaged
    magic, crc, count, _ = _HEAD.unpack_from(data)
    if magic != _MAGIC or zlib.crc32(data[_CHECKED_AT:]) != crc:
        raise damaged
    index = data[_HEAD.size : _HEAD.size + _RECORD.size * count]
    records = {fields[0]: fields[1:] for fields in _RECORD.iter_unpack(index)}
    keys = {path: _key(path) for path in paths}
    if records.keys() != set(keys.values()):
        raise damaged
    return {path: _module(data, *records[key]) for path, key in keys.items()}


def _module(data: bytes, place: int, packed: int, start: int, size: int) -> bytes:
    content = data[place * _ALIGN :][: packed or size]
    if start or packed > size:
        content = lz4.block.decompress(content, uncompressed_size=GROUP_BYTES)
    elif packed:
        content = zlib.decompress(content, -_WINDOW_BITS)
    return content[start : start + size]


def _groups(
    modules: Mapping[str, bytes], start: Sequence[str], stored: Collection[str]
) -> Iterator[tuple[list[str], bytes]]:
    """Modules that are packed together, and packed; empty for one that is stored as it is."""
    first: list[str] = []
    for path in start:
        if sum(len(modules[known]) for known in (*first, path)) > GROUP_BYTES:
            yield from _cut(modules, first)
            first = []
        first.append(path)
    yield from _cut(modules, first)
    for path in sorted(modules.keys() - set(start)):
        yield [path], b"" if path in stored else _alone(modules[path])


def _cut(
    modules: Mapping[str, bytes], group: list[str]
) -> Iterator[tuple[list[str], bytes]]:
    """The group, in halves where it is too long; a module by itself is no group."""
    content = b"".join(modules[path] for path in group)
    packed = lz4.block.compress(
        content, mode="high_compression", compression=12, store_size=False
    )
    if len(group) > 1 and len(modules[group[0]]) < len(packed) <= _PACKED_BYTES:
        yield group, packed
    elif len(group) > 1:
        half = len(group) // 2
        yield from _cut(modules, group[:half])
        yield from _cut(modules, group[half:])
    else:
        yield from (([path], _alone(modules[path])) for path in group)


def _alone(content: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -_WINDOW_BITS, 9)
    packed = packer.compress(content) + packer.flush()
    return packed if len(packed) < len(content) else b""


def _key(path: str) -> int:
    """Of the path that finder.py is asked for: the package has its place, its modules the root."""
    inner = path.removeprefix(f"{_PACKAGE}/")
    return zlib.crc32(f"/{path if inner == '__init__.mpy' else inner}".encode())
