"""Items handed out after something: what is open, what is done, which seals are used."""

from gatescan.core import codes
from gatescan.core.compat import const

_MAX_SETTLED = const(8)  # items settled and waiting for their second scan
_MAX_SEALS = const(64)  # seals used lately: none serves twice


class OpenItem:
    """An item with its obligations, the seal first; `flags` (TF_*) grow as they are settled."""

    def __init__(self, tag: bytes, obligations: "tuple[int, ...]") -> None:
        self.tag = tag
        self.flags = 0
        self.todo = sorted(obligations, key=lambda number: number != codes.O_SEAL)
        self.done: list[int] = []

    def settle(self, obligation: int) -> None:
        """Note that an obligation was carried out."""
        self.todo.remove(obligation)
        self.done.append(obligation)
        if obligation == codes.O_SEAL:
            self.flags |= codes.TF_SEALED
        elif obligation == codes.O_LABEL:
            self.flags |= codes.TF_LABELLED


class Steps:
    """At most one item is open at a time; settled ones wait to be scanned again."""

    def __init__(self) -> None:
        self.open: OpenItem | None = None
        self._settled: list[OpenItem] = []
        self._seals: list[bytes] = []

    @property
    def waiting(self) -> bool:
        """Whether an item is open, or settled and not scanned again yet."""
        return self.open is not None or bool(self._settled)

    @property
    def seal_due(self) -> bool:
        """Whether the open item is to be sealed."""
        return self.open is not None and codes.O_SEAL in self.open.todo

    def is_settled(self, tag: bytes) -> bool:
        """Whether the item of this tag is settled and waits for its second scan."""
        return any(item.tag == tag for item in self._settled)

    def is_used(self, number: bytes) -> bool:
        """Whether a seal was put on an item lately."""
        return number in self._seals

    def begin(self, tag: bytes, obligations: "tuple[int, ...]") -> None:
        """Open an item; one that was open before is dropped: it was not handed out."""
        self.open = OpenItem(tag, obligations)

    def drop(self) -> None:
        """Forget items, open and settled; used seals stay used."""
        self.open = None
        self._settled = []

    def close(self) -> None:
        """Forget the open item only."""
        self.open = None

    def seal(self, number: bytes) -> None:
        """Settle the open item's seal, which is due, with this one."""
        self.use_seal(number)
        self.settle(codes.O_SEAL)

    def use_seal(self, number: bytes) -> None:
        """Note that a seal is on an item."""
        if len(self._seals) == _MAX_SEALS:
            self._seals.pop(0)
        self._seals.append(number)

    def settle(self, obligation: int) -> None:
        """Settle an obligation of the open item; the last one makes it await its second scan."""
        item = self.open
        if item is None:
            return
        item.settle(obligation)
        if not item.todo:
            if len(self._settled) == _MAX_SETTLED:
                self._settled.pop(0)
            self._settled.append(item)
            self.open = None

    def take_settled(self, tag: bytes) -> "OpenItem | None":
        """The settled item of this tag: good for one second scan, then forgotten."""
        for item in self._settled:
            if item.tag == tag:
                self._settled.remove(item)
                return item
        return None
