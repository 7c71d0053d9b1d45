"""`rules explain`: the same answer as the scanner's, and reasons that are really the reasons."""

import io
import json
import random

import pytest

from gatescan.core.law import fact_names as fn
from gatescan.core.law import facts
from gatescan.core.law.conditions_format import UNKNOWN, YES
from gatescan.core.law.policy import Policy
from gatescan_host.errors import Exit, GatescanError
from gatescan_host.rules import codes, evaluate, orders, rulebook, wording
from gatescan_host.rules.compiler import compile_order
from gatescan_host.rules.exceptions import exceptions
from gatescan_host.rules.explain import Explainer
from gatescan_host.rules.explain_text import text_of
from gatescan_host.rules.satisfy import satisfy
from gatescan_host.rules.trace import TraceError, Tracer
from gatescan_host.rules.variations import Variations
from host_side import gatescan

TRACER = Tracer(rulebook.build(orders.load(orders.path_of("dk-2009"))))
ORDER = TRACER.order
VALUES = Variations([ORDER])
EXPLAINERS = {lang: Explainer(ORDER.book, lang) for lang in ("da", "en")}
LAPTOP = {"institution": "closed_prison", "channel": "visit", "category": "computer"}


def _vector(rng: random.Random) -> list:
    vector = facts.defaults()
    vector[:3] = rng.randrange(6), rng.randrange(14), rng.choice([*range(34), 31, 31, 31])
    for fact in rng.sample(range(3, facts.FACTS), rng.randrange(14)):
        vector[fact] = rng.choice(VALUES.values(fact, vector))
    return vector


@pytest.mark.parametrize("name", ["dk-2009", "test-2027"])
def test_the_trace_gives_the_answer_of_the_scanner(rng: random.Random, name: str) -> None:
    tracer = Tracer(rulebook.build(orders.load(orders.path_of(name))))
    policy = Policy(compile_order(name))
    seen = set()
    for _ in range(2000):
        vector = _vector(rng)
        told = tracer.trace(vector)
        asked = policy.evaluate(vector)
        assert told.outcome == asked, vector
        seen.add(asked.verdict)
        first = [bite for bite in told.bites if bite.first]
        assert len(first) <= 1
        assert asked == policy.unsure or first[0].citation == asked.citations[0]
        assert {code for bite in told.bites for code in bite.raised} \
            == {*asked.obligations, *asked.session}
    assert len(seen) >= 7, seen


def test_an_explanation_that_does_not_fit_is_not_given() -> None:
    tracer = Tracer(ORDER.book)
    tracer.order.policy = Policy(compile_order("test-2027"))
    with pytest.raises(TraceError):
        tracer.trace(wording.vector_of(LAPTOP))


def test_compiled_tests_are_those_of_the_order() -> None:
    for rule in ORDER.book.rules:
        assert {part.test for part in ORDER.parts(rule)} == set(rule.tests), rule.name
    for number, ways in enumerate(ORDER.book.terms):
        assert [{part.test for part in way} for way in ORDER.ways(number)] == list(map(set, ways))


def test_every_rule_can_be_made_to_bite() -> None:
    for rule in ORDER.collected:
        vector = facts.defaults()
        vector[:3] = map(min, rule.fits)
        found = satisfy(ORDER, rule, vector)
        assert found is not None, rule.name
        ORDER.begin(found)
        assert ORDER.state(rule) == YES, rule.name


def test_the_reasons_of_a_rule_are_enough(rng: random.Random) -> None:
    """Whatever the facts are that `because` does not name: the rule bites all the same."""
    checked = 0
    for _ in range(400):
        vector = _vector(rng)
        told = EXPLAINERS["en"].explain(vector)
        for rule in told["rules"]:
            if rule["doubtful"] or rule["verdict"] is None:
                continue
            named = {name for one in rule["because"] for name in one["facts"]}
            other = [value if fact < 3 or fn.FACTS[fact][0] in named
                     else rng.choice(VALUES.values(fact, vector))
                     for fact, value in enumerate(vector)]
            flat = next(flat for flat in ORDER.collected if flat.name == rule["rule"])
            ORDER.begin(other)
            assert ORDER.state(flat) == YES, (rule, vector)
            checked += 1
    assert checked > 200


def test_a_doubt_names_the_facts_that_are_not_known(rng: random.Random) -> None:
    """Once they are known, the rule is no longer in doubt because of them."""
    checked = 0
    for _ in range(600):
        vector = _vector(rng)
        for rule in EXPLAINERS["en"].explain(vector)["rules"]:
            if not rule["doubtful"]:
                continue
            assert rule["unknown"]
            known = list(vector)
            for name in rule["unknown"]:
                fact = fn.index_of(name)
                assert vector[fact] is None
                known[fact] = next(v for v in VALUES.values(fact, vector) if v is not None)
            flat = next(flat for flat in ORDER.book.rules if flat.name == rule["rule"])
            ORDER.begin(known)
            ORDER.won(0, 0, 0)
            assert ORDER.state(flat) < UNKNOWN, (rule["rule"], rule["unknown"], vector)
            checked += 1
    assert checked > 40


