"""The facts vector: one plain list, indexed by F_*, that a policy is asked about.

Values are small ints (codes, amounts, dates YYYYMMDD), bools, None, or for a list of categories
a bitmap of category numbers (bytes; the number n is bit n & 7 of byte n >> 3).
None means: nothing (facts of NULLABLE), the order's default (policy switches), else unknown.
Names, types and defaults: law/provisions.json, model.md section 2. Stored in no file: the
numbers go into the compiled policy only, whose version changes with them.
"""

from gatescan.core.compat import const

F_INSTITUTION = const(0)
F_CHANNEL = const(1)
F_CATEGORY = const(2)
F_REGIME = const(3)
F_RESTRICTED = const(4)  # bitmap
F_RESTRICTION_STATUS = const(5)
F_RESTRICTION_LIFTED = const(6)
F_FOR_WHOM = const(7)
F_POWER = const(8)
F_SEALED = const(9)
F_LABELLED = const(10)
F_SEAL_BROKEN = const(11)
F_EXAMINABLE = const(12)
F_ORIGINAL = const(13)
F_UNBROKEN = const(14)  # None = not yet looked at
F_QTY = const(15)  # pieces
F_DISCS_HELD = const(16)  # pieces
F_HELD_QTY = const(17)  # pieces
F_HAS_INSTITUTION_PLAYER = const(18)
F_SOURCE = const(19)
F_BOUGHT_CH3 = const(20)
F_RECEIPT = const(21)  # None = not yet asked for
F_TYPE_APPROVED = const(22)
F_RENTAL_SIGNED = const(23)
F_DENIED_RENTAL = const(24)
F_REGISTERED_TO = const(25)
F_VALUE = const(26)
F_BULKY = const(27)
F_AMOUNT_DKK = const(28)  # DKK; None = not counted
F_HELD_DKK = const(29)  # DKK
F_MONEY_KIND = const(30)
F_RECIPIENT = const(31)
F_SECURITY_OBJECTION = const(32)
F_PAID = const(33)
F_INSTALMENT = const(34)
F_GROUND = const(35)  # None = no ground claimed
F_PERMISSION_STATUS = const(36)
F_PERMISSION_BY = const(37)
F_ORDER11 = const(38)
F_ESCORTED = const(39)
F_PERMIT_DATE = const(40)  # YYYYMMDD; None = no old permit (transitional, section 37)
F_CONTINUOUS = const(41)
F_DEST_ALLOWED_BEFORE = const(42)
F_SAME_INSTITUTION = const(43)
F_ACCESSORY_OF = const(44)  # None = of nothing that is permitted
F_VIA_INSTITUTION = const(45)
F_NOT_HANDED_OUT = const(46)
F_ABSENCE_KIND = const(47)
F_MONTHS = const(48)  # months
F_ROOM_LOCK = const(49)
F_UNCLAIMED = const(50)
F_SEIZED = const(51)
F_CONFISCATED = const(52)
F_POLICY = const(53)  # the switches of the institution start here
F_POLICY_SEAL_LABEL = const(53)
F_POLICY_SEAL_EXEMPT = const(54)  # bitmap
F_POLICY_PAY_EXAM = const(55)
F_POLICY_UNBROKEN_PACK = const(56)
F_POLICY_BANNED_DISC = const(57)
F_POLICY_ALWAYS_REGISTER = const(58)  # bitmap
F_POLICY_SIGN_LIST = const(59)
F_POLICY_SIGN_STORAGE_LIST = const(60)
F_POLICY_CASH_LIMIT = const(61)  # DKK; None = no local limit
F_POLICY_PAY_MEANS_RESTRICTED = const(62)  # bitmap
F_POLICY_HOUSE_BAN = const(63)  # bitmap
F_POLICY_HOUSE_MAX_QTY = const(64)  # pieces; None = no local limit
F_POLICY_LEAVE_MONEY_MAX = const(65)  # DKK; None = no local rule
F_POLICY_CASH_PERMITTED_CLOSED = const(66)
F_POLICY_SCHEME27 = const(67)
F_POLICY_DISC_LOCAL = const(68)
FACTS = const(69)  # length of the vector

CATEGORY_BITMAP_BYTES = const(5)

NO_CATEGORY = bytes(CATEGORY_BITMAP_BYTES)

# None is an answer here, not a gap
NULLABLE = (
    F_UNBROKEN,
    F_RECEIPT,
    F_AMOUNT_DKK,
    F_GROUND,
    F_PERMIT_DATE,
    F_ACCESSORY_OF,
    F_POLICY_CASH_LIMIT,
    F_POLICY_HOUSE_MAX_QTY,
    F_POLICY_LEAVE_MONEY_MAX,
)

# About the inmate: known from fresh lists only (model.md section 4, missing facts).
INMATE_FACTS = (
    F_REGIME,
    F_RESTRICTED,
    F_RESTRICTION_STATUS,
    F_RESTRICTION_LIFTED,
    F_DISCS_HELD,
    F_HELD_QTY,
    F_HAS_INSTITUTION_PLAYER,
    F_HELD_DKK,
    F_PERMISSION_STATUS,
    F_PERMISSION_BY,
    F_ORDER11,
)


def bitmap(numbers: "list[int] | tuple[int, ...]") -> bytes:
    """The category numbers as a bitmap, as F_RESTRICTED and the policy lists hold them.

    Raises ValueError for a number that no category can have.
    """
    bits = bytearray(CATEGORY_BITMAP_BYTES)
    for number in numbers:
        if not 0 <= number < CATEGORY_BITMAP_BYTES * 8:
            raise ValueError("no category has the number %d" % number)
        bits[number >> 3] |= 1 << (number & 7)
    return bytes(bits)


def defaults() -> list:
    """A new vector in which nothing special is known: the defaults of provisions.json.

    Institution, channel and category stay None and must be set; policy switches stay None, which
    means the order's own default for that institution.
    """
    vector: list = [None] * FACTS
    for index in range(F_REGIME, F_POLICY):
        vector[index] = False
    vector[F_RESTRICTED] = NO_CATEGORY
    for index in (F_REGIME, F_RESTRICTION_STATUS, F_FOR_WHOM, F_POWER, F_EXAMINABLE, F_SOURCE,
                  F_REGISTERED_TO, F_VALUE, F_PERMISSION_STATUS, F_DISCS_HELD, F_HELD_QTY,
                  F_HELD_DKK, F_MONTHS):
        vector[index] = 0
    for index in (F_MONEY_KIND, F_RECIPIENT, F_ABSENCE_KIND, F_QTY):
        vector[index] = 1
    vector[F_ORIGINAL] = True
    vector[F_TYPE_APPROVED] = True
    vector[F_PERMISSION_BY] = None
    for index in NULLABLE:
        vector[index] = None
    return vector


def forget_inmate(vector: list) -> None:
    """Make everything unknown that only fresh lists of the inmate can tell (changes `vector`)."""
    for index in INMATE_FACTS:
        vector[index] = None
