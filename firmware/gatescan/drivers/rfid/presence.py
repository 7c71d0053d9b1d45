"""Which tags lie on a reader: each is told once, and gone only after it was missed for a while.

Readers miss a present tag every other poll (PN532) or for some 100 ms (UHF): one miss is nothing.
"""

from gatescan.core.compat import const
from gatescan.drivers.ticks import ticks_diff

_ROOM = const(4)  # tags at once; more are not told apart
_MISSES = const(2)
_ABSENT_MS = const(300)


class _Tag:
    def __init__(self, uid: bytes, now_ms: int) -> None:
        self.uid = uid
        self.seen_ms = now_ms
        self.misses = 0
        self.fresh = True  # seen in the poll under way
        self.told = False


class Presence:
    """Fed with the tags of each poll; time without a poll is not absence."""

    def __init__(self) -> None:
        self._tags: list[_Tag] = []
        self._gone: list[bytes] = []
        self.overflow = 0  # tags for which there was no room

    @property
    def count(self) -> int:
        """How many tags are present."""
        return len(self._tags)

    @property
    def uids(self) -> "tuple[bytes, ...]":
        """The tags that are present, the oldest first."""
        return tuple([tag.uid for tag in self._tags])

    def see(self, uid: bytes, now_ms: int) -> bool:
        """Take a tag of the poll under way; whether it was not present before."""
        for tag in self._tags:
            if tag.uid == uid:
                tag.seen_ms = now_ms
                tag.misses = 0
                tag.fresh = True
                return False
        if len(self._tags) == _ROOM:
            self.overflow += 1
            return False
        self._tags.append(_Tag(uid, now_ms))
        return True

    def swept(self, now_ms: int) -> None:
        """End a poll: whoever was not seen in it was missed once."""
        kept = []
        for tag in self._tags:
            if not tag.fresh:
                tag.misses += 1
            tag.fresh = False
            if tag.misses < _MISSES or ticks_diff(now_ms, tag.seen_ms) < _ABSENT_MS:
                kept.append(tag)
            elif len(self._gone) < _ROOM:
                self._gone.append(tag.uid)
        if len(kept) != len(self._tags):
            self._tags = kept

    def told(self, uid: bytes) -> bool:
        """Whether this presence of the tag was told already."""
        for tag in self._tags:
            if tag.uid == uid:
                return tag.told
        return False

    def tell(self, uid: bytes) -> bool:
        """Mark a present tag as told; True the first time, which is when to tell it."""
        for tag in self._tags:
            if tag.uid == uid:
                first = not tag.told
                tag.told = True
                return first
        return False

    def removed(self) -> "bytes | None":
        """A tag that was taken away since the last call, or None."""
        return self._gone.pop(0) if self._gone else None
