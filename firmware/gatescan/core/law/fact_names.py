"""Names, types and codes of the facts, for reading and writing them as text; loaded on demand.

Source: `facts` of law/provisions.json; the position of a code is its number.
"""

from gatescan.core.law import names

# kinds of values
CODE = "code"
BOOL = "bool"
INT = "int"
CATEGORY_LIST = "list"
DATE = "date"
TEXT = "text"

# In the order of the F_* numbers: (name in JSON, kind, codes). A dot stands before the key of an
# object fact; the last sixteen are keys of `policy`.
FACTS = (
    ("institution", CODE, names.INSTITUTIONS),
    ("channel", CODE, names.CHANNELS),
    ("category", CODE, names.CATEGORIES),
    ("regime", CODE, ("sentenced", "pretrial")),
    ("restricted", CATEGORY_LIST, None),
    ("restriction_status", CODE, ("known", "unknown")),
    ("restriction_lifted", BOOL, None),
    ("for_whom", CODE, ("inmate", "visitor_self", "staff")),
    ("power", CODE, ("none", "battery", "mains")),
    ("sealed", BOOL, None),
    ("labelled", BOOL, None),
    ("seal_broken", BOOL, None),
    ("examinable", CODE, ("self", "external", "impossible")),
    ("original", BOOL, None),
    ("unbroken", BOOL, None),
    ("qty", INT, None),
    ("discs_held", INT, None),
    ("held_qty", INT, None),
    ("has_institution_player", BOOL, None),
    ("source", CODE, ("own", "institution_rental")),
    ("bought_ch3", BOOL, None),
    ("receipt", BOOL, None),
    ("type_approved", BOOL, None),
    ("rental_signed", BOOL, None),
    ("denied_rental", BOOL, None),
    ("registered_to", CODE, ("none", "self", "other")),
    ("value", CODE, ("low", "high")),
    ("bulky", BOOL, None),
    ("amount_dkk", INT, None),
    ("held_dkk", INT, None),
    ("money_kind", CODE, ("work", "other")),
    ("recipient", CODE, ("relative", "other")),
    ("security_objection", BOOL, None),
    ("paid", BOOL, None),
    ("instalment", BOOL, None),
    ("ground", CODE, ("illness", "disability", "education", "employment", "special",
                      "exceptional")),
    ("permission.status", CODE, ("none", "granted", "denied")),
    ("permission.by", CODE, ("head_or_delegate", "directorate")),
    ("order11", BOOL, None),
    ("escorted", BOOL, None),
    ("transitional.permit_date", DATE, None),
    ("transitional.continuous", BOOL, None),
    ("transitional.dest_allowed_before", BOOL, None),
    ("transitional.same_institution", BOOL, None),
    ("accessory_of", CODE, ("permitted_aid",)),
    ("via_institution", BOOL, None),
    ("not_handed_out", BOOL, None),
    ("absence_kind", CODE, ("hospital", "other", "evasion", "no_show")),
    ("months", INT, None),
    ("room_lock", BOOL, None),
    ("unclaimed", BOOL, None),
    ("seized", BOOL, None),
    ("confiscated", BOOL, None),
    ("policy.seal_label", BOOL, None),
    ("policy.seal_exempt", CATEGORY_LIST, None),
    ("policy.pay_exam", BOOL, None),
    ("policy.unbroken_pack", BOOL, None),
    ("policy.banned_disc", BOOL, None),
    ("policy.always_register", CATEGORY_LIST, None),
    ("policy.sign_list", BOOL, None),
    ("policy.sign_storage_list", BOOL, None),
    ("policy.cash_limit", INT, None),
    ("policy.pay_means_restricted", CATEGORY_LIST, None),
    ("policy.house_ban", CATEGORY_LIST, None),
    ("policy.house_max_qty", INT, None),
    ("policy.leave_money_max", INT, None),
    ("policy.cash_permitted_closed", BOOL, None),
    ("policy.scheme27", BOOL, None),
    ("policy.disc_local", BOOL, None),
)

OBJECTS = ("permission", "transitional", "policy")
LABELS = ("item_name",)  # text that goes with the facts and decides nothing


def index_of(name: str) -> int:
    """The F_* number of a fact by its name in JSON (`permission.status`); -1 if there is none."""
    for index, fact in enumerate(FACTS):
        if fact[0] == name:
            return index
    return -1
