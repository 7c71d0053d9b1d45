"""Each proof fails on an order that is damaged for it, and holds on the one that is not."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gatescan.core.law import names
from gatescan_host.cli.main import app
from gatescan_host.rules import check, evaluate, orders, rulebook
from gatescan_host.rules.proofs import alive, complete, run
from gatescan_host.rules.proofs.findings import Finding, Proof
from gatescan_host.rules.proofs.scene import scenes
from gatescan_host.site.example import example_text

TINY = Path(__file__).with_name("tiny.yaml")
DK_2009 = orders.path_of("dk-2009")
VISIT = [names.CHANNELS.index("visit")]
OPEN = [names.INSTITUTIONS.index("open_prison")]
GLOSS = 'gloss: {en: "-", da: "-"}'
RIGHT = ('  - {id: "1.1.1", part: right, citation: "§ 1, stk. 1, 1. pkt.", ' + GLOSS
         + ", group: right, when: {channel: visit}, then: {verdict: allow, alone: true}}\n")
FINDING = Finding("order.yaml, line 3: there is a gap; add a rule.", {"category": "cash"})
Proofs = dict[str, Proof]


def _prove(path: Path, channels: list[int] = VISIT) -> Proofs:
    book = rulebook.build(orders.load(path))
    return {proof.name: proof
            for proof in run.prove(book, institutions=OPEN, channels=channels)}


def _sound() -> str:
    """The small order with what it lacks: cash that is not counted is handed out there."""
    text = TINY.read_text(encoding="utf-8")
    assert RIGHT in text
    return text.replace(RIGHT, RIGHT + _rule(
        "23", "category: cash, amount_dkk: null", "verdict: manual_inspection"))


def _rule(name: str, when: str, then: str, group: str = "bans") -> str:
    return (f'  - {{id: "{name}", part: added, citation: "§ {name}", {GLOSS}, group: {group}, '
            f"when: {{channel: visit, {when}}}, then: {{{then}}}}}\n")


@pytest.fixture
def damaged(tmp_path: Path) -> Callable[..., Proofs]:
    """The proofs about the small order with some text replaced."""

    def prove(*changes: tuple[str, str]) -> Proofs:
        text = _sound()
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        path = tmp_path / "order.yaml"
        path.write_text(text, encoding="utf-8")
        return _prove(path)

    return prove


def _broken(proofs: Proofs, name: str, says: str) -> dict:
    """The facts of the one finding; its sentence names file, line and remedy."""
    assert not proofs[name].holds, name
    found = next(one for one in proofs[name].findings if says in one.sentence)
    assert found.sentence.startswith("order.yaml, line ")
    assert "; " in found.sentence
    assert found.sentence.endswith(".")
    return found.facts


def test_a_sound_order_holds(damaged) -> None:
    for proof in damaged().values():
        assert proof.holds, proof.findings


def test_cash_that_is_not_counted_must_not_be_handed_out() -> None:
    found, = _prove(TINY)["safe"].findings
    assert "an unknown fact" in found.sentence
    assert found.facts["category"] == "cash"


def test_facts_that_cannot_be_given_are_one_sentence(damaged) -> None:
    granted = _rule("3", "permission.status: granted", "verdict: refuse_handout")
    with pytest.raises(orders.OrderError, match=r"granted permission needs by.*; test the facts"):
        damaged((RIGHT, RIGHT + granted))


def test_the_order_holds_in_part() -> None:
    """All of it takes a minute: `gatescan rules check`."""
    channels = [names.CHANNELS.index(name) for name in ("leave_out", "send_out", "absence")]
    proofs = _prove(DK_2009, channels)
    for proof in proofs.values():
        assert proof.holds, proof.findings
    assert proofs["complete"].counts["places"] == 3 * len(names.CATEGORIES)


def test_a_gap_is_found(damaged) -> None:
    facts = _broken(damaged((RIGHT, RIGHT.replace("visit}", "visit, category: {not: valuable}}"))),
                    "complete", "no rule gives a verdict at open_prison, visit")
    assert facts["category"] == "valuable"


def test_a_gap_for_one_value_of_one_fact_is_found(damaged) -> None:
    facts = _broken(damaged((RIGHT, RIGHT.replace("visit}", "visit, compare: [\"qty < 7\"]}"))),
                    "complete", "no rule gives a verdict")
    assert facts["qty"] >= 7


def test_a_channel_without_rules_is_found() -> None:
    proofs = _prove(TINY, [*VISIT, names.CHANNELS.index("mail")])
    assert "no rules for the channel mail" in proofs["complete"].findings[0].sentence


def test_more_rules_than_the_scanner_holds_are_found(damaged) -> None:
    many = "".join(_rule("11", f'compare: ["qty > {n}"]', "verdict: refuse_handout").replace(
        "added", f"added{n}") for n in range(33))
    _broken(damaged((RIGHT, RIGHT + many)), "complete", "more than 32 rules bite at once")


def test_two_rules_that_only_their_names_rank_are_found(damaged) -> None:
    again = _rule("11", "order11: true, bulky: true", "verdict: refuse_handout, without: [keep]")
    facts = _broken(damaged((RIGHT, RIGHT + again)), "unambiguous",
                    "only their names decide whether 11 (§ 11) or 11.added (§ 11) comes first")
    assert (facts["order11"], facts["bulky"]) == (True, True)


def test_a_dead_rule_is_found(damaged) -> None:
    shadow = _rule("11", "order11: true, bulky: true", "verdict: refuse_handout")
    _broken(damaged((RIGHT, RIGHT + shadow)), "no dead rule",
            "the rule 11.added never changes an answer")


def test_a_dead_duty_is_found(damaged) -> None:
    duty = '  - {id: "30.1.1", citation: "§ 30, stk. 1, 1. pkt."'
    again = duty.replace('"30.1.1"', '"30.1.1", part: again') + \
        f", {GLOSS}, when: {{verdict: refuse_handout}}, then: {{obligations: [EXAMINE]}}}}\n"
    proofs = damaged((duty, again + duty))
    _broken(proofs, "no dead rule", "the rule 30.1.1.again never changes an answer")


# rule added, statement that breaks, fact that shows it
UNSAFE = [
    (_rule("21", "receipt: false", "verdict: refuse_handout"), "an unknown fact", "receipt"),
    (_rule("4", "unbroken: false", "verdict: refuse_handout"), "an unknown fact", "unbroken"),
    (_rule("1", "regime: pretrial, restriction_status: known, listed_in: restricted",
           "verdict: refuse_handout"), "an unknown fact", "restriction_status"),
    (_rule("3", "permission.status: granted, permission.by: [head_or_delegate, directorate]",
           "verdict: refuse_handout"), "a missing permission", "permission"),
    (_rule("21", "receipt: true", "verdict: refuse_handout"), "a missing receipt", "receipt"),
    (_rule("20", "sealed: true", "verdict: refuse_handout"), "a missing seal", "sealed"),
]


@pytest.mark.parametrize(("rule", "says", "fact"), UNSAFE)
def test_an_unsafe_rule_is_found(damaged, rule: str, says: str, fact: str) -> None:
    facts = _broken(damaged((RIGHT, RIGHT + rule)), "safe", says)
    assert fact in facts or says == "an unknown fact"


def test_an_obligation_that_settles_a_fact_answers_for_it(damaged) -> None:
    refuse = _rule("21", "receipt: false", "verdict: refuse_handout")
    ask = _rule("22", "receipt: null", "verdict: allow_after, obligations: [SHOW_RECEIPT]",
                "gives")
    assert damaged((RIGHT, RIGHT + refuse + ask))["safe"].holds


def test_without_its_closing_rule_the_order_has_its_gap_again(tmp_path: Path) -> None:
    """Cash in the catalogue: the order is silent, so a rule says that a person looks."""
    lines = DK_2009.read_text(encoding="utf-8").splitlines(keepends=True)
    left = [line for line in lines if "part: silent_cash" not in line]
    assert len(left) == len(lines) - 2
    path = tmp_path / "order.yaml"
    path.write_text("".join(left), encoding="utf-8")
    book = rulebook.build(orders.load(path))
    proof = complete.prove(scenes(book, OPEN, [names.CHANNELS.index("catalogue")]), print)
    assert [found.facts["category"] for found in proof.findings] == ["cash"]
    assert proof.findings[0].further["categories"] == ["cash"]


def test_witnesses_can_be_read_and_written(tmp_path: Path) -> None:
    """One is facts as `rules eval` reads them; test_the_order_holds_in_part compared answers."""
    book = rulebook.build(orders.load(DK_2009))
    places = scenes(book, OPEN, [names.CHANNELS.index("release")])
    proof = alive.prove(places, lambda _: None)
    assert "36" in proof.witnesses
    assert proof.witnesses["36.1"]["unclaimed"] is True
    check.write_witnesses(tmp_path / "w.jsonl", [proof])
    lines = (tmp_path / "w.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["id"] for line in lines] == sorted(proof.witnesses)
    assert all(ok for _, ok in evaluate.run_eval(lines))
    with pytest.raises(check.GatescanError, match="cannot be written"):
        check.write_witnesses(tmp_path, [proof])


@pytest.mark.parametrize("holds", [True, False])
def test_the_command_says_what_is_proved(monkeypatch, tmp_path: Path, holds: bool) -> None:
    site = tmp_path / "site.yaml"
    site.write_text(example_text(), encoding="utf-8")
    finding = Proof("complete", "all is there", {"places": 3}, 0.1, () if holds else (FINDING,))
    monkeypatch.setattr("gatescan_host.cli.rules.prove", lambda path, progress: iter([finding]))
    result = CliRunner().invoke(app, ["rules", "check", str(site), "--json"])
    told = json.loads(result.stdout)
    assert (result.exit_code, told["proved"]) == (0 if holds else 1, holds)
    assert told["proofs"][0]["places"] == 3
    assert ("order.yaml, line 3" in result.stderr) == (not holds)
