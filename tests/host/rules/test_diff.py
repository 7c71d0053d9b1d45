"""`rules diff`: every change of an order is found and told truly, with no fact too many."""

import random
import re
from itertools import product
from pathlib import Path

import pytest

from gatescan.core.law import citation, names
from gatescan.core.law import fact_names as fn
from gatescan.core.law.facts import bitmap, defaults
from gatescan.core.law.policy import Outcome, Policy
from gatescan_host.errors import Exit
from gatescan_host.rules import compiler, orders, rulebook, wording
from gatescan_host.rules.diff import ITS_CATEGORY, Comparison, Row, compare
from gatescan_host.rules.diff_text import text_of
from gatescan_host.rules.rulebook import Rulebook
from host_side import gatescan

TINY = Path(__file__).with_name("tiny.yaml")
TEXT = TINY.read_text(encoding="utf-8")
LINES = re.findall(r"^  - \{id: .*$", TEXT, re.MULTILINE)  # its rules


def _book(folder: Path, text: str) -> Rulebook:
    path = folder / "changed.yaml"
    path.write_text(text, encoding="utf-8")
    return rulebook.build(orders.load(path))


def _diff(folder: Path, *replaced: tuple[str, str]) -> Comparison:
    text = TEXT
    for old, new in replaced:
        assert old in text, old
        text = text.replace(old, new, 1)
    return compare(rulebook.build(orders.load(TINY)), _book(folder, text))


RIGHT, LOOK = "§ 1, stk. 1, 1. pkt.", "§ 30, stk. 1"
# old text, new text, every change of a verdict: facts, old and new answer
CHANGES = [
    ("order11: true}, then: {verdict: refuse_handout}",
     "order11: true}, then: {verdict: store}",
     {("order11 = yes", "refuse_handout § 11", "store § 11")}),
    ('citation: "§ 11"', 'citation: "§ 12"',
     {("order11 = unknown", "hold_for_decision § 11", "hold_for_decision § 12"),
      ("order11 = yes", "refuse_handout § 11", "refuse_handout § 12")}),
    ("house_ban: [alcohol]", "house_ban: [alcohol, protein]",
     {("", f"allow {RIGHT}", "refuse_handout § 9"),
      ("order11 = unknown", "hold_for_decision § 11", "refuse_handout § 9"),
      ("order11 = yes", "refuse_handout § 11", "refuse_handout § 9"),
      ("for_whom = unknown", f"manual_inspection {LOOK}", "refuse_handout § 9"),
      ("power = battery or mains", "allow_after § 6", "refuse_handout § 9"),
      ("power = unknown", f"manual_inspection {LOOK}", "refuse_handout § 9")}),
    ("cash_limit: 1000", "cash_limit: 900",
     {("amount_dkk = 901 or 999 or 1000", f"allow {RIGHT}",
       "limit_exceeded § 23, stk. 2, 1. pkt."),
      ("amount_dkk = 1000, held_dkk = unknown", f"manual_inspection {LOOK}",
       "limit_exceeded § 23, stk. 2, 1. pkt.")}),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "wanted"), CHANGES)
def test_what_changed_is_told(tmp_path: Path, old: str, new: str, wanted: set) -> None:
    told = _diff(tmp_path, (old, new))
    assert {(wording.any_of(row.named()), _answer(row.old), _answer(row.new))
            for row in told.rows if row.of_verdict()} == wanted
    assert all(row.channels == (1,) for row in told.rows)  # the small order knows visits only


def _answer(outcome: Outcome) -> str:
    return f"{names.VERDICTS[outcome.verdict]} {citation.format(outcome.citations[0])}"


def test_the_same_meaning_is_no_change(tmp_path: Path) -> None:
    """Names of rules, glosses and their place in the file are no part of the meaning."""
    rules = [line.replace('en: "-"', 'en: "other words"') for line in LINES[1:8]]
    text = TEXT.replace("\n".join(LINES[1:8]), "\n".join(reversed(rules)))
    assert text != TEXT
    told = compare(rulebook.build(orders.load(TINY)), _book(tmp_path, text))
    assert told.rows == () and told.changed == 0
    assert told.compared > 6 * 14 * 34
    assert text_of(told) == f"tiny -> tiny: no verdict changes; {told.compared:,} combinations " \
                            "compared."


