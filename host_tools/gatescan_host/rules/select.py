"""Which order holds on a day, and whether it holds for as long as a table does.

Orders of one family ("dk-2009" is of the family "dk") follow each other by their valid-from dates.
Days are UTC days, as on the scanner (`Scanner._condition`).
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import cache

from gatescan_host.rules import orders
from gatescan_host.rules.orders import OrderError, OrderFile

_DAY_S = 86400


def default_order() -> str:
    """The id of the order that is meant where none is named: `orders/default.txt`."""
    return (orders.ORDERS / "default.txt").read_text(encoding="utf-8").strip()


@cache
def shipped(order_id: str) -> OrderFile:
    """An order that comes with Gatescan; raises OrderError."""
    return orders.load(orders.path_of(order_id))


def family(name: str) -> list[OrderFile]:
    """The orders of a family that come with Gatescan, the first to begin first; may be empty.

    Raises OrderError for an order file that cannot be used.
    """
    ids = sorted(path.stem for path in orders.ORDERS.glob(f"{name}-*.yaml"))
    found = [shipped(one) for one in ids if one.rpartition("-")[0] == name]
    return sorted(found, key=lambda file: file.order.valid_from)


def in_force(files: Iterable[OrderFile], day: date) -> OrderFile | None:
    """The order that holds on `day`: of those begun and not ended, the one that began last.

    An order ends with its `valid_to`, or when a later one of its family begins. Raises OrderError
    when two begin on the same day: no date says which of them holds.
    """
    held = [file for file in files if file.order.valid_from <= day and not _ended(file, day)]
    held.sort(key=lambda file: file.order.valid_from)
    if len(held) > 1 and held[-1].order.valid_from == held[-2].order.valid_from:
        raise held[-1].error(("valid_from",), f"{held[-2].order.order_id} begins on the same day",
                             "correct the date of one of the two")
    return held[-1] if held else None


def named(name: str, day: date) -> OrderFile:
    """The order `name`, or of the family `name` the one in force on `day`; raises OrderError."""
    members = family(name)
    if not members:
        return shipped(name)
    file = in_force(members, day)
    if file is None:
        dates = ", ".join(f"{one.order.order_id} {_dates(one)}" for one in members)
        raise OrderError(f"no order of the family {name} is in force on {day} ({dates}): "
                         "name an order that is.")
    return file


def for_table(name: str, first_utc: int, end_utc: int) -> OrderFile:
    """The order of a table that is valid from `first_utc` until before `end_utc` (UTC seconds).

    `name` as in `named`. Raises OrderError, a sentence without a place, for an order that is not
    in force on the first day (a table is valid at once, none is built for later) or that ends
    before the table does.
    """
    day = _day(first_utc)
    file = named(name, day)
    order = file.order
    if order.valid_from > day:
        raise OrderError(f"the order {order.order_id} begins on {order.valid_from}, and a table "
                         f"is valid at once: {_instead(file, day)} or build it on that day.")
    if _ended(file, day):
        raise OrderError(f"the order {order.order_id} has ended on {order.valid_to}: "
                         f"{_instead(file, day)}.")
    if _ended(file, _day(end_utc - 1)):
        end_of_order = _midnight_after(file)
        days = (end_of_order - first_utc) // _DAY_S
        remedy = (f"set valid_days to {days} or less" if days
                  else "build the next table under the order that follows it")
        raise OrderError(f"the order {order.order_id} ends on {order.valid_to}, before the table "
                         f"does: {remedy}.")
    return file


def _ended(file: OrderFile, day: date) -> bool:
    return file.order.valid_to is not None and file.order.valid_to < day


def _day(utc: int) -> date:
    return datetime.fromtimestamp(utc, UTC).date()


def _midnight_after(file: OrderFile) -> int:
    """The first second in which an order with a `valid_to` no longer holds."""
    last = file.order.valid_to or date.max
    return int(datetime(last.year, last.month, last.day, tzinfo=UTC).timestamp()) + _DAY_S


def _dates(file: OrderFile) -> str:
    return f"from {file.order.valid_from}" + (
        f" to {file.order.valid_to}" if file.order.valid_to else "")


def _instead(file: OrderFile, day: date) -> str:
    """The remedy that names the order of the same family that holds on `day`, if there is one."""
    other = in_force(family(file.order.order_id.rpartition("-")[0]), day)
    if other is None or other is file:
        return "name the order that is in force then"
    return f"name {other.order.order_id}, which is in force"
