"""Answers and tests as numbers: how a compiled order writes its conditions.

A conjunction is a count and that many tests; a test is an operation byte, one byte that names its
subject (fact, term or mark) and what the operation needs:
  bits 0-2 kind, bit 3 mark of the first citation only, bits 4-6 bytes of a mask, bit 7 negated
"""

from gatescan.core.compat import const

NO = const(0)
YES = const(1)
UNKNOWN = const(2)  # + number of the doubt; a greater number is the more restrictive one

T_IN = const(0)  # the code is in the mask that follows
T_IS = const(1)  # the bool is true
T_NULL = const(2)  # the fact is null
T_LISTED = const(3)  # the bitmap fact lists the category
T_TERM = const(4)  # the term holds
T_COMPARE = const(5)  # sum of facts against a number or a fact
T_VERDICT = const(6)  # the winning verdict is in the mask (duties only)
T_MARK = const(7)  # a winning rule carries the mark (duties only)

TEST_KIND = const(0x07)
TEST_FIRST = const(0x08)
TEST_NEGATED = const(0x80)

# second byte of T_COMPARE: bits 0-1 comparison, bit 2 right side is a fact, bits 4-7 facts summed
C_GREATER = const(0)
C_GREATER_EQUAL = const(1)
C_LESS = const(2)
C_LESS_EQUAL = const(3)
C_FACT = const(4)

NOT_COMPUTED = const(0xFF)  # of a term
