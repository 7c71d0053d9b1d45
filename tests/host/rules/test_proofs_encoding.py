"""The formulas of the proofs say what the policy says: random facts through both."""

import os
import random
from collections.abc import Iterator

import pytest
import z3

from gatescan.core.law import fact_names as fn
from gatescan.core.law import facts, names
from gatescan.core.law.conditions_format import YES
from gatescan.core.law.policy import Policy
from gatescan_host.rules import orders, rulebook
from gatescan_host.rules.compiler import encode
from gatescan_host.rules.proofs.outcome import Outcome
from gatescan_host.rules.proofs.scene import Scene, scenes
from gatescan_host.rules.proofs.vocabulary import _days

BOOK = rulebook.build(orders.load(orders.path_of("dk-2009")))
COMPILED = encode(BOOK)
POLICY = Policy(COMPILED)
COLLECTED = [rule for rule in BOOK.rules if rule.phase != "duties"]
NUMBERS = [0, 1, 2, 3, 11, 12, 29, 30, 31, 999, 1000, 1499, 1500, 1501, 2999, 3000, 3001, 10**9]
SCENES = 4
DAYS = _days(BOOK)
VECTORS = int(os.environ.get("GATESCAN_VECTORS", "100"))  # a scene; more for a longer run


def _vector(rng: random.Random, scene: Scene, unknown: float) -> list:
    """Facts at a place; each is unknown (or null, or the order's default) now and then."""
    vector = facts.defaults()
    category = rng.choice([*range(len(names.CATEGORIES)), *[names.CATEGORIES.index("cash")] * 6])
    vector[:3] = scene.institution, scene.channel, category
    vector[facts.F_AMOUNT_DKK] = rng.choice(NUMBERS)
    for fact in rng.sample(range(3, facts.FACTS), rng.randrange(25)):
        _, kind, table = fn.FACTS[fact]
        vector[fact] = rng.choice({
            fn.CODE: range(len(table or ())), fn.BOOL: (False, True), fn.DATE: DAYS,
            fn.CATEGORY_LIST: (facts.NO_CATEGORY, facts.bitmap([category])),
            fn.INT: NUMBERS}[kind])
    for fact in range(3, facts.FACTS):
        if rng.random() < unknown:
            vector[fact] = None
    if vector[facts.F_SEALED] and vector[facts.F_SEAL_BROKEN]:
        vector[facts.F_SEALED] = False
    return vector


def _given(scene: Scene, vector: list) -> Iterator[z3.BoolRef | bool]:
    """The vector as formulas."""
    words = scene.vocabulary
    for fact in words.view:
        value = vector[fact]
        if isinstance(value, bytes):
            value = bool(value[vector[2] >> 3] >> (vector[2] & 7) & 1)
        if value is None and fact >= facts.F_POLICY:
            value = words.default(fact, vector[2])
        yield words.is_value(fact, value)


def _of_policy(vector: list) -> tuple:
    """Verdict, authority, codes, citations, first citation; rules that bite and are in doubt."""
    answer = POLICY.evaluate(vector)
    offsets = {int.from_bytes(COMPILED[at:at + 2], "big"): rule.name for at, rule in zip(
        range(POLICY.rules_at, POLICY._index_at, 2), COLLECTED, strict=False)}
    bite, doubt = set(), set()
    for place in range(POLICY._collect(vector)):
        name = offsets[POLICY._hits[place]]
        (bite if POLICY._states[place] == YES else doubt).add(name)
    return (answer.verdict, answer.authority, {*answer.obligations, *answer.session},
            set(answer.citations), answer.citations[0], bite, doubt)


class Formulas:
    """The outcome at a place with a name for each thing that it says, to be read from a model."""

    def __init__(self, scene: Scene, outcome: Outcome) -> None:
        self.scene = scene
        self.outcome = outcome
        self.solver = z3.SimpleSolver()
        self.solver.add(scene.vocabulary.domain)
        cited = {hit.citation for hit in outcome.hits} | {outcome._unsure_citation}
        said: dict[tuple, object] = {
            **{("verdict", v): outcome.at_least(v) for v in range(len(names.VERDICTS))},
            **{("who", a): outcome.authority_at_least(a) for a in range(len(names.AUTHORITIES))},
            **{("code", code): outcome.raised(code) for code in range(len(names.OBLIGATIONS))},
            **{("cited", one): outcome.cited(one) for one in cited},
            **{("first", one): outcome.cited_first(one) for one in cited},
            **{("hit", number): hit.bites for number, hit in enumerate(outcome.hits)}}
        self.said = {key: z3.Bool(str(key)) for key in said}
        for key, formula in said.items():
            self.solver.add(self.said[key] == formula)

    def answer(self, vector: list) -> tuple:
        """What `_of_policy` gives."""
        self.solver.push()
        self.solver.add(*_given(self.scene, vector))
        assert self.solver.check() == z3.sat, vector
        model = self.solver.model()
        self.solver.pop()
        true = {key for key, name in self.said.items() if z3.is_true(model[name])}

        def of(kind: str) -> set[int]:
            return {number for what, number in true if what == kind}

        bite, doubt = set(), set()
        for number in of("hit"):
            hit = self.outcome.hits[number]
            # a doubt may bring what the rule itself would; then the two cannot be told apart
            sure = (hit.verdict, hit.obligations, hit.marks, hit.citation, hit.authority) == (
                hit.rule.verdict, hit.rule.obligations, hit.rule.marks, hit.rule.citation,
                hit.rule.authority)
            (bite if sure else doubt).add(hit.rule.name)
        first, = of("first")
        return (max(of("verdict")), max(of("who"), default=-1), of("code"), of("cited"), first,
                bite, doubt)


def _compare(formulas: Formulas, vector: list) -> None:
    said, policy = formulas.answer(vector), _of_policy(vector)
    assert said[:5] == policy[:5], (formulas.scene.name, vector)
    assert said[5] | said[6] == policy[5] | policy[6], (formulas.scene.name, vector)
    assert said[6] <= policy[6], (formulas.scene.name, vector)


@pytest.mark.parametrize("unknown", [0.0, 0.1])
def test_formulas_and_policy_agree(rng: random.Random, unknown: float) -> None:
    for scene in rng.sample(scenes(BOOK), SCENES):
        formulas = Formulas(scene, scene.doubtful)
        for _ in range(VECTORS):
            _compare(formulas, _vector(rng, scene, unknown))


def test_where_all_is_known_the_shorter_formulas_say_the_same(rng: random.Random) -> None:
    for scene in rng.sample(scenes(BOOK), 2):
        formulas = Formulas(scene, scene.known)
        for _ in range(VECTORS):
            vector = _vector(rng, scene, 0.0)
            vector[facts.F_PERMISSION_BY] = rng.randrange(2)
            for fact in range(3, facts.F_POLICY):
                if vector[fact] is None and fact not in facts.NULLABLE:
                    vector[fact] = facts.defaults()[fact]
            _compare(formulas, vector)
