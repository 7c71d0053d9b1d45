"""What a site file may say, as pydantic models; its JSON Schema is made from them."""

import re
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    SecretStr,
    Tag,
    model_validator,
)

from gatescan.core import codes
from gatescan_host.site.fields import CATEGORIES as CATEGORIES
from gatescan_host.site.fields import (
    Attribute,
    Category,
    Day,
    Digits,
    KnownList,
    Pseudonym,
    Serial,
    TagText,
    impersonal,
    text_of_digits,
)

ATTRIBUTES = {
    "battery": codes.CA_BATTERY,
    "mains": codes.CA_MAINS,
    "high_value": codes.CA_HIGH_VALUE,
    "copy": codes.CA_COPY,
    "bulky": codes.CA_BULKY,
}
SITE_ID_PATTERN = r"^[a-z0-9-]{2,16}$"


def _secret_text(value: Any) -> Any:
    # of a wrong type like any other, the sentence would show the value with its password
    if not isinstance(value, str | SecretStr):
        raise ValueError("is no text: write a URL like sqlite:///articles.sqlite")
    return value


def _secret_list(value: Any) -> Any:
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise ValueError("is no list of entries with url and select: correct the value")
    return value


def _secret_lists(value: Any) -> Any:
    if not isinstance(value, dict | Items):
        raise ValueError("is none of files, queries and inline: write one of them below it")
    return value


def _select(value: str) -> str:
    if not re.match(r"\s*(select|with)\b", value, re.IGNORECASE):
        raise ValueError("reads nothing: write a SELECT of gtin and category")
    return value


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


class ItemQuery(Strict):
    """Products from a database: a SELECT of gtin, category[, attributes][, name]."""

    url: Annotated[
        SecretStr,
        BeforeValidator(_secret_text),
        Field(description="a URL of SQLAlchemy, or env: and the variable that holds it"),
    ]
    select: Annotated[str, AfterValidator(_select)]


class Items(Strict):
    """Products: CSV files (columns gtin,category[,attributes][,name]), queries, a few here."""

    files: list[str] = []
    queries: Annotated[list[ItemQuery], BeforeValidator(_secret_list)] = []
    inline: list[Item] = []


class ProductRange(Strict):
    """Products by their numbers: those that begin alike, or from one to another."""

    prefix: Annotated[
        Annotated[str, BeforeValidator(text_of_digits), Field(pattern=r"^[0-9]{3,12}$")] | None,
        Field(description="the digits with which the EAN-13 on the packages begins"),
    ] = None
    from_: Annotated[Digits | None, Field(alias="from")] = None
    to: Digits | None = None
    category: Annotated[str, Field(description="a category, or a name of `classes`")]
    attributes: list[Attribute] = []

    @model_validator(mode="after")
    def _one_form(self) -> "ProductRange":
        if (self.from_ is None) != (self.to is None) or (self.prefix is None) == (self.to is None):
            raise ValueError("must have either prefix, or both from and to")
        return self


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
        str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ./-]{0,20}$"), AfterValidator(impersonal)
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


_ITEM_SEAL = r"^(text:[ -~]{1,48}|nfc:[0-9A-F]{14})$"


def _item_seal(value: Any) -> Any:
    # a line without a value would be no seal, without a word
    if not isinstance(value, str) or not re.fullmatch(_ITEM_SEAL, value):
        raise ValueError(
            "names no seal: write text: and its serial, or nfc: and its UID (14 hex digits, large"
            " letters), or leave the line out"
        )
    return value


class Registered(Strict):
    """An item on an inmate's list (section 31) that carries a tag of its own."""

    tag: TagText
    category: Category
    owner: Pseudonym
    sealed: bool = False
    labelled: bool = False
    seal_broken: bool = False
    attributes: list[Attribute] = []
    seal: Annotated[
        Annotated[str, Field(pattern=_ITEM_SEAL)] | None,
        BeforeValidator(_item_seal),
        Field(description="the seal that it has: text: and its serial, or nfc: and its UID"),
    ] = None


class Reel(Strict):
    """Seals whose serials are numbered without a gap."""

    from_: Annotated[Serial, Field(alias="from", description="the first serial")]
    to: Annotated[Serial, Field(description="the last serial, of the same beginning and length")]


def _secret_key(value: Any) -> Any:
    # of a wrong form like any other, the sentence would show the key
    if isinstance(value, SecretStr):
        return value
    if not isinstance(value, str) or not re.fullmatch(r"[0-9A-Fa-f]{32}", value):
        raise ValueError("is no key: write 32 hex digits, in quotes where all are decimal")
    return SecretStr(value)


SecretKey = Annotated[SecretStr, BeforeValidator(_secret_key)]


class ChipSeal(Strict):
    """A seal with an NFC chip, which is asked whether it was opened."""

    nfc: Annotated[str, BeforeValidator(text_of_digits), Field(pattern=r"^[0-9A-F]{14}$")]
    kind: Literal["ntag213_tt", "ntag424", "ntag424_tt"]
    mac_covers_file: Annotated[
        bool, Field(description="the MAC covers the encrypted file data (SDMMACInputOffset)")
    ] = True
    file_key: Annotated[
        SecretKey | None, Field(description="of this seal, where no seal_keys give it")
    ] = None
    picc_key: Annotated[
        SecretKey | None, Field(description="of its encrypted PICC data, likewise")
    ] = None
    last_ctr: Annotated[
        int, Field(ge=0, le=0xFFFFFF, description="the highest counter seen of it")
    ] = 0

    @property
    def tag(self) -> str:
        """As `seal` of a registered item names it."""
        return f"nfc:{self.nfc}"

    @property
    def uid_bytes(self) -> bytes:
        """The UID of the chip, 7 bytes."""
        return bytes.fromhex(self.nfc)


def _seal_form(value: Any) -> str:
    if isinstance(value, ChipSeal) or (isinstance(value, dict) and "nfc" in value):
        return "chip"
    return "reel" if isinstance(value, dict | Reel) else "serial"


Seals = Annotated[
    Annotated[Serial, Tag("serial")]
    | Annotated[Reel, Tag("reel")]
    | Annotated[ChipSeal, Tag("chip")],
    Discriminator(_seal_form),
]


class Site(Strict):
    """One prison's file. Lists of persons hold pseudonyms only."""

    site_id: Annotated[str, Field(pattern=SITE_ID_PATTERN)]
    site_name: Annotated[str, Field(min_length=1, max_length=40), AfterValidator(impersonal)]
    institution: Literal[
        "open_prison", "closed_prison", "arrest_house", "copenhagen_prisons", "pension", "asylum"
    ]
    order_id: Annotated[str, Field(pattern=r"^[a-z0-9-]{2,16}$")]
    languages: Annotated[list[Literal["da", "en"]], Field(min_length=1, max_length=2)]
    valid_days: Annotated[int, Field(ge=1, le=92, description="days until the table expires")]
    policy: Policy = Policy()
    house_rules: list[HouseRule] = []
    classes: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,31}$")], ItemClass] = {}
    items: Annotated[Items, BeforeValidator(_secret_lists)] = Items()
    ranges: list[ProductRange] = []
    inmates: list[Inmate] = []
    registered: list[Registered] = []
    seals: list[Seals] = []
    seal_keys: Annotated[
        str | None, Field(description="file beside this one with the keys of NTAG 424 DNA seals")
    ] = None
    badges: list[TagText] = []
    cash: list[Annotated[int, Field(ge=1, le=100_000, description="DKK")]] = []
