"""Checks the content of North American coupons: AIs (8110) and (8112).

Source: GS1 General Specifications 3.9 and the North American Coupon Application Guideline. Both
are digits only; most fields have a digit in front that tells their length.
"""

from gatescan.core.tags import lint

_PREFIX_LENGTHS = b"0123456"  # of a company prefix, less six
_ANY = b"0123456789"


class _Fields:
    """Takes a coupon's digits apart; `ok` is false from the first field that does not fit."""

    def __init__(self, digits: bytes) -> None:
        self.digits = digits
        self.at = 0
        self.ok = digits.isdigit()

    def take(self, count: int) -> bytes:
        """The next digits."""
        begin = self.at
        self.at += count
        if self.at > len(self.digits):
            self.ok = False
        return self.digits[begin : self.at]

    def one_of(self, allowed: bytes) -> int:
        """The next digit as a number; 0 when it is not allowed."""
        digit = self.take(1)
        if not digit or digit not in allowed:
            self.ok = False
            return 0
        return int(digit)

    def counted(self, allowed: bytes, more: int) -> None:
        """A field behind its length."""
        self.take(self.one_of(allowed) + more)

    def purchase(self) -> None:
        """What has to be bought: its amount, the kind of amount, the family of products."""
        self.counted(b"12345", 0)
        self.one_of(b"012349")
        self.take(3)

    def other_prefix(self) -> None:
        """A company prefix that may be left out."""
        length = self.one_of(_PREFIX_LENGTHS + b"9")
        if length != 9:
            self.take(length + 6)

    def option(self, mark: bytes) -> bool:
        """Whether the optional field with that mark comes next; takes the mark."""
        if self.ok and self.digits[self.at : self.at + 1] == mark:
            self.at += 1
            return True
        return False

    def date(self) -> bytes:
        """A day, YYMMDD."""
        day = self.take(6)
        if self.ok and not lint.passes(lint.YYMMDD, day):
            self.ok = False
        return day

    def at_end(self) -> bool:
        """Whether everything fitted and nothing is left."""
        return self.ok and self.at == len(self.digits)


def is_coupon(part: bytes) -> bool:
    """Whether `part` is the content of (8110)."""
    fields = _Fields(part)
    fields.counted(_PREFIX_LENGTHS, 6)
    fields.take(6)  # offer
    fields.counted(b"12345", 0)  # what it saves
    fields.purchase()
    if fields.option(b"1"):
        fields.one_of(b"0123")
        fields.purchase()
        fields.other_prefix()
    if fields.option(b"2"):
        fields.purchase()
        fields.other_prefix()
    expires = fields.date() if fields.option(b"3") else b"999999"
    if fields.option(b"4") and fields.date() > expires:
        return False
    if fields.option(b"5"):
        fields.counted(_ANY, 6)  # serial number
    if fields.option(b"6"):
        fields.counted(b"1234567", 6)  # retailer
    if fields.option(b"9"):
        fields.one_of(b"01256")  # what the saved value means
        fields.one_of(b"012")  # which item it is for
        fields.take(1)
        fields.one_of(b"01")  # may it be multiplied
    return fields.at_end()


def is_offer(part: bytes) -> bool:
    """Whether `part` is the content of (8112)."""
    fields = _Fields(part)
    fields.one_of(b"01")
    fields.counted(_PREFIX_LENGTHS, 6)
    fields.take(6)
    fields.counted(_ANY, 6)
    return fields.at_end()
