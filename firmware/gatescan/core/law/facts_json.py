"""The facts of one `rules eval` line: JSON names and codes in, a facts vector out."""

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.law import fact_names as fn
from gatescan.core.law import names, strict_json
from gatescan.core.law.facts import (
    F_CATEGORY,
    F_CHANNEL,
    F_INSTITUTION,
    F_PERMISSION_BY,
    F_PERMISSION_STATUS,
    F_SEAL_BROKEN,
    F_SEALED,
    bitmap,
    defaults,
)

if TYPE_CHECKING:
    from gatescan.core.law.policy import Policy

_SHOWN_CHARS = const(40)  # of a wrong value in an error sentence
_MONTH_DAYS = b"\x1f\x1d\x1f\x1e\x1f\x1e\x1f\x1f\x1e\x1f\x1e\x1f"  # with a leap February


class FactError(Exception):
    """A fact that cannot be used; the message is one sentence."""


def read(given: strict_json.JsonObject, policy: "Policy") -> list:
    """The vector of the facts in `given`; absent and null facts have their defaults.

    Raises FactError for an unknown name or code, a wrong type, a negative number, facts that
    contradict each other, and a fact or channel that the order file does not cover.
    """
    vector = defaults()
    plain = defaults()
    for name, value in given.pairs:
        if name in fn.LABELS:
            if value is not None and not isinstance(value, str):
                raise _wrong(name, "a text")
        elif name in fn.OBJECTS:
            if value is None:
                continue
            if not isinstance(value, strict_json.JsonObject):
                raise _wrong(name, "an object")
            for key, inner in value.pairs:
                _set(vector, name + "." + key, inner)
        elif "." in name:
            raise _unknown(name)
        else:
            _set(vector, name, value)
    for fact in (F_INSTITUTION, F_CHANNEL, F_CATEGORY):
        if vector[fact] is None:
            raise FactError("The fact %s is missing; give its code." % fn.FACTS[fact][0])
    if vector[F_SEALED] and vector[F_SEAL_BROKEN]:
        raise FactError("An item cannot be sealed and seal_broken; give one of the two.")
    if vector[F_PERMISSION_STATUS] == 1 and vector[F_PERMISSION_BY] is None:
        raise FactError("A granted permission needs by: head_or_delegate or directorate.")
    if not policy.covers_channel(vector[F_CHANNEL]):
        raise FactError("The order file has no rules for the channel %s yet; inspect by hand."
                        % names.CHANNELS[vector[F_CHANNEL]])
    for fact in range(len(vector)):
        if vector[fact] != plain[fact] and not policy.uses_fact(fact):
            raise FactError("The order file has no rule for the fact %s yet; inspect by hand."
                            % fn.FACTS[fact][0])
    return vector


def _wrong(name: str, wanted: str) -> FactError:
    return FactError("The fact %s must be %s." % (name, wanted))


def _unknown(name: str) -> FactError:
    return FactError("There is no fact %s; the facts are listed in provisions.json."
                     % _shown(name))


def _shown(text: str) -> str:
    return strict_json.quote(text[:_SHOWN_CHARS])


def _set(vector: list, name: str, value: object) -> None:
    fact = fn.index_of(name)
    if fact < 0:
        raise _unknown(name)
    if value is None:
        return
    _, kind, codes = fn.FACTS[fact]
    if kind == fn.CODE:
        vector[fact] = _code(name, value, codes)
    elif kind == fn.BOOL:
        if value is not True and value is not False:
            raise _wrong(name, "true or false")
        vector[fact] = value
    elif kind == fn.INT:
        vector[fact] = _number(name, value)
    elif kind == fn.CATEGORY_LIST:
        if not isinstance(value, list):
            raise _wrong(name, "a list of category codes")
        vector[fact] = bitmap([_code(name, code, names.CATEGORIES) for code in value])
    else:
        vector[fact] = _date(name, value)


def _code(name: str, value: object, codes: "tuple[str, ...] | None") -> int:
    if not isinstance(value, str):
        raise _wrong(name, "a code in quotes")
    codes = codes or ()
    for number, code in enumerate(codes):
        if code == value:
            return number
    if len(codes) <= 14:
        raise FactError("The fact %s has no code %s; use %s."
                        % (name, _shown(value), ", ".join(codes)))
    raise FactError("The fact %s has no code %s; use a category of provisions.json."
                    % (name, _shown(value)))


def _number(name: str, value: object) -> int:
    if value is strict_json.HUGE:
        raise FactError("The fact %s has more than 18 digits; check the number." % name)
    if isinstance(value, bool) or not isinstance(value, int):
        raise _wrong(name, "a whole number")
    if value < 0:
        raise FactError("The fact %s must not be negative." % name)
    return value


def _date(name: str, value: object) -> int:
    """A calendar date "YYYY-MM-DD" as the int YYYYMMDD."""
    wrong = _wrong(name, "a date written YYYY-MM-DD")
    if not isinstance(value, str) or len(value) != 10:
        raise wrong
    for place, char in enumerate(value):
        if (char != "-") if place in (4, 7) else (char not in "0123456789"):
            raise wrong
    year, month, day = int(value[:4]), int(value[5:7]), int(value[8:])
    if not year or not 1 <= month <= 12 or not 1 <= day <= _MONTH_DAYS[month - 1]:
        raise wrong
    if month == 2 and day == 29 and (year % 4 or (year % 100 == 0 and year % 400)):
        raise wrong
    return year * 10000 + month * 100 + day
