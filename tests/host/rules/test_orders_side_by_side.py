"""Two orders at once: nothing of either is in code, and the dates say which of them holds."""

import ast
import json
import random
import re
from datetime import date
from pathlib import Path

import pytest

from gatescan.core import judgement
from gatescan.core.law import citation, facts, names
from gatescan.core.law import fact_names as fn
from gatescan.core.law.policy import Policy
from gatescan.core.visit import Checkpoint
from gatescan_host.rules import check, compiler, evaluate, orders, rulebook, select
from gatescan_host.site.errors import SiteError
from gatescan_host.site.load import load_site
from gatescan_host.table.build import build_table
from gatescan_host.table.read import open_bytes
from order_site import utc, write_site

ROOT = Path(__file__).resolve().parents[3]
TINY = Path(__file__).with_name("tiny.yaml")
BOTH = ("dk-2009", "test-2027")
POLICIES = {order: Policy(compiler.compile_order(order)) for order in BOTH}
AT_GATE = {"institution": "closed_prison", "channel": "visit"}

# the same facts, then verdict and first citation under dk-2009 and under test-2027
ROWS = [
    ({"category": "general"}, ("allow", "§ 1, stk. 1, 1. pkt."), ("allow", "§ 1")),
    ({"category": "phone"}, ("refuse_handout", "§ 2, stk. 1, nr. 11"),
     ("allow_after", "§ 11, stk. 1")),
    ({"category": "alcohol", "sealed": True}, ("refuse_handout", "§ 2, stk. 1, nr. 3"),
     ("allow", "§ 12")),
    ({"category": "medicine"}, ("hold_for_decision", "§ 2, stk. 1, nr. 9"),
     ("refuse_handout", "§ 10, nr. 1")),
    ({"category": "tv"}, ("refuse_handout", "§ 3, stk. 1, nr. 1"),
     ("hold_for_decision", "§ 10, nr. 2")),
    ({"category": "cash", "amount_dkk": 50}, ("to_account", "§ 22, stk. 2"), ("allow", "§ 1")),
    ({"category": "cash"}, ("manual_inspection", "§ 23, stk. 1"),
     ("manual_inspection", "§ 20, stk. 1, nr. 2")),
    ({"category": "unknown"}, ("manual_inspection", "§ 30, stk. 1"),
     ("manual_inspection", "§ 40")),
    ({"category": "illegal"}, ("refuse_and_report", "§ 2, stk. 1, nr. 1"),
     ("refuse_and_report", "§ 41, stk. 1")),
    ({"category": "general", "for_whom": "visitor_self"},
     ("out_of_scope", "§ 1, stk. 1, 1. pkt."), ("store", "§ 3")),
    ({"category": "general", "order11": True}, ("refuse_handout", "§ 11"),
     ("refuse_handout", "§ 43")),
]


@pytest.mark.parametrize("engine", ["host", "sim"])
def test_the_same_facts_have_the_verdict_of_the_order_asked(engine: str) -> None:
    lines = [json.dumps({"facts": {**AT_GATE, **row[0]}}) for row in ROWS] + ["no facts"]
    for place, order in enumerate(BOTH, 1):
        *found, (error, ok) = evaluate.run_eval(lines, engine, order)
        got = [(answer["verdict"], answer["cit"][0]) for answer in
               (json.loads(line) for line, _ in found)]
        assert got == [row[place] for row in ROWS]
        assert not ok
        assert json.loads(error)["cit"] == [citation.format(own_doubt(order))]


def own_doubt(order: str) -> int:
    """The provision that the order itself cites for whatever cannot be evaluated."""
    return POLICIES[order].unsure.citations[0]


