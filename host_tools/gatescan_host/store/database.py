"""Opening the store: SQLite in a file by default, any database SQLAlchemy knows by its URL."""

from pathlib import Path

from sqlalchemy import Engine, create_engine, select
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.orm import Session

from gatescan.core.trust.manifest import Manifest
from gatescan_host.errors import GatescanError
from gatescan_host.store.models import Base, TableVersion


class StoreError(GatescanError):
    """The store cannot be used as asked."""


def open_store(where: str | Path) -> Engine:
    """The store in the SQLite file `where`, or behind a URL like "postgresql+psycopg://...".

    Its tables are made when absent. Raises StoreError.
    """
    text = str(where)
    url = text if "://" in text else f"sqlite:///{text}"
    shown = url.split("@")[-1]  # no password in a message
    try:
        engine = create_engine(url)
        Base.metadata.create_all(engine)
    except (ArgumentError, NoSuchModuleError, ImportError):
        raise StoreError(
            f"{shown} is no database this installation knows: give a file name, or install the "
            "driver of that database."
        ) from None
    except SQLAlchemyError as error:
        cause = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise StoreError(f"The store {shown} cannot be opened ({cause}): check it.") from None
    return engine


def remember_table(engine: Engine, manifest: Manifest, order_id: str) -> None:
    """Keep what a signed table was, once; later reports name it by its number."""
    with Session(engine) as session, session.begin():
        known = select(TableVersion.id).where(TableVersion.sha256 == manifest.table_sha256)
        if session.scalar(known) is None:
            session.add(
                TableVersion(
                    sha256=manifest.table_sha256,
                    site=manifest.site,
                    seq=manifest.seq,
                    order_id=order_id,
                    not_before=manifest.not_before,
                    not_after=manifest.not_after,
                )
            )
