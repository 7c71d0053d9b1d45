"""Order files with mistakes: each error names file, line and remedy."""

from pathlib import Path

import pytest

from gatescan_host.rules import check, compiler, orders

TINY = Path(__file__).with_name("tiny.yaml")

# old text, new text, what the error says
MISTAKES = [
    ("order11: true}", "order12: true}", "there is no fact or term order12"),
    ("order11: true}", "order11: 1}", "write true or false"),
    ("order11: true}", "order11: null}", "order11 is never null"),
    ("listed_in: house_ban", "listed_in: order11", "order11 is no list of categories"),
    ("channel: visit, category: cash", "channel: vist, category: cash",
     "no set or code of channel"),
    ("[visitor_self, staff]", "{but: staff}", "a mapping that is not `not`"),
    ("amount_dkk > 3000", "amount_dkk >> 3000", "is no comparison"),
    ("amount_dkk > 3000", "category > 3000", "category is no number"),
    ("amount_dkk > 3000", "amount_dkk > 99999999999", "too large to compile"),
    ("verdict: limit_exceeded", "verdict: limit", "there is no verdict limit"),
    ("verdict: limit_exceeded", "verdict: hold_for_decision", "names who decides"),
    ("obligations: [SEAL]", "obligations: [SEALS]", "there is no obligation SEALS"),
    ("group: bans", "group: bens", "there is no group bens"),
    ("§ 23, stk. 2, 1. pkt.", "§ 23, nr. 2, stk. 1", "is no citation"),
    ('id: "9"', "id: 9", "valid string"),
    ("then: {verdict: allow, alone: true}", "then: {verdict: allow, lone: true}", "lone"),
    ("powered: true", "powered: 3", "powered is a term"),
    ("category: tv}", "category: cash, powered: true}", "uses a later term"),
    ('id: "23.2.1", citation: "§ 23, stk. 2, 1. pkt."', 'id: "23.1.1", citation: "§ 9"',
     "is there twice"),
    ("mark: {not: keep}", "mark: {not: kept}", "there is no mark kept"),
    ("channel: visit, order11", "verdict: allow, order11", "known in duties only"),
    ("house_ban: [alcohol]", "house_ban: alcohol", "cannot have the value"),
    ("cash_limit: 1000", "cash_limit: -5", "cannot have the value"),
    ("cash_limit: 1000", "colour: 1000", "there is no fact or term colour"),
    ("TAKE_BACK, ", "", "every code is to be listed once"),
    ("valid_from: 2020-01-01", "valid_from: soon", "valid_from"),
    ("order_id: tiny", "order_id: Tiny Order", "order_id"),
    ("scope:\n", "scope: [\n", "not YAML"),
    ("source: tests", "source: tests\nsource: twice", "not YAML"),
    ("{facts: [order11], verdict: hold_for_decision", "{facts: [order11], verdict: allow",
     "stand least restrictive first"),
]


@pytest.mark.parametrize(("old", "new", "says"), MISTAKES)
def test_mistakes(tmp_path: Path, old: str, new: str, says: str) -> None:
    text = TINY.read_text(encoding="utf-8")
    assert old in text
    changed = tmp_path / "order.yaml"
    changed.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(orders.OrderError) as raised:
        compiler.compile_file(changed)
    sentence = str(raised.value)
    assert says in sentence
    assert sentence.startswith("order.yaml, line ")
    line = int(sentence.split(":")[0].rpartition(" ")[2])
    at = text[:text.index(old)].count("\n") + 1
    assert abs(line - at) <= 8, (line, at)
    assert ";" in sentence
    assert sentence.endswith(".")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(orders.OrderError, match="check the path"):
        orders.load(tmp_path / "none.yaml")
    with pytest.raises(orders.OrderError, match="use one of: dk-2009"):
        orders.path_of("dk-1999")


def test_check_counts_and_does_not_claim_a_proof() -> None:
    report = check.check(orders.path_of("dk-2009"))
    assert report.order_id == "dk-2009"
    assert report.channels_covered == 14
    assert report.facts_unused == ()
    assert report.proved is False
    assert report.bytes == len(compiler.compile_order())
    assert report.as_json()["rules"] == report.rules


def test_check_knows_the_provisions(tmp_path: Path) -> None:
    text = TINY.read_text(encoding="utf-8").replace('id: "9"', 'id: "99"')
    (tmp_path / "order.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(orders.OrderError, match="there is no provision 99"):
        check.check(tmp_path / "order.yaml")