def any_vector(rng: random.Random) -> list:
    """A vector of any codes, numbers and unknowns."""
    vector = facts.defaults()
    for fact, (_, kind, table) in enumerate(fn.FACTS):
        if table is not None and (fact < 3 or rng.random() < 0.2):
            vector[fact] = rng.randrange(len(table))
        elif kind == fn.BOOL and rng.random() < 0.2:
            vector[fact] = rng.random() < 0.5
        elif kind == fn.INT and rng.random() < 0.2:
            vector[fact] = rng.choice((0, 1, 51, 1501, 3001))
        elif kind == fn.CATEGORY_LIST and rng.random() < 0.2:
            vector[fact] = facts.bitmap([rng.randrange(len(names.CATEGORIES))])
        elif fact >= 3 and rng.random() < 0.05:
            vector[fact] = None
    return vector


def test_neither_order_ever_cites_the_other(rng: random.Random) -> None:
    cited = {}
    for order in BOTH:
        book = rulebook.build(select.shipped(order))
        from_doubts = [compiler.citation_pack.pack(doubt.citation)
                       for doubt in book.file.order.doubts if doubt.citation]
        cited[order] = {rule.citation for rule in book.rules}.union(from_doubts)
    for _ in range(2000):
        vector = any_vector(rng)
        for order in BOTH:
            outcome = POLICIES[order].evaluate(vector)
            assert outcome.citations, vector
            assert set(outcome.citations) <= cited[order], vector


def test_what_a_scanner_looks_at_by_hand_is_cited_from_its_own_order() -> None:
    vector = facts.defaults()
    vector[:3] = [names.INSTITUTIONS.index("closed_prison"), names.CHANNELS.index("visit"),
                  names.CATEGORIES.index("general")]
    for order, policy in POLICIES.items():
        for condition in range(1, len(judgement.CONDITIONS)):
            judged = judgement.judge(policy, vector, condition)
            assert names.VERDICTS[judged.verdict] == "manual_inspection"
            assert judged.outcome.citations == (own_doubt(order),)
    assert Checkpoint(0, 5).condition == judgement.COND_NO_TABLE
    assert judgement.by_hand(0, 0, 0).outcome.citations == (), "no order, nothing to cite"


def test_the_invented_order_is_marked_and_its_own_list_of_provisions() -> None:
    file = select.shipped("test-2027")
    assert "INVENTED" in file.path.read_text(encoding="utf-8").splitlines()[0]
    assert "invented" in file.order.title.en
    assert (file.order.valid_from, file.order.valid_to) == (date(2027, 1, 1), date(2027, 12, 31))
    report = check.check(file.path)
    assert (report.provisions_without_rule, report.order_id) == ((), "test-2027")
    assert 10 <= report.provisions <= 15


# ------------------------------------------------------------------ no order in code

PROVISION = re.compile(r"§§? ?\d|^(?:dk|test)-\d{4}$")
EXAMPLE = re.compile(r"for example|such as")  # a sentence that shows how one is written
MAY_NAME_PROVISIONS = {"demo/script.py"}  # it knows what its own site answers under its order


