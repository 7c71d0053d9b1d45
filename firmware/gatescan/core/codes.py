"""Numbers that firmware, table, journal and host share. They are stored and sent: never renumber.

Source: law/provisions.json; the names stand in `law/names.py`, which the scanner loads only
on demand.
"""

from gatescan.core.compat import const

# verdicts: the number is the rank, least to most restrictive (model.md section 3)
V_OUT_OF_SCOPE = const(0)
V_ALLOW = const(1)
V_ALLOW_AFTER = const(2)
V_MANUAL_INSPECTION = const(3)
V_TO_ACCOUNT = const(4)
V_LIMIT_EXCEEDED = const(5)
V_STORE = const(6)
V_HOLD_FOR_DECISION = const(7)
V_REFUSE_HANDOUT = const(8)
V_REFUSE_AND_REPORT = const(9)

# authorities; -1 = none
A_HEAD_OF_INSTITUTION = const(0)
A_DIRECTORATE = const(1)
A_POLICE_OR_COURT = const(2)

# institutions
I_OPEN_PRISON = const(0)
I_CLOSED_PRISON = const(1)
I_ARREST_HOUSE = const(2)
I_COPENHAGEN_PRISONS = const(3)
I_PENSION = const(4)
I_ASYLUM = const(5)

# channels
CH_INTAKE = const(0)
CH_VISIT = const(1)
CH_MAIL = const(2)
CH_RETURN_FROM_LEAVE = const(3)
CH_TRANSFER_IN = const(4)
CH_CATALOGUE = const(5)
CH_RENTAL = const(6)
CH_SALE = const(7)
CH_RELEASE = const(8)
CH_LEAVE_OUT = const(9)
CH_SEND_OUT = const(10)
CH_ASSIGN = const(11)
CH_POSSESSION_CHECK = const(12)
CH_ABSENCE = const(13)

# obligations
O_EXAMINE = const(0)
O_SIGN_DECL = const(1)
O_INFORM_ORAL = const(2)
O_MEMO_COMPLAINT = const(3)
O_GUIDE_RESTRICT = const(4)
O_GUIDE_LEAVE = const(5)
O_SEAL = const(6)
O_LABEL = const(7)
O_REGISTER = const(8)
O_SIGN_LIST = const(9)
O_PAY_EXAM = const(10)
O_SHOW_RECEIPT = const(11)
O_PAY_NOW = const(12)
O_SIGN_RENTAL = const(13)
O_GUIDE_SALE = const(14)
O_UNBROKEN = const(15)
O_SPLIT = const(16)
O_DEPOSIT_ACCOUNT = const(17)
O_STORE_REG = const(18)
O_OFFER_SEND = const(19)
O_STORAGE_REFUSABLE = const(20)
O_HELP_STORAGE = const(21)
O_SEIZE_DECIDE = const(22)
O_CONFISC_CHECK = const(23)
O_DISC_POSSIBLE = const(24)
O_REPORT_DUTY = const(25)
O_TAKE_BACK = const(26)
O_REDEPOSIT = const(27)
O_ASK_HEAD = const(28)
O_ASK_DIRECTORATE = const(29)
O_ASK_POLICE_COURT = const(30)
O_SEAL_PACK = const(31)
O_LOCK_ROOM_TEMP = const(32)
O_KEEP_1Y = const(33)
O_KEEP_3M = const(34)
O_HAND_BACK = const(35)

# categories the firmware itself must know
C_UNKNOWN = const(0)
C_PASSPORT = const(29)
C_PAY_INSTRUMENT = const(30)
C_CASH = const(31)
C_GENERAL = const(33)

# kinds of serial-level tags in a table
TK_INMATE = const(1)  # a visit card: opens the visit of that inmate
TK_ITEM = const(2)  # a registered item (section 31): class, owner, seal state
TK_SEAL = const(3)  # a numbered seal
TK_BADGE = const(4)  # a guard's badge
TK_COMMAND = const(5)  # a command barcode of the printed sheet

# commands of the printed sheet; the table lists their barcodes, so the site key signs them
CMD_FOR_INMATE = const(1)
CMD_FOR_VISITOR = const(2)  # the next item is the visitor's own
CMD_FOR_STAFF = const(3)
CMD_END_VISIT = const(4)
CMD_CATEGORY = const(5)  # an untagged item; class_id says which
CMD_CASH = const(6)  # cash; arg = amount in DKK

# flags of a TK_ITEM
TF_SEALED = const(1)
TF_LABELLED = const(2)
TF_SEAL_BROKEN = const(4)

# kinds of seals that a table knows more of than their number
SK_NUMBERED = const(0)  # nothing electronic: a person looks whether it is whole
SK_NTAG213_TT = const(1)  # tells whether it was opened, and can be copied
SK_NTAG424 = const(2)  # proves itself, has no loop that breaks
SK_NTAG424_TT = const(3)  # proves itself and tells whether it was opened

# flags of a seal
SB_BOUND = const(1)  # it is on an item of this table
SB_MAC_FILE = const(2)  # its MAC covers the encrypted file data and "&cmac="

# what a look at a seal finds; also in the journal
SO_INTACT = const(0)
SO_MISSING = const(1)
SO_WRONG = const(2)  # another seal than that of the item
SO_REUSED = const(3)  # the seal of another item
SO_OPENED = const(4)
SO_CLONED = const(5)  # cloned, or an old message of it replayed
SO_UNREADABLE = const(6)

# attributes of an item class
CA_BATTERY = const(1)
CA_MAINS = const(2)
CA_HIGH_VALUE = const(4)
CA_COPY = const(8)  # a copied disc: not `original`
CA_BULKY = const(16)