@pytest.mark.parametrize("lang", ["da", "en"])
def test_every_case_is_explained_with_its_answer(lang: str) -> None:
    lines = [json.dumps({"id": case["id"], "facts": case["facts"]}) for case in codes.cases()]
    for line, (answer, _) in zip(lines, evaluate.run_eval(lines), strict=True):
        told, ok = EXPLAINERS[lang].line(line)
        assert ok and isinstance(told, dict)
        evaluated = json.loads(answer)
        assert {key: told[key] for key in evaluated} == evaluated
        assert [rule["citation"] for rule in told["rules"] if rule["first"]] == told["cit"][:1]
        assert [duty["code"] for duty in told["duties"]] == told["obligations"] + told["session"]
        assert all(duty["raised_by"] and duty["cit"] for duty in told["duties"])
        text = text_of(told, lang)
        assert all(rule["gloss"] in text for rule in told["rules"])
        assert text.splitlines()[0].startswith(wording.display("verdicts", told["verdict"], lang))


GRANTED = {"permission.status": "granted", "permission.by": "head_or_delegate"}
BY_DIRECTORATE = {"permission.status": "granted", "permission.by": "directorate"}
# facts beside the visit in a closed prison, and (citation, who grants it, facts) of what lifts it
EXCEPTIONS = [
    ({"category": "computer"},
     [("§ 2, stk. 3, 4. pkt.", "directorate", BY_DIRECTORATE)]),
    ({"category": "computer", "institution": "open_prison"},
     [("§ 2, stk. 3, 2. pkt.", "head_of_institution", GRANTED)]),
    ({"category": "medicine"}, [("§ 2, stk. 1, nr. 9", "head_of_institution", GRANTED)]),
    ({"category": "wristwatch"}, [("§ 3, stk. 2, 2. pkt.", "head_of_institution", GRANTED)]),
    ({"category": "protein"}, [("§ 2, stk. 1, nr. 14", None, {"via_institution": True})]),
    ({"category": "phone", "institution": "pension"},
     [("§ 1, stk. 1, 2. pkt.", "head_of_institution", GRANTED)]),
    # nobody may hand these out at a visit
    ({"category": "phone"}, []), ({"category": "alcohol"}, []), ({"category": "illegal"}, []),
    ({"category": "tv"}, []), ({"category": "camera_optics"}, []),
    # § 3(2) does not lift nr. 10, whatever else would bite
    ({"category": "camera_optics", "power": "battery", "ground": "illness"}, []),
    ({"category": "power_symbol", "channel": "leave_out"}, []),
    ({"category": "alcohol", "channel": "leave_out"},
     [("§ 2, stk. 2, nr. 3", "head_of_institution", GRANTED)]),
    ({"category": "general"}, []),
]  # fmt: skip


@pytest.mark.parametrize(("given", "wanted"), EXCEPTIONS)
def test_exceptions_and_who_may_grant_them(given: dict, wanted: list) -> None:
    told = EXPLAINERS["en"].explain(wording.vector_of(
        {"institution": "closed_prison", "channel": "visit", **given}))
    assert [(one["citation"], one["granted_by"], one["facts"])
            for one in told["exceptions"]] == wanted


def test_exceptions_do_what_they_say(rng: random.Random) -> None:
    found = 0
    for _ in range(300):
        vector = _vector(rng)
        for one in exceptions(TRACER, vector, TRACER.trace(vector)):
            other = [one.changes.get(fact, value) for fact, value in enumerate(vector)]
            then = TRACER.trace(other)
            assert then.outcome == one.then.outcome
            assert one.rule.name in then.bitten()
            lifted = {rule.name for rule in one.lifts}
            assert lifted and not lifted & {bite.rule.name for bite in then.bites}
            found += 1
    assert found


def test_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    given = json.dumps(LAPTOP)
    english = gatescan("rules", "explain", "--facts", given, "--lang", "en")
    assert english.code == Exit.OK and english.err == ""
    assert english.out.startswith("Do not hand out\n§ 2, stk. 1, nr. 15\n")
    assert "by permission: Directorate decides" in english.out
    for text in (given, json.dumps({"id": "x", "facts": LAPTOP}, indent=1)):
        monkeypatch.setattr("sys.stdin", io.StringIO(text))
        danish = gatescan("rules", "explain")
        assert danish.out.startswith("Udleveres ikke\n"), danish
    assert gatescan("rules", "explain", "--facts", given, "--json").answer["verdict"] \
        == "refuse_handout"
    doubt = gatescan("rules", "explain", "--facts", given, "--json", "--unknown", "order11").answer
    assert doubt["unknown"] == ["order11"]


@pytest.mark.parametrize("given", ["", "{}", "null", "[1]", '{"id":1}', '{"facts":3}',
                                   json.dumps({**LAPTOP, "qty": -1}),
                                   json.dumps({**LAPTOP, "colour": "red"})])
def test_faulty_facts_give_the_line_of_rules_eval(given: str) -> None:
    done = gatescan("rules", "explain", "--facts", given)
    assert done.code == Exit.FAILED
    assert done.answer["verdict"] == "manual_inspection"
    assert done.answer["error"].endswith(".")


@pytest.mark.parametrize("name", ["category", "ground", "policy.seal_label", "colour"])
def test_what_cannot_be_unknown_is_refused(name: str) -> None:
    with pytest.raises(GatescanError):
        EXPLAINERS["da"].line(json.dumps(LAPTOP), [name])
    assert gatescan("rules", "explain", "--facts", json.dumps(LAPTOP), "--unknown",
                    name).code == Exit.USAGE