def strings(path: Path) -> list[str]:
    """The texts of a module that are not its documentation."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [node.value for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
            and id(node) not in told]


@pytest.mark.parametrize("tree", ["host_tools/gatescan_host", "firmware/gatescan", "boards"])
def test_no_code_names_an_order_or_a_provision(tree: str) -> None:
    named = [(path, text) for path in sorted((ROOT / tree).rglob("*.py"))
             if str(path.relative_to(ROOT / tree)) not in MAY_NAME_PROVISIONS
             for text in strings(path)
             if PROVISION.search(text) and not EXAMPLE.search(text)]
    assert not named


# ------------------------------------------------------------------ dates

def small_order(folder: Path, order_id: str, first: str, last: str = "null") -> orders.OrderFile:
    text = TINY.read_text(encoding="utf-8").replace("order_id: tiny", f"order_id: {order_id}")
    text = text.replace("2020-01-01", first).replace("2029-12-31", last)
    path = folder / f"{order_id}.yaml"
    path.write_text(text, encoding="utf-8")
    return orders.load(path)


def test_the_last_to_begin_is_in_force(tmp_path: Path) -> None:
    listed = [small_order(tmp_path, "x-2020", "2020-01-01"),
              small_order(tmp_path, "x-2009", "2009-11-15", "2019-12-31"),
              small_order(tmp_path, "x-2022", "2022-07-01", "2022-12-31")]
    for day, order in ((date(2009, 11, 14), None), (date(2009, 11, 15), "x-2009"),
                       (date(2019, 12, 31), "x-2009"), (date(2020, 1, 1), "x-2020"),
                       (date(2022, 7, 1), "x-2022"), (date(2023, 1, 1), "x-2020")):
        found = select.in_force(listed, day)
        assert (found.order.order_id if found else None) == order, day


def test_two_that_begin_on_one_day_are_refused(tmp_path: Path) -> None:
    listed = [small_order(tmp_path, name, "2020-01-01") for name in ("x-1", "x-2")]
    with pytest.raises(orders.OrderError, match=r"x-2.yaml, line 6: x-1 begins on the same day;"):
        select.in_force(listed, date(2020, 1, 1))
    assert select.in_force(listed, date(2019, 1, 1)) is None


def test_orders_of_a_family_follow_each_other() -> None:
    assert [file.order.order_id for file in select.family("test")] == ["test-2027"]
    assert select.family("tes") == select.family("test-2027") == []
    assert select.named("dk", date(2026, 1, 1)) is select.shipped("dk-2009")
    assert select.default_order() in [path.stem for path in orders.ORDERS.glob("*.yaml")]


def build(folder: Path, order: str, day: str, valid_days: int = 14) -> bytes:
    site = load_site(write_site(folder, order, valid_days))
    return build_table(site, seq=1, created_utc=utc(day), salt=bytes(16)).data


@pytest.mark.parametrize("name", ["test-2027", "test"])
def test_a_table_is_built_while_its_order_holds(tmp_path: Path, name: str) -> None:
    for day, valid_days in (("2027-01-01T00:00:00", 14), ("2027-12-17T00:00:00", 15)):
        table = open_bytes(build(tmp_path, name, day, valid_days))
        assert table.meta["order_id"] == "test-2027", "a family is written as the order it chose"
        assert bytes(table.policy()) == compiler.compile_order("test-2027")


@pytest.mark.parametrize(("order", "day", "valid_days", "says"), [
    ("test-2027", "2026-12-31T23:59:59", 1, "begins on 2027-01-01"),
    ("test-2027", "2028-01-01T00:00:00", 1, "has ended on 2027-12-31"),
    ("test-2027", "2027-12-17T00:00:01", 15, "before the table does: set valid_days to 14"),
    ("test-2027", "2027-12-31T12:00:00", 1, "the order that follows it"),
    ("test", "2028-01-01T00:00:00", 1, "test-2027 from 2027-01-01 to 2027-12-31"),
    ("dk-2009", "2009-11-14T12:00:00", 1, "begins on 2009-11-15"),
    ("dk-1848", "2027-06-01T00:00:00", 1, "There is no order dk-1848"),
])  # fmt: skip
def test_a_table_outside_the_time_of_its_order_is_refused(
    tmp_path: Path, order: str, day: str, valid_days: int, says: str
) -> None:
    with pytest.raises(SiteError) as refused:
        build(tmp_path, order, day, valid_days)
    found = [problem for problem in refused.value.problems if says in problem]
    assert found, refused.value.problems
    assert found[0].startswith(f"{tmp_path / 'site.yaml'}:4: ")
    assert found[0].endswith(".")


def test_a_refused_order_is_told_which_one_holds(tmp_path: Path, monkeypatch) -> None:
    select.shipped.cache_clear()
    monkeypatch.setattr(orders, "ORDERS", tmp_path)
    small_order(tmp_path, "x-2020", "2020-01-01", "2021-12-31")
    small_order(tmp_path, "x-2022", "2022-01-01")
    noon = utc("2022-05-01T12:00:00")
    with pytest.raises(orders.OrderError, match="name x-2022, which is in force"):
        select.for_table("x-2020", noon, noon + 1)
    select.shipped.cache_clear()
