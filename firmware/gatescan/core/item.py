"""From what the table says of a tag to the facts that the law is asked about."""

from gatescan.core import codes
from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.law import facts

if TYPE_CHECKING:
    from gatescan.core.table.reader import Table
    from gatescan.core.table.records import Inmate

FOR_INMATE = const(0)  # positions of the code lists in provisions.json
FOR_VISITOR = const(1)
FOR_STAFF = const(2)
REGISTERED_NONE = const(0)
REGISTERED_SELF = const(1)
REGISTERED_OTHER = const(2)
_PRETRIAL = const(1)
_STATUS_UNKNOWN = const(1)
_BATTERY = const(1)
_MAINS = const(2)
_HIGH = const(1)
_RIGHT_BYTES = const(8)  # RIGHTS of FORMAT.md
_NOT_KNOWN = const(3)


def site_vector(table: "Table") -> list:
    """The facts that hold for every item at this site: institution, switches, channel visit."""
    vector = facts.defaults()
    for number, value in table.base_facts():
        if 0 <= number < facts.FACTS:
            vector[number] = value
    vector[facts.F_CHANNEL] = codes.CH_VISIT
    # No list at the gate says how much money or how many discs the inmate holds already.
    vector[facts.F_HELD_DKK] = None
    vector[facts.F_DISCS_HELD] = None
    vector[facts.F_HELD_QTY] = None
    vector[facts.F_HAS_INSTITUTION_PLAYER] = None
    return vector


def describe(vector: list, category: int, attributes: int, flags: int) -> None:
    """Enter class and state of an item (CA_*, TF_*) into `vector`."""
    vector[facts.F_CATEGORY] = category
    if attributes & codes.CA_MAINS:
        vector[facts.F_POWER] = _MAINS
    elif attributes & codes.CA_BATTERY:
        vector[facts.F_POWER] = _BATTERY
    if attributes & codes.CA_HIGH_VALUE:
        vector[facts.F_VALUE] = _HIGH
    vector[facts.F_ORIGINAL] = not attributes & codes.CA_COPY
    vector[facts.F_BULKY] = bool(attributes & codes.CA_BULKY)
    vector[facts.F_SEALED] = bool(flags & codes.TF_SEALED)
    vector[facts.F_LABELLED] = bool(flags & codes.TF_LABELLED)
    vector[facts.F_SEAL_BROKEN] = bool(flags & codes.TF_SEAL_BROKEN)


def concern(vector: list, category: int, inmate: "Inmate") -> None:
    """Enter what the lists say of this inmate and this category; unknown lists stay unknown."""
    if inmate.regime == _PRETRIAL:
        vector[facts.F_REGIME] = _PRETRIAL
        if inmate.restricted is None:
            vector[facts.F_RESTRICTION_STATUS] = _STATUS_UNKNOWN
        else:
            vector[facts.F_RESTRICTED] = inmate.restricted
    decided = inmate.decided
    vector[facts.F_ORDER11] = None if decided is None else _holds(decided, category)
    state = 0 if inmate.permitted else _NOT_KNOWN
    rights = inmate.rights
    for at in range(0, len(rights), _RIGHT_BYTES):
        if rights[at] == category:
            state = rights[at + 2 + (vector[facts.F_REGISTERED_TO] == REGISTERED_OTHER)]
            state = state >> 4 if vector[facts.F_POWER] else state & 15
            vector[facts.F_PERMIT_DATE] = int.from_bytes(rights[at + 4 : at + 8], "little") or None
            for bit in range(3):  # continuous, dest_allowed_before, same_institution
                vector[facts.F_CONTINUOUS + bit] = bool(rights[at + 1] >> bit & 1)
    known = state & 3 != _NOT_KNOWN
    vector[facts.F_PERMISSION_STATUS] = state & 3 if known else None
    vector[facts.F_PERMISSION_BY] = state >> 2 if known else None


def _holds(bitmap: bytes, category: int) -> bool:
    """Whether a bitmap of categories (facts.py) holds `category`."""
    return bool(bitmap[category >> 3] >> (category & 7) & 1)
