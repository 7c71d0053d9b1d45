"""Tables of the event store: devices, their events, and the tables they decided by.

An event keeps the bytes of the scanner's record and link; the other columns are those bytes
decoded, so that a database can search them. The bytes alone are evidence.
"""

from datetime import datetime

from sqlalchemy import DateTime, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import BigInteger

from gatescan.core.journal import record


class Base(DeclarativeBase):
    """What all tables of the store have in common."""


class Device(Base):
    """A scanner, by the id it reports; `last_seq`, `last_link`: the end of its stored chain."""

    __tablename__ = "device"

    id: Mapped[int] = mapped_column(primary_key=True)
    device_id: Mapped[str] = mapped_column(String(64), unique=True)
    last_seq: Mapped[int] = mapped_column(BigInteger, default=0)
    last_link: Mapped[bytes] = mapped_column(LargeBinary(record.LINK_BYTES))


class Event(Base):
    """One record of a scanner's journal; times in UTC seconds, 0 = the clock was not set."""

    __tablename__ = "event"
    __table_args__ = (UniqueConstraint("device", "seq"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    device: Mapped[int] = mapped_column(ForeignKey("device.id"))
    seq: Mapped[int] = mapped_column(BigInteger)
    body: Mapped[bytes] = mapped_column(LargeBinary(record.BODY_BYTES))
    link: Mapped[bytes] = mapped_column(LargeBinary(record.LINK_BYTES))
    stored_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    utc: Mapped[int] = mapped_column(BigInteger, index=True)
    tick_ms: Mapped[int] = mapped_column(BigInteger)
    boot: Mapped[int]
    kind: Mapped[int] = mapped_column(index=True)
    flags: Mapped[int]
    table_seq: Mapped[int]
    verdict: Mapped[int]
    category: Mapped[int]
    citation: Mapped[int] = mapped_column(BigInteger)
    tag: Mapped[bytes] = mapped_column(LargeBinary(record.TAG_BYTES))


class TableVersion(Base):
    """A signed table that was sent to scanners: it explains the `table_seq` of an event."""

    __tablename__ = "table_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    site: Mapped[str] = mapped_column(String(64))
    seq: Mapped[int] = mapped_column(BigInteger, index=True)
    order_id: Mapped[str] = mapped_column(String(64))
    not_before: Mapped[int] = mapped_column(BigInteger)
    not_after: Mapped[int] = mapped_column(BigInteger)
