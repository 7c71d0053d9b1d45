"""The scripted visit: what is scanned, and what the law must answer at the Copenhagen prisons."""

from typing import NamedTuple


class Act(NamedTuple):
    """One thing done at the gate.

    `how`: barcode, sheet (a barcode of the printed sheet, `code` is its name), tag (RFID) or ok
    (button); `verdict` and `citation`: what must come, None where no verdict is asked for.
    """

    what: str
    how: str
    code: str = ""
    verdict: str | None = None
    citation: str | None = None


VISIT = (
    Act("The guard scans the visit card of inmate-7f3a", "tag", "2A00C0FFE1"),
    Act("A jar of hazelnut spread", "barcode", "009800895250",
        "allow", "§ 1, stk. 1, 1. pkt."),
    Act("A code that no list knows", "barcode", "4006381333931",
        "manual_inspection", "§ 30, stk. 1"),
    Act("A bottle of vodka", "barcode", "5901041003003",
        "refuse_handout", "§ 2, stk. 1, nr. 3"),
    Act("A mobile phone", "barcode", "885909727827",
        "refuse_handout", "§ 2, stk. 1, nr. 11"),
    Act("A lighter", "barcode", "070330600171",
        "refuse_handout", "§ 2, stk. 1, nr. 7"),
    Act("Ibuprofen tablets", "barcode", "5024071270372",
        "hold_for_decision", "§ 2, stk. 1, nr. 9"),
    Act("Something illegal", "barcode", "9520001001000",
        "refuse_and_report", "§ 2, stk. 1, nr. 1"),
    Act("A television", "barcode", "5296849390616",
        "refuse_handout", "§ 5, stk. 1, nr. 1"),
    Act("A battery radio, not sealed", "barcode", "00000089002940",
        "allow_after", "§ 6"),
    Act("The guard seals it and scans the seal", "barcode", "VF-000123"),
    Act("The guard labels it and presses OK", "ok"),
    Act("The radio again, sealed and labelled", "barcode", "00000089002940",
        "allow", "§ 6"),
    Act("A gold ring", "barcode", "9520001001116",
        "allow_after", "§ 31, stk. 2"),
    Act("The guard reads what is to be done", "ok"),
    Act("The guard enters it on the list and presses OK", "ok"),
    Act("The ring again, registered", "barcode", "9520001001116",
        "allow", "§ 31, stk. 2"),
    Act("500 kroner in notes", "sheet", "DKK500",
        "to_account", "§ 22, stk. 2"),
    Act("A DVD player registered to another inmate", "tag", "2A00D15C02",
        "refuse_handout", "§ 8, stk. 1"),
    Act("The inmate's own registered radio, sealed", "tag", "2A00D15C01",
        "allow", "§ 6"),
    Act("A knife without any tag, by the printed sheet", "sheet", "CAT04",
        "refuse_handout", "§ 2, stk. 1, nr. 4"),
    Act("The sheet: the next thing is the visitor's own", "sheet", "VISITOR"),
    Act("The visitor's own mobile phone", "barcode", "885909727827",
        "out_of_scope", "§ 1, stk. 1, 1. pkt."),
    Act("The sheet: the visit is over", "sheet", "END"),
)  # fmt: skip
