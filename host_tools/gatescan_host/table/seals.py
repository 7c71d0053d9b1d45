"""Seals of which the table knows more than their number: chips, and those on a registered item."""

import json
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated
from zlib import crc32

from pydantic import AfterValidator, Field, ValidationError

from gatescan.core import codes
from gatescan.core.table import format as fmt
from gatescan_host.seals.keys import derive
from gatescan_host.site.errors import Place, Problems
from gatescan_host.site.load import SiteFile
from gatescan_host.site.model import ChipSeal, Reel, Strict
from gatescan_host.table import encode
from gatescan_host.table.reels import split

_KINDS = {
    "ntag213_tt": codes.SK_NTAG213_TT,
    "ntag424": codes.SK_NTAG424,
    "ntag424_tt": codes.SK_NTAG424_TT,
}
_SECRET = Field(pattern=r"^[0-9A-Fa-f]{32}$")


def _system(text: str) -> str:
    if not 9 <= len(text.encode()) <= 24:
        raise ValueError("has not 9 to 24 characters")
    return text


class SealKeys(Strict):
    """The file `seal_keys` of a site: what the keys of its NTAG 424 DNA seals come from."""

    master: Annotated[str, _SECRET]
    system: Annotated[str, AfterValidator(_system)]
    picc_data: Annotated[str, _SECRET] | None = None


class SealList:
    """The seals of a site by number; refuses one on two items, and one that nobody listed."""

    def __init__(self, source: SiteFile, problems: Problems) -> None:
        self._problems = problems
        self._numbers: dict[str, int] = {}
        self._chips: dict[int, ChipSeal] = {}
        self._bound: dict[str, Place] = {}
        self._keys: SealKeys | None = None
        chips = [seal for seal in source.site.seals if isinstance(seal, ChipSeal)]
        for number, seal in enumerate(chips, 1):
            self._numbers[seal.tag] = number
            self._chips[number] = seal
        if source.site.seal_keys is not None:
            self._keys = self._read_keys(source, source.site.seal_keys)
        elif any(seal.kind != "ntag213_tt" and seal.file_key is None for seal in chips):
            problems.add(
                source.place("seals"),
                "seals of kind ntag424 prove themselves with keys: name their file in seal_keys,"
                " or give each its file_key.",
            )
        for at, item in enumerate(source.site.registered):
            if item.seal is not None:
                self._bind(source, at, item.seal, item.sealed)

    def __len__(self) -> int:
        return len(self._numbers)

    def number_of(self, seal: str | None) -> int:
        """The number of a seal (`text:` and its serial, or `nfc:` and its UID), 0 without one."""
        return self._numbers.get(seal, 0) if seal else 0

    def on_items(self) -> Iterable[tuple[str, Place]]:
        """The seals that are on items, and where the items name them."""
        return self._bound.items()

    def one_by_one(self, source: SiteFile) -> Iterator[tuple[str, Place]]:
        """The seals that stand in TAGS: all but those of reels that are on no item."""
        listed = set()
        for number, seal in enumerate(source.site.seals):
            if not isinstance(seal, Reel):
                name = seal.tag if isinstance(seal, ChipSeal) else f"text:{seal}"
                listed.add(name)
                yield name, source.place("seals", number)
        for name, place in self._bound.items():
            if name not in listed:
                yield name, place

    def parts(self) -> list[encode.Part]:
        """SEALS, nothing without seals of that kind."""
        rows = [self._row(number, seal) for seal, number in self._numbers.items()]
        return [encode.plain(fmt.K_SEALS, len(rows), b"".join(rows))] if rows else []

    def _bind(self, source: SiteFile, at: int, seal: str, sealed: bool) -> None:
        place = source.place("registered", at, "seal")
        if not sealed:
            self._problems.add(
                place, "an item with a seal is sealed: set sealed: true or remove the seal."
            )
        elif seal in self._bound:
            self._problems.add(
                place, f"'{seal}' is on the item at {self._bound[seal]} already: remove one."
            )
        elif seal not in self._numbers and not _is_listed(source, seal):
            self._problems.add(place, f"'{seal}' is none of the seals: add it to them.")
        else:
            self._numbers.setdefault(seal, len(self._numbers) + 1)
            self._bound[seal] = place

    def _row(self, number: int, seal: str) -> bytes:
        chip = self._chips.get(number)
        flags = codes.SB_BOUND * (seal in self._bound)
        kind, last_ctr, uid, meta_key, file_key = codes.SK_NUMBERED, 0, bytes(7), b"", b""
        if chip is not None:
            kind, last_ctr, uid = _KINDS[chip.kind], chip.last_ctr, chip.uid_bytes
            flags |= codes.SB_MAC_FILE * chip.mac_covers_file
            if chip.kind != "ntag213_tt":
                file_key, meta_key = self._keys_of(chip)
        body = struct.pack(
            "<BB3s7s16s16s",
            kind,
            flags,
            last_ctr.to_bytes(3, "little"),
            uid,
            meta_key,
            file_key,
        )
        return body + struct.pack("<I", crc32(body, crc32(struct.pack("<I", number))))

    def _keys_of(self, chip: ChipSeal) -> tuple[bytes, bytes]:
        """Its own keys, where the site gives them, else those of the site's master."""
        file_key, picc_key = (
            bytes.fromhex(key.get_secret_value()) if key is not None else b""
            for key in (chip.file_key, chip.picc_key)
        )
        if self._keys is not None:
            master, system = bytes.fromhex(self._keys.master), self._keys.system.encode()
            file_key = file_key or derive(master, chip.uid_bytes, system)
            picc_key = picc_key or bytes.fromhex(self._keys.picc_data or "")
        return file_key, picc_key

    def _read_keys(self, source: SiteFile, name: str) -> SealKeys | None:
        """The keys in the file `seal_keys`; no sentence shows any of them."""
        place = source.place("seal_keys")
        path: Path = source.path.parent / name
        try:
            return SealKeys.model_validate(json.loads(path.read_text(encoding="utf-8")))
        except OSError as error:
            self._problems.add(place, f"{path} cannot be read ({error.strerror}): name the file.")
        except ValidationError as error:
            wrong = ", ".join(str(one["loc"][0]) for one in error.errors() if one["loc"])
            self._problems.add(
                place,
                f"{path} is no file of seal keys ({wrong or 'form'}): it has master (32 hex"
                " digits), system (9 to 24 characters) and, where PICC data are encrypted,"
                " picc_data.",
            )
        except ValueError:
            self._problems.add(place, f"{path} is not JSON: write one object with master, system.")
        return None


def _is_listed(source: SiteFile, seal: str) -> bool:
    """Whether a seal's serial stands in the list of seals, by itself or on a reel."""
    kind, _, serial = seal.partition(":")
    if kind != "text":
        return False
    if serial in source.site.seals:
        return True
    found = split(serial)
    for reel in source.site.seals:
        if found and isinstance(reel, Reel):
            first, last = split(reel.from_), split(reel.to)
            if first and last and first[0] == found[0] and first[1] <= found[1] <= last[1]:
                return True
    return False
