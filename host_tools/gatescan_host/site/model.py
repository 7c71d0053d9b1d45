"""What a site file may say, as pydantic models; its JSON Schema is made from them."""

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from gatescan.core import codes
from gatescan.core.law import names

ATTRIBUTES = {
    "battery": codes.CA_BATTERY,
    "mains": codes.CA_MAINS,
    "high_value": codes.CA_HIGH_VALUE,
    "copy": codes.CA_COPY,
    "bulky": codes.CA_BULKY,
}
CATEGORIES = names.CATEGORIES[1:]  # `unknown` is what a scanner says, not what a site enters

_PSEUDONYM = r"^[a-z0-9-]{4,16}$"
_CPR = re.compile(r"(?<!\d)\d{6}-\d{4}(?!\d)|^\d{10}$")  # Danish civil registration number


SITE_ID_PATTERN = r"^[a-z0-9-]{2,16}$"


def _pseudonym(value: str) -> str:
    if _CPR.search(value) or re.fullmatch(r"\d+-?\d*", value):
        raise ValueError("looks like a registration number of a person: use a pseudonym")
    if not re.search(r"\d", value):
        raise ValueError("could be a name: use a pseudonym with at least one digit")
    return value


def _impersonal(value: str) -> str:
    if _CPR.search(value):
        raise ValueError("looks like a registration number of a person: it must not be stored")
    return value


def _category(value: str) -> str:
    if value not in CATEGORIES:
        raise ValueError(f"'{value}' is no category: use one of {', '.join(CATEGORIES)}")
    return value


def _text_of_digits(value: Any) -> Any:
    # YAML reads an unquoted code as a number and would lose its leading zeros
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
    BeforeValidator(_text_of_digits),
    Field(
        pattern=r"^(em4100:[0-9A-Fa-f]{10}|text:[ -~]{1,48})$",
        description="em4100: and ten hex digits as printed on the wire, or text: and a serial",
    ),
    AfterValidator(_impersonal),
]
Serial = Annotated[
    str, BeforeValidator(_text_of_digits), Field(pattern=r"^[ -~]{1,48}$"),
    AfterValidator(_impersonal),
]
Digits = Annotated[str, BeforeValidator(_text_of_digits), Field(pattern=r"^[0-9]{8,14}$")]
Day = Annotated[date, BeforeValidator(_day)]
KnownList = list[Category] | Literal["unknown"]


class Strict(BaseModel):
    """Unknown keys are mistakes; strings are not turned into numbers or the other way round."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Policy(Strict):
    """Switches of the institution; what is left out has the default of the order."""

    seal_label: bool | None = None
    seal_exempt: list[Category] | None = None
    pay_exam: bool | None = None
    unbroken_pack: bool | None = None
    banned_disc: bool | None = None
    always_register: list[Category] | None = None
    sign_list: bool | None = None
    sign_storage_list: bool | None = None
    cash_limit: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    pay_means_restricted: list[Category] | None = None
    house_ban: list[Category] | None = None
    house_max_qty: Annotated[int, Field(ge=0, le=10_000)] | None = None
    leave_money_max: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    cash_permitted_closed: bool | None = None
    scheme27: bool | None = None
    disc_local: bool | None = None


class ItemClass(Strict):
    """A name for a category with attributes, for use in item lists."""

    category: Category
    attributes: list[Attribute] = []


class Item(Strict):
    """One product by its number."""

    gtin: Digits
    category: Annotated[str, Field(description="a category, or a name of `classes`")]
    attributes: list[Attribute] = []


class Items(Strict):
    """Products: CSV files (columns gtin,category[,attributes][,name]) and a few here."""

    files: list[str] = []
    inline: list[Item] = []


class Permission(Strict):
    """A decision on one category for one inmate, granted or denied, at visits."""

    category: Category
    status: Literal["granted", "denied"]
    by: Literal["head_or_delegate", "directorate"]
    under: Annotated[str, Field(description='its provision, such as "§ 3, stk. 2, 1. pkt."')]
    until: Annotated[Day | None, Field(description="the last day on which it holds")] = None


class Transitional(Strict):
    """A right from before the order (section 37) to one category."""

    category: Category
    permit_date: Day
    continuous: bool = False
    same_institution: bool = False
    dest_allowed_before: bool = False


class HouseRule(Strict):
    """A local rule under section 9; `id` is what the house calls it and the scanner shows."""

    id: Annotated[
        str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ./-]{0,20}$"), AfterValidator(_impersonal)
    ]
    ban: list[Category] = []
    max_qty: Annotated[int, Field(ge=0, le=10_000)] | None = None


class Inmate(Strict):
    """One inmate by pseudonym; a list that is not known is `unknown`, never empty."""

    id: Pseudonym
    card: TagText
    regime: Literal["sentenced", "pretrial"]
    restricted: KnownList = "unknown"
    decisions11: KnownList = "unknown"
    permissions: list[Permission] | Literal["unknown"] = "unknown"
    transitional: list[Transitional] = []


class Registered(Strict):
    """An item on an inmate's list (section 31) that carries a tag of its own."""

    tag: TagText
    category: Category
    owner: Pseudonym
    sealed: bool = False
    labelled: bool = False
    seal_broken: bool = False
    attributes: list[Attribute] = []


class Site(Strict):
    """One prison's file. Lists of persons hold pseudonyms only."""

    site_id: Annotated[str, Field(pattern=SITE_ID_PATTERN)]
    site_name: Annotated[str, Field(min_length=1, max_length=40), AfterValidator(_impersonal)]
    institution: Literal[
        "open_prison", "closed_prison", "arrest_house", "copenhagen_prisons", "pension", "asylum"
    ]
    order_id: Annotated[str, Field(pattern=r"^[a-z0-9-]{2,16}$")]
    languages: Annotated[list[Literal["da", "en"]], Field(min_length=1, max_length=2)]
    valid_days: Annotated[int, Field(ge=1, le=92, description="days until the table expires")]
    policy: Policy = Policy()
    house_rules: list[HouseRule] = []
    classes: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,31}$")], ItemClass] = {}
    items: Items = Items()
    inmates: list[Inmate] = []
    registered: list[Registered] = []
    seals: list[Serial] = []
    badges: list[TagText] = []
    cash: list[Annotated[int, Field(ge=1, le=100_000, description="DKK")]] = []