def test_duties_alone(tmp_path: Path) -> None:
    told = _diff(tmp_path, ("obligations: [SEAL]", "obligations: [LABEL]"))
    assert told.rows and not any(row.of_verdict() for row in told.rows)
    text = text_of(told)
    assert "no verdict changes, " in text and "of duties alone" in text
    assert "+LABEL" in text and "-SEAL" in text


@pytest.mark.parametrize("number", range(1, len(LINES)), ids=lambda n: LINES[n][10:18])
def test_a_rule_that_is_taken_away_is_found(tmp_path: Path, number: int) -> None:
    told = compare(rulebook.build(orders.load(TINY)),
                   _book(tmp_path, TEXT.replace(LINES[number] + "\n", "")))
    assert told.rows, LINES[number]
    assert told.changed <= told.compared


def _vector(row: Row, place: tuple[int, ...], values: tuple) -> list:
    vector = defaults()
    vector[:3] = place
    for (fact, _), value in zip(row.facts, values, strict=True):
        vector[fact] = bitmap([place[2]]) if value == ITS_CATEGORY else value
    return vector


def test_each_row_holds_everywhere_it_says_and_needs_its_facts(
    rng: random.Random, tmp_path: Path
) -> None:
    numbers = rng.sample(range(900, 3200), 2)
    text = TEXT.replace("> 3000", f"> {numbers[0]}").replace("1000", str(numbers[1]))
    text = text.replace("[visitor_self, staff]", "staff").replace("channel: visit, order11: true",
                                                                  "order11: true")
    new = _book(tmp_path, text)
    told = compare(rulebook.build(orders.load(TINY)), new)
    policies = Policy(compiler.compile_file(TINY)), Policy(compiler.encode(new))
    assert any(row.facts for row in told.rows) and told.rows

    def answers(vector: list) -> list:
        outcomes = [policy.evaluate(vector) for policy in policies]
        return [(one.verdict, one.authority, one.citations[:1]) for one in outcomes]

    checked = 0
    for row in told.rows:
        wanted = [(one.verdict, one.authority, one.citations) for one in (row.old, row.new)]
        for place in product(row.institutions, row.channels, row.categories):
            for values in product(*(given for _, given in row.facts)):
                vector = _vector(row, place, values)
                assert answers(vector) == wanted, row
                checked += 1
                for fact, _ in row.facts:
                    fewer = list(vector)
                    fewer[fact] = defaults()[fact]
                    assert answers(fewer) != wanted, (fn.FACTS[fact][0], row)
    assert checked > 100


def test_two_different_orders() -> None:
    """Every place changes, and each is in the table."""
    told = compare(rulebook.build(orders.load(TINY)),
                   rulebook.build(orders.load(orders.path_of("test-2027"))))
    assert (told.old, told.new) == ("tiny", "test-2027")
    assert told.changed == told.compared  # no citation of the one is in the other
    places = {place for row in told.rows
              for place in product(row.institutions, row.channels, row.categories)}
    assert len(places) == 6 * 14 * 34


def test_the_command(tmp_path: Path) -> None:
    changed = tmp_path / "changed.yaml"
    changed.write_text(TEXT.replace("cash_limit: 1000", "cash_limit: 900"), encoding="utf-8")
    done = gatescan("rules", "diff", TINY, changed)
    assert done.code == Exit.OK and "limit_exceeded" in done.out and done.err == ""
    told = gatescan("rules", "diff", TINY, changed, "--json").answer
    assert told["rows"] and told["changed"] and told["rows"][0]["verdict_changes"] is True
    same = gatescan("rules", "diff", TINY, TINY)
    assert same.code == Exit.OK and "no verdict changes" in same.out
    for wrong in ("dk-1999", tmp_path / "none.yaml"):
        done = gatescan("rules", "diff", TINY, wrong)
        assert done.code == Exit.USAGE and done.out == "" and "Traceback" not in done.err
