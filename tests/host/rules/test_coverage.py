"""`rules coverage`: the order accounts for all 121 provisions; the cases are really evaluated."""

import json
import re
from pathlib import Path

import pytest

from gatescan.core.law import citation, names
from gatescan.core.law.facts import F_REGIME
from gatescan_host.errors import Exit
from gatescan_host.rules import codes, evaluate, orders, rulebook
from gatescan_host.rules.account import account
from gatescan_host.rules.coverage import coverage
from gatescan_host.rules.orders import OrderError
from host_side import gatescan

ORDER = orders.path_of("dk-2009")
TEXT = ORDER.read_text(encoding="utf-8")
BOOK = rulebook.build(orders.load(ORDER))
ENTRIES = account(BOOK.file, BOOK)
TOLD = coverage(BOOK)

# what section 6 of the model calls a provision without a rule of its own
WITHOUT_RULE = {
    "decide": {"rules", "obligation"},
    "decide+record": {"rules", "obligation"},
    "remind": {"record", "obligation"},
    "record": {"record", "obligation"},
    "none": {"nothing"},
}  # fmt: skip


def _model() -> list[tuple[str, str]]:
    """Citation and role of each row of section 6 of the law model."""
    text = (codes.LAW / "model.md").read_text(encoding="utf-8")
    table = text[text.index("## 6."):text.index("## 7.")]
    rows = [[cell.strip() for cell in line.strip("|").split("|")]
            for line in table.splitlines() if line.startswith("| §")]
    return [(row[0], row[2]) for row in rows]


def test_all_121_provisions_are_accounted_for_as_the_model_does() -> None:
    model = _model()
    assert len(model) == len(ENTRIES) == 121
    for (cited, role), entry in zip(model, ENTRIES, strict=True):
        assert entry.citation == cited
        if entry.role in ("decide", "duty"):
            assert entry.rules and role != "none", cited
        else:
            assert entry.role in WITHOUT_RULE[role], (cited, role, entry.role)


def test_what_has_no_rule_says_why_in_both_languages() -> None:
    for entry in ENTRIES:
        assert entry.gloss.en and entry.gloss.da
        if entry.role in ("decide", "duty"):
            continue
        assert entry.note and entry.note.en and entry.note.da
        assert bool(entry.rules) == (entry.role in ("rules", "obligation")), entry
        assert (entry.held_by is None) or entry.role in ("record", "obligation")


def test_only_the_restrictions_of_police_and_court_ask_for_the_regime() -> None:
    """What `elsewhere` says of § 1, stk. 2, 1. pkt."""
    reading = {rule.provision for rule in BOOK.rules for test in rule.tests
               if test.kind in ("in", "is", "null") and test.subject == F_REGIME}
    assert reading == {"1.2.2"}
    assert not any(test.subject == F_REGIME and test.kind == "in"
                   for ways in BOOK.terms for way in ways for test in way)


# An account for the small order of these tests: two provisions raise a code, one has no role.
SMALL = Path(__file__).with_name("tiny.yaml").read_text(encoding="utf-8") + """elsewhere:
  - id: "6.1"
    citation: "§ 6, nr. 1"
    gloss: {en: "-", da: "-"}
    role: obligation
    rules: ["6.2"]
    codes: [SEAL]
    note: {en: "-", da: "-"}
  - id: "30.1.2"
    citation: "§ 30, stk. 1, 2. pkt."
    gloss: {en: "-", da: "-"}
    role: session
    rules: ["30.1.1"]
    codes: [EXAMINE]
    note: {en: "-", da: "-"}
  - id: "30.2.1"
    citation: "§ 30, stk. 2, 1. pkt."
    gloss: {en: "-", da: "-"}
    role: record
    held_by: "a list"
    note: {en: "-", da: "-"}
  - {id: "37.4", citation: "§ 37, stk. 4", gloss: {en: "-", da: "-"}, role: nothing, note: {
      en: "-", da: "-"}}
"""
# old text, new text, what the error says
MISTAKES = [
    ('id: "37.4"', 'id: "37.9"', "there is no provision 37.9; use an id of rules/law/provisions"),
    ('id: "37.4"', 'id: "6.1"', "the provision 6.1 is there twice"),
    ('id: "37.4"', 'id: "11"', "the provision 11 has rules of its own"),
    ('"§ 37, stk. 4"', '"§ 37, stk. 1"',
     "§ 37, stk. 1 is not the provision 37.4; write § 37, stk. 4"),
    ('rules: ["6.2"]', 'rules: ["6.2", "33"]', "the provision 33 has no rule"),
    ("codes: [SEAL]", "codes: [LABEL]", "none of its rules raises LABEL"),
    ("codes: [SEAL]", "codes: []", "the role obligation needs codes"),
    ("codes: [EXAMINE]", "codes: []", "the role session needs codes"),
    ("role: session", "role: obligation", "EXAMINE does not go with the role obligation"),
    ("role: obligation", "role: session", "SEAL does not go with the role session"),
    ("role: obligation", "role: rules", "the role rules has no codes"),
    ("role: record", "role: rules", "the role rules needs rules"),
    ('    held_by: "a list"\n', "", "the role record needs held_by"),
    ("role: record", "role: nothing", "the role nothing has no held_by"),
    ("role: nothing", "role: naught", "role"),
    ("role: nothing, note", "role: nothing, gate", "note"),
    ('id: "9"', 'id: "99"', "there is no provision 99"),
    ("law: provisions.json", "law: none.json", "rules/law has no file none.json"),
    ("role: nothing", "role: nothing", "without a rule and unaccounted for: 1.1.2 (§ 1, stk. 1,"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "says"), MISTAKES)
