"""The default matrix of model.md section 5, cell by cell, on both engines."""

import re

import pytest

from gatescan_host.rules import codes

VERDICTS = {"OK": "allow", "efter": "allow_after", "NEJ": "refuse_handout",
            "NEJ+meld": "refuse_and_report", "MAN": "manual_inspection",
            "HOLD": "hold_for_decision", "konto": "to_account"}


def _citation(short: str) -> str:
    """"§2/1 nr11" -> "§ 2, stk. 1, nr. 11", "§1/1/2p" -> "§ 1, stk. 1, 2. pkt."."""
    match = re.fullmatch(r"§(\d+)(?:/(\d+))?(?: nr(\d+))?(?:/(\d+)p)?", short)
    assert match, short
    section, paragraph, number, sentence = match.groups()
    parts = [f"§ {section}", f"stk. {paragraph}" if paragraph else "",
             f"nr. {number}" if number else "", f"{sentence}. pkt." if sentence else ""]
    return ", ".join(filter(None, parts))


def _cells() -> list[tuple[dict, str, str]]:
    text = (codes.LAW / "model.md").read_text(encoding="utf-8")
    table = text[text.index("## 5. Default matrix"):text.index("## 6.")]
    rows = [[cell.strip() for cell in line.strip("|").split("|")]
            for line in table.splitlines() if line.startswith("|")]
    institutions = rows[0][2:]
    cells = []
    for row in rows[2:]:
        for institution, cell in zip(institutions, row[2:], strict=True):
            word, _, short = cell.partition(" ")
            facts = {"institution": institution, "channel": "visit", "category": row[1],
                     "has_institution_player": True}
            if row[1] == "cash":
                facts["amount_dkk"] = 1000
            cells.append((facts, VERDICTS[word], _citation(short)))
    return cells


CELLS = _cells()


def test_the_table_has_all_cells() -> None:
    assert len(CELLS) == 34 * 6


@pytest.mark.parametrize("engine", ["host", "sim"])
def test_every_cell(ask, engine: str) -> None:
    wrong = []
    answers = ask([facts for facts, _, _ in CELLS], engine)
    for (facts, verdict, cited), answer in zip(CELLS, answers, strict=True):
        if (answer["verdict"], answer["cit"][0]) != (verdict, cited):
            wrong.append((facts, verdict, cited, answer))
    assert not wrong, wrong
