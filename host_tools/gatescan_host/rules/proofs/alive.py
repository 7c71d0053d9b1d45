"""No dead rule: for each rule facts, all known, whose answer changes when the rule is left out.

The solver proposes the facts; what counts is the policy, evaluated with the rule and without it.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from gatescan.core.law import facts_json
from gatescan.core.law.facts import (
    F_PERMISSION_BY,
    F_PERMISSION_STATUS,
    F_REGIME,
    FACTS,
    defaults,
)
from gatescan.core.law.policy import Outcome as Answer
from gatescan.core.law.policy import Policy
from gatescan_host.rules import wording
from gatescan_host.rules.compiler import encode
from gatescan_host.rules.proofs.complete import covered
from gatescan_host.rules.proofs.findings import Finding, Proof, finding
from gatescan_host.rules.proofs.logic import Formula, either
from gatescan_host.rules.proofs.outcome import Outcome
from gatescan_host.rules.proofs.scene import GRANTED, Scene, scenes
from gatescan_host.rules.proofs.vocabulary import as_facts
from gatescan_host.rules.rulebook import FlatRule, Rulebook

Part = Callable[[Answer], object]


@dataclass(frozen=True)
class _Change:
    """What may change without a rule: as a formula, and in two answers."""

    name: str
    formula: Callable[[Outcome, Outcome], Formula]
    part: Part


# The strongest first: a witness should show what the rule is for.
CHANGES = (
    _Change("verdict", Outcome.other_verdict, lambda answer: answer.verdict),
    _Change("answer", Outcome.other_answer, lambda answer: (
        answer.authority, answer.obligations, answer.session, answer.citations[:1])),
    _Change("citations", Outcome.other_citations, lambda answer: set(answer.citations)),
)


@dataclass(frozen=True)
class Witness:
    """Facts that need a rule, and what changes without it."""

    facts: dict[str, Any]
    changes: str


def prove(places: list[Scene], progress: Callable[[str], None]) -> Proof:
    """The proof for the rules of the places given; one finding for each dead rule.

    A rule may need places that are not given: what is found holds for an order as a whole only
    where all are. Channels without rules are left out.
    """
    start = time.monotonic()
    findings: list[Finding] = []
    counts = dict.fromkeys((change.name for change in CHANGES), 0)
    found = examine(places, progress)
    for rule, witness in found.values():
        if witness is None:
            findings.append(finding(
                places[0].book.file, rule.loc, f"the rule {rule.name} never changes an answer",
                "remove it", {}))
        else:
            counts[witness.changes] += 1
    return Proof(
        "no dead rule", "every rule changes some answer",
        {"rules": len(found), **{f"change_{name}": number for name, number in counts.items()},
         "dead": len(findings)},
        time.monotonic() - start, tuple(findings),
        {name: witness.facts for name, (_, witness) in found.items() if witness})


def witnesses(book: Rulebook) -> dict[str, dict[str, Any]]:
    """For each rule by name facts, as `rules eval` reads them, whose answer needs the rule.

    A dead rule is left out. Raises OrderError where the solver gives up.
    """
    return prove(scenes(book), lambda _: None).witnesses


def examine(places: list[Scene], progress: Callable[[str], None],
            ) -> dict[str, tuple[FlatRule, Witness | None]]:
    """Every rule that fits one of the places, with its witness or None where it has none."""
    book = places[0].book
    policy = Policy(encode(book))
    places = covered(places)
    found: dict[str, tuple[FlatRule, Witness | None]] = {}
    for rule in book.rules:
        here = [scene for scene in places
                if rule in scene.certain.rules or rule in scene.certain.duties]
        if here:
            progress(rule.name)
            rest = tuple(other for other in book.rules if other is not rule)
            found[rule.name] = rule, _witness(
                here, rule, policy, Policy(encode(replace(book, rules=rest))))
    return found


def _witness(here: list[Scene], rule: FlatRule, policy: Policy, without: Policy) -> Witness | None:
    left_out: dict[str, Outcome] = {}
    for change in CHANGES:
        for scene in here:
            if scene.name not in left_out:
                left_out[scene.name] = Outcome(scene.certain, without=rule)
            vector = scene.find(_matters(scene, rule),
                                change.formula(scene.known, left_out[scene.name]))
            if vector is None:
                continue
            facts = as_facts(_simplified(vector, policy, without, change.part))
            read = _read(facts, rule, scene, policy)
            assert change.part(policy.evaluate(read)) != change.part(without.evaluate(read)), facts
            return Witness(facts, change.name)
    return None


def _matters(scene: Scene, rule: FlatRule) -> Formula:
    """The rule bites; without this nothing can change (it shortens the search)."""
    if rule.phase == "duties":
        return scene.certain.fits(rule)
    return either(hit.bites for hit in scene.known.hits if hit.rule is rule)


def _read(facts: dict[str, Any], rule: FlatRule, scene: Scene, policy: Policy) -> list:
    """The facts as `rules eval` reads them; raises OrderError where it would refuse them."""
    try:
        return wording.vector_of(facts, policy)
    except facts_json.FactError as wrong:
        raise scene.book.file.error(
            rule.loc, f"the facts that need the rule {rule.name} cannot be given "
            f"({str(wrong).rstrip('.')})", "test the facts that go with them too") from wrong


def _simplified(vector: list, policy: Policy, without: Policy, part: Part) -> list:
    """The vector with every fact at its default that the change does not need."""
    plain = defaults()
    for fact in [*range(F_REGIME, FACTS)] * 2:  # one may need another that is dropped later
        trial = list(vector)
        trial[fact] = plain[fact]
        if fact == F_PERMISSION_STATUS:
            trial[F_PERMISSION_BY] = None
        if trial[F_PERMISSION_STATUS] == GRANTED and trial[F_PERMISSION_BY] is None:
            continue
        if part(policy.evaluate(trial)) != part(without.evaluate(trial)):
            vector = trial
    return vector
