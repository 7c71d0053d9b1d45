"""The kinds of values in a site file: what is allowed in each, and how a mistake is told."""

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from gatescan.core.law import names

CATEGORIES = names.CATEGORIES[1:]  # `unknown` is what a scanner says, not what a site enters

_PSEUDONYM = r"^[a-z0-9-]{4,16}$"
_CPR = re.compile(r"(?<!\d)\d{6}-\d{4}(?!\d)|^\d{10}$")  # Danish civil registration number


def _pseudonym(value: str) -> str:
    if _CPR.search(value) or re.fullmatch(r"\d+-?\d*", value):
        raise ValueError("looks like a registration number of a person: use a pseudonym")
    if not re.search(r"\d", value):
        raise ValueError("could be a name: use a pseudonym with at least one digit")
    return value


def impersonal(value: str) -> str:
    """The text; ValueError when it may hold a person's registration number."""
    if _CPR.search(value):
        raise ValueError("looks like a registration number of a person: it must not be stored")
    return value


def _category(value: str) -> str:
    if value not in CATEGORIES:
        raise ValueError(f"'{value}' is no category: use one of {', '.join(CATEGORIES)}")
    return value


def text_of_digits(value: Any) -> Any:
    """The value; ValueError for a number.

    YAML reads an unquoted code as a number and would lose its leading zeros.
    """
    if isinstance(value, int):
        raise ValueError("put the digits in quotes, or YAML drops leading zeros")
    return value


def _day(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ValueError(f"'{value}' is no day: write it like 2027-01-31") from None
    return value


Category = Annotated[
    str, AfterValidator(_category), Field(json_schema_extra={"enum": list(CATEGORIES)})
]
Attribute = Literal["battery", "mains", "high_value", "copy", "bulky"]
Pseudonym = Annotated[str, Field(pattern=_PSEUDONYM), AfterValidator(_pseudonym)]
TagText = Annotated[
    str,
    BeforeValidator(text_of_digits),
    Field(
        pattern=r"^(em4100:[0-9A-Fa-f]{10}|nfc:([0-9A-Fa-f]{8}|[0-9A-Fa-f]{14}|[0-9A-Fa-f]{20})"
        r"|iso15693:[0-9A-Fa-f]{16}|epc:([0-9A-Fa-f]{4}){1,32}|code:[\x1d -~]{1,128}"
        r"|text:[ -~]{1,48})$",
        description="em4100:, nfc:, iso15693: or epc: and hex digits as on the wire; code: and a"
        " barcode with its symbology identifier; or text: and a serial",
    ),
    AfterValidator(impersonal),
]
Serial = Annotated[
    str, BeforeValidator(text_of_digits), Field(pattern=r"^[ -~]{1,48}$"),
    AfterValidator(impersonal),
]
Digits = Annotated[str, BeforeValidator(text_of_digits), Field(pattern=r"^[0-9]{8,14}$")]
Day = Annotated[date, BeforeValidator(_day)]
KnownList = list[Category] | Literal["unknown"]
