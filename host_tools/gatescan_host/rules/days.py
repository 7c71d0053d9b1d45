"""Days as an order and the facts have them: the number YYYYMMDD."""

from datetime import date, timedelta


def number(day: date) -> int:
    """A day as that number."""
    return day.year * 10000 + day.month * 100 + day.day


def day_after(day: int, days: int) -> int:
    """The day that many days later, or earlier."""
    return number(date(day // 10000, day // 100 % 100, day % 100) + timedelta(days))


def text(day: int) -> str:
    """The day as JSON and people write it: YYYY-MM-DD."""
    return f"{day // 10000:04}-{day // 100 % 100:02}-{day % 100:02}"
