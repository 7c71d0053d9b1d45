"""What provisioning gave this scanner: keys, site, language. And how often it has started."""

from gatescan.app import storage
from gatescan.core.compat import TYPE_CHECKING, const

if TYPE_CHECKING:
    from typing import Any

LANGUAGES = ("da", "en")
# RFID readers that may be wired; the first two share a UART
READERS = ("rdm6300", "r200", "pn532", "mfrc522")
_DEFAULT_READERS = "rdm6300"  # of a scanner that was provisioned before there were others
_LINES_READERS = const(2)
_MOST_READERS = const(2)  # with three a Pico has no RAM left for an upload
_KEY_BYTES = const(32)  # device key, HMAC-SHA256
_PUBLIC_BYTES = const(56)  # LMS public key, RFC 8554 section 5.3


class SettingsError(Exception):
    """What a provisioning request has wrong, in one sentence."""


class Settings:
    """The scanner's identity and keys, kept twice in `folder`: one damaged copy costs nothing."""

    def __init__(self, folder: str, unique_id: bytes) -> None:
        self.folder = folder
        self._paths = (folder + "/settings", folder + "/settings.2")
        self._boots_path = folder + "/boots"
        self.device_id = unique_id.hex()
        self.device_key = b""
        self.public_key = b""
        self.site_id = ""
        self.language = 0
        self.readers: tuple[str, ...] = (_DEFAULT_READERS,)
        copies = [self._stored(0), self._stored(1)]
        stored = copies[0] or copies[1]
        # Without readable settings no table verifies: every answer is "inspect by hand", and
        # whoever provisions the scanner anew must hold it in his hand (link/auth_group.py).
        self.damaged = stored is None and max(storage.size(path) for path in self._paths) >= 0
        if stored is not None:
            self._take(stored)
            for copy in (0, 1):
                if copies[copy] is None:
                    self._mend(copy, stored)

    def copies(self) -> int:
        """How many of the two copies in flash can be used."""
        return (self._stored(0) is not None) + (self._stored(1) is not None)

    @property
    def provisioned(self) -> bool:
        """Whether this scanner has keys and a site."""
        return bool(self.device_key)

    @property
    def on_line(self) -> bool:
        """Whether an RFID reader has the line for it; the others are on a bus."""
        return any(kind in self.readers for kind in READERS[:_LINES_READERS])

    def provision(
        self,
        device_key: bytes,
        public_key: bytes,
        site_id: str,
        language: str,
        readers: str = _DEFAULT_READERS,
    ) -> None:
        """Take and store new keys; raises SettingsError on a malformed one.

        `readers`: those of READERS that are wired, joined by commas; used from the next start on.
        """
        record = {
            "device_key": bytes(device_key),
            "public_key": bytes(public_key),
            "site": site_id,
            "lang": language,
            "readers": readers,
        }
        _check(record)
        for path in self._paths:
            storage.write_record(path, record)
        self._take(record)

    def count_boot(self) -> int:
        """Count this start and return its number, from 1; stored before it is used."""
        stored = storage.read_record(self._boots_path, {"n": int})
        boots = (stored["n"] if stored else 0) + 1
        storage.write_record(self._boots_path, {"n": boots})
        return boots

    def _stored(self, copy: int) -> "dict[str, Any] | None":
        """One of the two copies, None when it cannot be used."""
        form = {"device_key": bytes, "public_key": bytes, "site": str, "lang": str}
        record = storage.read_record(self._paths[copy], form)
        try:
            if record is not None:
                record.setdefault("readers", _DEFAULT_READERS)
                _check(record)
        except SettingsError:
            return None
        return record

    def _mend(self, copy: int, record: "dict[str, Any]") -> None:
        """Write a lost copy anew from the good one, before that is lost as well."""
        try:
            storage.write_record(self._paths[copy], record)
        except OSError:
            pass  # a full flash: the self-test tells that there is one copy only

    def _take(self, record: "dict[str, Any]") -> None:
        self.device_key = bytes(record["device_key"])
        self.public_key = bytes(record["public_key"])
        self.site_id = record["site"]
        self.language = LANGUAGES.index(record["lang"])
        self.readers = tuple(record["readers"].split(","))
        self.damaged = False


def _check(record: "dict[str, Any]") -> None:
    if len(record["device_key"]) != _KEY_BYTES:
        raise SettingsError("a device key has 32 bytes")
    if len(record["public_key"]) != _PUBLIC_BYTES:
        raise SettingsError("an LMS public key has 56 bytes")
    if not 1 <= len(record["site"]) <= 32:
        raise SettingsError("a site id has 1 to 32 characters")
    if record["lang"] not in LANGUAGES:
        raise SettingsError("the language is da or en")
    kinds = record["readers"].split(",") if isinstance(record["readers"], str) else ()
    known = [kind for kind in kinds if kind in READERS]
    if not known or len(known) != len(kinds) or len(set(known)) != len(known):
        raise SettingsError("the readers are some of rdm6300, r200, pn532 and mfrc522")
    if len([kind for kind in known if kind in READERS[:_LINES_READERS]]) > 1:
        raise SettingsError("rdm6300 and r200 need the same line: wire one of them")
    if len(known) > _MOST_READERS:
        raise SettingsError("a board has the RAM for two RFID readers")
