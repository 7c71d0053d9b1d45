"""Bad facts: the error line on both engines, exit 1, never a traceback and never a hand-out."""

import json
import os
import random
import subprocess
import sys

import pytest

from gatescan_host.rules import codes, evaluate

GOOD = {"institution": "open_prison", "channel": "visit", "category": "general"}
CASH = {**GOOD, "category": "cash"}
NO_HAND_OUT = {"out_of_scope", "allow", "allow_after"}
ERROR = {"verdict": "manual_inspection", "authority": None, "obligations": [], "session": [],
         "cit": ["§ 30, stk. 1"]}
UNSET = object()

# facts, what the error says
WRONG = [
    # unknown codes and names
    ({**GOOD, "institution": "prison"}, "institution has no code"),
    ({**GOOD, "channel": "Visit"}, "channel has no code"),
    ({**GOOD, "category": "phones"}, "category has no code"),
    ({**GOOD, "category": ""}, "category has no code"),
    ({**GOOD, "power": "none "}, "power has no code"),
    ({**GOOD, "restricted": ["general", "books"]}, "restricted has no code"),
    ({**GOOD, "permission": {"status": "granted", "by": "warden"}}, "by has no code"),
    ({**GOOD, "policy": {"house_ban": ["*"]}}, "house_ban has no code"),
    ({**GOOD, "policy": {"allow_all": True}}, "There is no fact"),
    ({**GOOD, "verdict": "allow"}, "There is no fact"),
    ({"channel": "visit", "category": "general"}, "institution is missing"),
    ({**GOOD, "channel": None}, "channel is missing"),
    # wrong types
    ({**GOOD, "category": 33}, "a code in quotes"),
    ({**GOOD, "category": ["general"]}, "a code in quotes"),
    ({**GOOD, "sealed": "true"}, "true or false"),
    ({**GOOD, "sealed": 1}, "true or false"),
    ({**GOOD, "restricted": "general"}, "a list of category codes"),
    ({**GOOD, "restricted": {"general": True}}, "a list of category codes"),
    ({**GOOD, "permission": "granted"}, "must be an object"),
    ({**GOOD, "policy": []}, "must be an object"),
    ({**GOOD, "months": "3"}, "a whole number"),
    # negative and enormous amounts
    ({**CASH, "amount_dkk": -1}, "must not be negative"),
    ({**CASH, "amount_dkk": -10**17}, "must not be negative"),
    ({**CASH, "amount_dkk": 10**18}, "more than 18 digits"),
    ({**CASH, "amount_dkk": -10**40}, "more than 18 digits"),
    ({**CASH, "amount_dkk": 10, "held_dkk": 10**30}, "more than 18 digits"),
    ({**CASH, "amount_dkk": 1e300}, "a whole number"),
    ({**CASH, "amount_dkk": 99.5}, "a whole number"),
    ({**GOOD, "qty": -1}, "must not be negative"),
    ({**GOOD, "held_qty": -3}, "must not be negative"),
    ({**CASH, "amount_dkk": 5, "policy": {"cash_limit": -1}}, "must not be negative"),
    # foreign currency: the order knows kroner only (A25)
    ({**CASH, "amount_dkk": "100 EUR"}, "a whole number"),
    ({**CASH, "amount_dkk": {"EUR": 100}}, "a whole number"),
    ({**CASH, "amount_eur": 100}, "There is no fact"),
    ({**CASH, "amount_dkk": 100, "currency": "EUR"}, "There is no fact"),
    ({**CASH, "amount_dkk": 100, "money_kind": "foreign"}, "money_kind has no code"),
    # facts that contradict each other
    ({**GOOD, "sealed": True, "seal_broken": True}, "sealed and seal_broken"),
    ({**GOOD, "category": "tv", "for_whom": "staff", "sealed": True, "seal_broken": True},
     "sealed and seal_broken"),
    ({**GOOD, "permission": {"status": "granted"}}, "needs by"),
    ({**GOOD, "permission": {"status": "granted", "by": None}}, "needs by"),
    # dates that no calendar has
    *[({**GOOD, "transitional": {"permit_date": day}}, "written YYYY-MM-DD") for day in (
        "2005-13-01", "2005-00-10", "2005-04-31", "2005-02-29", "1900-02-29", "0000-01-01",
        "2005-4-1", "01-04-2005", "2005-04-01T00:00", "20050401", "", "yesterday", 20050401,
        "２００５-04-01", "-005-04-01")],
]

