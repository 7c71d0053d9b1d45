"""Item lists from a database: a SELECT behind a URL of SQLAlchemy, read in slices."""

import os
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from urllib.parse import quote, quote_plus

from sqlalchemy import URL, CursorResult, create_engine, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool

from gatescan_host.site.errors import Place, Problems
from gatescan_host.site.intake import Moved
from gatescan_host.site.item_rows import Row, columns_of
from gatescan_host.site.model import ItemQuery

_SLICE_ROWS = 4096
_GTIN_DIGITS = 14
_FROM_ENVIRONMENT = "env:"
_SQLITE = "sqlite"


class RowPlace(Place):
    """A row of a query's answer; `path` is the place of the query in the site file."""

    def __str__(self) -> str:
        return f"{self.path}, row {self.line}"


def query_rows(
    query: ItemQuery, named_at: Place, problems: Problems, moved: Moved
) -> Iterator[Row]:
    """The rows of the query that the site file names at `named_at`, numbered from 1.

    What cannot be reached or read is added to `problems`, never with a password. The query may
    not write: SQLite and PostgreSQL are told so, elsewhere its transaction is never committed.
    """
    url = _url(query, named_at, problems)
    if url is None:
        return
    shown = _shown(url)
    went_wrong, remedy = "cannot be reached", "check the URL, and that it is running"
    try:
        engine = create_engine(url, poolclass=NullPool)
        with engine.connect() as connection:
            connection = connection.execution_options(
                yield_per=_SLICE_ROWS, no_parameters=True, postgresql_readonly=True
            )
            went_wrong, remedy = "refuses the query", "correct `select`"
            if url.get_backend_name() == _SQLITE:
                # Python's driver would commit at once what begins with WITH
                connection.exec_driver_sql("PRAGMA query_only = ON")
            result = connection.exec_driver_sql(query.select)
            for number, row in enumerate(_rows(result, named_at, problems), 1):
                went_wrong, remedy = f"gives no row after row {number}", "try again"
                if not number % _SLICE_ROWS:
                    moved(f"query at line {named_at.line}", number, 0, None)
                yield (number, *row)
    except ImportError:
        problems.add(named_at, f"{shown} needs a driver of Python that is not here: install it.")
    except Exception as fault:  # drivers raise what they like, not only SQLAlchemy's errors
        cause = _cause(fault, url)
        problems.add(named_at, f"the database {shown} {went_wrong} ({cause}): {remedy}.")


def _rows(
    result: CursorResult, named_at: Place, problems: Problems
) -> Iterator[tuple[str, str, str]]:
    columns = columns_of(list(result.keys()), named_at, problems)
    if columns is None:
        return
    gtin, category, attributes = columns
    for row in result:
        code, kind = row[gtin], row[category]
        yield (
            code.strip() if isinstance(code, str) else _digits(code),
            kind.strip() if isinstance(kind, str) else _text(kind),
            "" if attributes is None else _text(row[attributes]),
        )


def _digits(value: Any) -> str:
    """A code from a column of numbers, which has lost the zeros in front of it.

    Eight digits stay eight: they may be a UPC-E, which is no number with zeros in front.
    """
    if isinstance(value, Decimal) and value == value.to_integral_value():
        value = int(value)
    if type(value) is not int or value < 0:
        return _text(value)
    return str(value) if len(str(value)) == 8 else str(value).zfill(_GTIN_DIGITS)


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _url(query: ItemQuery, named_at: Place, problems: Problems) -> URL | None:
    """Where the database is; None after a mistake was added."""
    text = query.url.get_secret_value()
    if text.startswith(_FROM_ENVIRONMENT):
        name = text.removeprefix(_FROM_ENVIRONMENT)
        text = os.environ.get(name, "")
        if not text:
            problems.add(
                named_at, f"the environment variable {name!r} is not set: set it to the URL."
            )
            return None
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        problems.add(
            named_at, "`url` is no URL of a database: write it like sqlite:///articles.sqlite."
        )
        return None
    if url.get_backend_name() == _SQLITE and url.database and url.database[0] != ":":
        file = named_at.path.parent / url.database
        # SQLite would make an empty database of a misspelt name
        if not file.is_file() and not url.database.startswith("file:"):
            problems.add(named_at, f"there is no database file {file}: correct `url`.")
            return None
        if not url.database.startswith("file:"):
            url = url.set(database=str(file))
    return url


def _shown(url: URL) -> str:
    """The URL without user, password and options."""
    where = URL.create(url.drivername, host=url.host, port=url.port, database=url.database)
    return where.render_as_string(hide_password=True)


def _cause(fault: Exception, url: URL) -> str:
    """The driver's own first line, without whatever may be a secret of the URL."""
    told = str(getattr(fault, "orig", None) or fault).splitlines()
    text = told[0] if told else type(fault).__name__
    options = [option for values in url.normalized_query.values() for option in values]
    for secret in filter(None, (url.password, *options)):
        for form in (str(secret), quote(str(secret), safe=""), quote_plus(str(secret))):
            text = text.replace(form, "***")
    return text
