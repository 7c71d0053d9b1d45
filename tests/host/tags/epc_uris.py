"""What an EPC URI says as element strings, read from TDS sections 6.3 and 7: the yardstick."""

from urllib.parse import unquote

_CHECKED = {"gsrn": "8018", "gsrnp": "8017"}
_WITH_SERIAL = {"gdti": "253", "sgcn": "255"}


def with_check_digit(digits: str) -> str:
    """General Specifications 7.9.1: weights 3 and 1 from the right."""
    total = sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(reversed(digits)))
    return digits + str(-total % 10)


def element_strings(uri: str) -> "tuple[tuple[str, str], ...] | None":
    """(AI, value) pairs of a pure identity URI; None for kinds without a GS1 key."""
    _, _, _, kind, body = uri.split(":", 4)
    company, *rest = body.split(".")
    if kind in ("sgtin", "sscc", "itip"):
        body = with_check_digit(rest[0][0] + company + rest[0][1:])
    if kind == "sgtin":
        return ("01", body), ("21", unquote(".".join(rest[1:])))
    if kind == "sscc":
        return (("00", body),)
    if kind == "itip":
        return ("8006", body + rest[1] + rest[2]), ("21", unquote(".".join(rest[3:])))
    if kind in _CHECKED:
        return ((_CHECKED[kind], with_check_digit(company + rest[0])),)
    if kind in _WITH_SERIAL:
        serial = unquote(".".join(rest[1:]))
        return ((_WITH_SERIAL[kind], with_check_digit(company + rest[0]) + serial),)
    if kind == "grai":
        serial = unquote(".".join(rest[1:]))
        return (("8003", "0" + with_check_digit(company + rest[0]) + serial),)
    if kind == "giai":
        return (("8004", company + unquote(".".join(rest))),)
    if kind == "cpi":
        return ("8010", company + unquote(rest[0])), ("8011", rest[1])
    if kind == "sgln":
        location = ("414", with_check_digit(company + rest[0]))
        extension = unquote(".".join(rest[1:]))
        return (location,) if extension == "0" else (location, ("254", extension))
    return None


def bracketed(pairs: "tuple[tuple[str, str], ...]") -> str:
    return "".join(f"({ai}){value}" for ai, value in pairs)
