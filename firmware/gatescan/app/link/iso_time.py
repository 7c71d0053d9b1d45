"""Date and time as the SMP datetime command writes them: 2026-11-21T18:00:00[.ffffff][+01:00]."""

from gatescan.drivers.clock import parts_of, utc_of


def iso_text(utc: int) -> str:
    """UTC seconds as text."""
    p = parts_of(utc)
    return "%04d-%02d-%02dT%02d:%02d:%02d" % (p[0], p[1], p[2], p[4], p[5], p[6])


def parse_iso(text: str) -> "int | None":
    """The UTC seconds that `text` means, None when it is no date and time."""
    if len(text) < 19 or text[4] != "-" or text[7] != "-" or text[10] not in "T ":
        return None
    if text[13] != ":" or text[16] != ":":
        return None
    numbers = [text[0:4], text[5:7], text[8:10], text[11:13], text[14:16], text[17:19]]
    for number in numbers:
        if not number.isdigit():
            return None
    year, month, day, hour, minute, second = (int(number) for number in numbers)
    if not (1 <= month <= 12 and 1 <= day <= 31 and hour < 24 and minute < 60 and second < 60):
        return None
    offset_s = _offset_s(text[19:].lstrip(".0123456789"))
    if offset_s is None:
        return None
    utc = utc_of((year, month, day, 0, hour, minute, second)) - offset_s
    # A day that the month does not have would come back as another date.
    return utc if iso_text(utc + offset_s)[:10] == text[:10] else None


def _offset_s(zone: str) -> "int | None":
    if zone in ("", "Z"):
        return 0
    digits = zone[1:].replace(":", "")
    if zone[0] not in "+-" or len(digits) != 4 or not digits.isdigit():
        return None
    seconds = int(digits[:2]) * 3600 + int(digits[2:]) * 60
    return -seconds if zone[0] == "-" else seconds