# odd, yet facts: what the model says of them
ODD = [
    (CASH, "manual_inspection", "§ 23, stk. 1"),  # not counted, or foreign
    ({**CASH, "amount_dkk": None}, "manual_inspection", "§ 23, stk. 1"),
    ({**CASH, "institution": "pension"}, "manual_inspection", "§ 23, stk. 1"),
    ({**CASH, "amount_dkk": 10**18 - 1}, "limit_exceeded", "§ 23, stk. 1, 1. pkt."),
    ({**CASH, "amount_dkk": 10**18 - 1, "held_dkk": 10**18 - 1}, "refuse_handout",
     "§ 23, stk. 1, 1. pkt."),
    ({**GOOD, "qty": 10**18 - 1, "policy": {"house_max_qty": 10**18 - 2}}, "limit_exceeded",
     "§ 9"),
    ({**GOOD, "channel": "release", "seized": True, "confiscated": True}, "refuse_handout",
     "§ 35, stk. 1"),
    ({**GOOD, "institution": "closed_prison", "category": "tv", "channel": "transfer_in",
      "transitional": {"permit_date": "9999-12-31", "continuous": True,
                       "dest_allowed_before": True}}, "refuse_handout", "§ 3, stk. 1, nr. 1"),
]


def ask(listed: list, engine: str) -> list[tuple[dict, bool]]:
    lines = [json.dumps({"id": number, "facts": given}) for number, given in enumerate(listed)]
    return [(json.loads(line), ok) for line, ok in evaluate.run_eval(lines, engine)]


@pytest.mark.parametrize("engine", ["host", "sim"])
def test_wrong_facts_are_told_in_one_sentence(engine: str) -> None:
    answers = ask([row[0] for row in WRONG], engine)
    assert len(answers) == len(WRONG)
    for number, ((given, says), (answer, ok)) in enumerate(zip(WRONG, answers, strict=True)):
        assert not ok, given
        error = answer.pop("error")
        assert answer == {"id": number, **ERROR}, given
        assert says in error, (given, error)
        assert error.endswith(".")


@pytest.mark.parametrize("engine", ["host", "sim"])
def test_odd_facts_are_never_handed_out(engine: str) -> None:
    for (given, verdict, cited), (answer, ok) in zip(
            ODD, ask([row[0] for row in ODD], engine), strict=True):
        assert ok, answer
        assert (answer["verdict"], answer["cit"][0]) == (verdict, cited), given


BAD_VALUES = (UNSET, None, True, 0, -1, 1, 10**18 - 1, 10**18, 1.5, "", "allow", "granted", "§",
              [], ["general"], ["x"], {}, {"status": "granted"}, {"permit_date": "9999-99-99"},
              {"": None})
NAMES = [fact["name"] for fact in codes.provisions()["facts"]]


def spoiled(rng: random.Random) -> str:
    """A case of the law model with facts exchanged, or with its text damaged."""
    given = dict(rng.choice(codes.cases())["facts"])
    for _ in range(rng.randint(1, 3)):
        name = rng.choice((*NAMES, "", "SEALED", "policy.cash_limit"))
        value = rng.choice(BAD_VALUES)
        if value is UNSET:
            given.pop(name, None)
        else:
            given[name] = value
    text = json.dumps({"id": 7, "facts": given}, ensure_ascii=rng.random() < 0.5)
    if rng.random() < 0.3:
        at = rng.randrange(len(text))
        noise = rng.choice(("", '"', "\\", "}", "\x00", "\u2028", "9" * 30))
        text = text[:at] + noise + text[at + 1:]
    return text


def test_whatever_comes_both_engines_say_the_same_and_hand_nothing_out(rng) -> None:
    lines = [spoiled(rng) for _ in range(1500)]
    host = list(evaluate.run_eval(lines))
    assert host == list(evaluate.run_eval(lines, "sim"))
    failed = 0
    for line, (text, ok) in zip(lines, host, strict=True):
        answer = json.loads(text)
        if not ok:
            failed += 1
            assert {key: answer[key] for key in ERROR} == ERROR, line
            assert answer["error"].endswith("."), line
        assert ok or answer["verdict"] not in NO_HAND_OUT
    assert 300 < failed < 1500


@pytest.mark.parametrize(("engine", "encoding"), [("host", "ascii"), ("sim", "utf-8:strict")])
def test_the_command_reads_utf_8_whatever_the_computer_is_used_to(
    engine: str, encoding: str
) -> None:
    good = json.dumps({"id": "å", "facts": {**GOOD, "item_name": "bøn"}}, ensure_ascii=False)
    lines = [good.encode() + b"\r", b"\xff\xfe{}", b'{"id":1,\r"facts":{}}', good.encode()]
    done = subprocess.run(
        [sys.executable, "-c", "from gatescan_host.cli.main import main; main()", "rules", "eval",
         "--engine", engine],
        input=b"\n".join(lines), capture_output=True, timeout=60,
        env={**os.environ, "PYTHONIOENCODING": encoding})  # fmt: skip
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    answers = [json.loads(line) for line in done.stdout.decode("utf-8").splitlines()]
    assert [answer["id"] for answer in answers] == ["å", None, 1, "å"]
    assert [answer["verdict"] for answer in answers] == [
        "allow", "manual_inspection", "manual_inspection", "allow"]