def test_an_account_with_a_mistake_is_refused(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    assert SMALL.count(old) == 1, old
    changed = tmp_path / "order.yaml"
    changed.write_text(SMALL.replace(old, new), encoding="utf-8")
    sentence = _refused(changed)
    assert says in sentence
    line = int(sentence.split(":")[0].rpartition(" ")[2])
    assert "unaccounted" in says or abs(line - SMALL[:SMALL.index(old)].count("\n") - 1) <= 6


def test_a_provision_that_is_nowhere_is_refused(tmp_path: Path) -> None:
    changed = tmp_path / "order.yaml"
    text = TEXT[:TEXT.rindex("  - id: ")]  # the last one under `elsewhere`
    changed.write_text(re.sub(r'\n  - \{id: "37.3".*', "", text), encoding="utf-8")
    assert "unaccounted for: 37.3 (§ 37, stk. 3), 37.4 (§ 37, stk. 4); add" in _refused(changed)


def _refused(path: Path) -> str:
    """The sentence with which an order file is refused: file, line, remedy."""
    with pytest.raises(OrderError) as raised:
        book = rulebook.build(orders.load(path))
        account(book.file, book)
    sentence = str(raised.value)
    assert re.fullmatch(r"order\.yaml, line \d+: .*; .*\.", sentence), sentence
    return sentence


def test_an_order_without_a_law_model_is_its_own_list() -> None:
    book = rulebook.build(orders.load(orders.path_of("test-2027")))
    told = coverage(book)
    assert {row.entry.provision for row in told.rows} == {rule.provision for rule in book.rules}
    assert told.cases == told.cells == 0


def test_each_case_is_decided_by_the_provision_that_it_is_answered_with() -> None:
    lines = [json.dumps({"id": case["id"], "facts": case["facts"]}) for case in codes.cases()]
    answers = {a["id"]: a for a in (json.loads(line) for line, _ in evaluate.run_eval(lines))}
    assert set(answers) == {case["id"] for case in codes.cases()}
    for case, answer in answers.items():
        own = [row for row in TOLD.rows
               if case in row.decides and row.entry.role in ("decide", "duty")]
        assert len(own) == 1, (case, own)
        assert answer["cit"][0] in {citation.format(rule.citation) for rule in own[0].entry.rules}
        for row in TOLD.rows:
            if case in (*row.decides, *row.takes_part) and row.entry.codes:
                raised = {*answer["obligations"], *answer["session"]}
                assert raised & set(row.entry.codes), (case, row.entry.provision)


def test_every_provision_is_in_exactly_one_row() -> None:
    assert [row.entry for row in TOLD.rows] == list(ENTRIES)
    for row in TOLD.rows:
        assert not set(row.decides) & set(row.takes_part)
        assert not row.cells or row.entry.rules
    assert (TOLD.cases, TOLD.cells) == (174 + len(orders.cases_of("dk-2009")), 204)
    assert not TOLD.without_case(), "every provision with rules has a case that shows it"


def test_cases_follow_the_rules_and_not_the_text(tmp_path: Path) -> None:
    """A rule taken away decides nothing; its cases are decided by what is left."""
    changed = tmp_path / "order.yaml"
    changed.write_text(
        TEXT.replace("category: alcohol}, then: {verdict: refuse", "category: general}, then: "
                     "{verdict: refuse"), encoding="utf-8")
    told = coverage(rulebook.build(orders.load(changed)))
    after = {row.entry.provision: set(row.decides) for row in told.rows}
    before = {row.entry.provision: set(row.decides) for row in TOLD.rows}
    assert before["2.1.3"] and not before["2.1.3"] & after["2.1.3"]
    assert before["2.1.3"] <= after["1.1.1"] | after["2.2.3"]


def test_the_command() -> None:
    told = gatescan("rules", "coverage", "--json").answer
    assert (told["order"], told["provisions"], len(told["rows"])) == ("dk-2009", 121, 121)
    assert sum(told["roles"].values()) == 121
    rows = {row["provision"]: row for row in told["rows"]}
    assert rows["3.1.4"]["rules"] == [
        {"rule": "3.1.4", "phase": "collect", "verdict": "refuse_handout"}]
    assert set(rows["3.1.4"]["cells"]) == {"closed_prison/passport"}
    assert {rule["verdict"] for row in told["rows"] for rule in row["rules"]} \
        <= {None, *names.VERDICTS}
    text = gatescan("rules", "coverage", "--order", str(ORDER))
    assert text.code == Exit.OK and text.err == ""
    assert all(row["citation"] in text.out for row in told["rows"])
    assert gatescan("rules", "coverage", "--order", "dk-1999").code == Exit.USAGE
