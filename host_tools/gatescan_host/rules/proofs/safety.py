"""What is unknown hands nothing out, and taking a permission away never makes a verdict milder.

1. `unknown`: for every vector with unknown facts and every way y in which they may turn out, an
   allow or out_of_scope is also y's verdict, and an allow_after is not milder than y's. Not yet
   looked at (null of receipt, unbroken, amount_dkk) and `restriction_status: unknown` count as
   unknown. An obligation of the verdict that settles such a fact (SHOW_RECEIPT, UNBROKEN) answers
   for it.
2. `permission`, `receipt`, `sealed`: none for granted, null for true, false for true never lowers
   the rank of the verdict, whatever else is known or not.
"""

import time
from collections.abc import Callable
from dataclasses import replace

import z3

from gatescan.core.codes import V_ALLOW, V_ALLOW_AFTER, V_OUT_OF_SCOPE, V_REFUSE_AND_REPORT
from gatescan.core.law import names
from gatescan.core.law.facts import (
    F_AMOUNT_DKK,
    F_PERMISSION_BY,
    F_PERMISSION_STATUS,
    F_RECEIPT,
    F_RESTRICTED,
    F_RESTRICTION_STATUS,
    F_SEALED,
    F_UNBROKEN,
)
from gatescan_host.rules.proofs.findings import Finding, Proof, finding
from gatescan_host.rules.proofs.logic import Formula, both, either, negate
from gatescan_host.rules.proofs.outcome import Outcome
from gatescan_host.rules.proofs.place import Place
from gatescan_host.rules.proofs.scene import GRANTED, Scene
from gatescan_host.rules.proofs.vocabulary import Value, View, as_facts

# null here means not yet looked at; the obligation that settles it
UNSEEN = {F_RECEIPT: "SHOW_RECEIPT", F_UNBROKEN: "UNBROKEN", F_AMOUNT_DKK: None}
KNOWN, NOT_KNOWN = 0, 1  # restriction_status
NOTHING = 0  # permission.status none
VERDICTS = range(V_OUT_OF_SCOPE, V_REFUSE_AND_REPORT + 1)


def prove(places: list[Scene], progress: Callable[[str], None]) -> Proof:
    """The proof over the places given; one finding for each statement that fails at a place."""
    start = time.monotonic()
    findings: list[Finding] = []
    asked = 0
    for scene in places:
        progress(scene.name)
        for what, remedy, wanted in (_unknown(scene), *_lesser(scene)):
            asked += 1
            witness = scene.simplest(wanted, certain=False)
            if witness is not None:
                findings.append(finding(
                    scene.book.file, ("collect",), f"{what} at {scene.name}, category "
                    f"{names.CATEGORIES[witness[2]]}", remedy, as_facts(witness)))
    return Proof("safe", "missing facts hand nothing out, a lost permission loosens nothing",
                 {"statements": asked, "broken": len(findings)},
                 time.monotonic() - start, tuple(findings))


def _outcome(scene: Scene, view: View) -> Outcome:
    return Outcome(Place(scene.book, scene.institution, scene.channel, view))


def _unknown(scene: Scene) -> tuple[str, str, Formula]:
    now = scene.doubtful
    view = scene.vocabulary.all_known()
    settled: list[Formula] = []
    for fact, obligation in UNSEEN.items():
        given = view[fact]
        seen = replace(given, null=z3.Bool(f"{fact} later null"), flag=z3.Bool(f"{fact} later"),
                       number=None if given.number is None else z3.Int(f"{fact} later number"))
        view[fact] = seen
        kept = _same(given, seen)
        raised = False if obligation is None else now.raised(names.OBLIGATIONS.index(obligation))
        settled.append(either([both([given.null, negate(raised)]), kept]))
        settled.append(z3.Not(z3.And(seen.null, seen.flag)))
        if seen.number is not None:
            settled.append(seen.number >= 0)
    status = view[F_RESTRICTION_STATUS]
    missing = status.codes[NOT_KNOWN]
    view[F_RESTRICTION_STATUS] = replace(
        status, codes=(either([status.codes[KNOWN], missing]), False))
    listed = z3.Bool("restricted later")
    settled.append(either([missing, listed == view[F_RESTRICTED].flag]))
    view[F_RESTRICTED] = replace(view[F_RESTRICTED], flag=listed)
    later = _outcome(scene, view)
    milder = either([
        *(both([now.verdict_is(verdict), negate(later.verdict_is(verdict))])
          for verdict in (V_OUT_OF_SCOPE, V_ALLOW)),
        both([now.verdict_is(V_ALLOW_AFTER), later.at_least(V_ALLOW_AFTER + 1)])])
    return ("an unknown fact hands out what one of its values forbids",
            "let a rule bite, or be in doubt, where it is unknown", both([milder, *settled]))


def _same(one: Value, other: Value) -> Formula:
    parts = [other.null == one.null]
    parts.append(other.number == one.number if one.number is not None
                 else other.flag == one.flag)
    return both(parts)


def _lesser(scene: Scene) -> list[tuple[str, str, Formula]]:
    """The statements on a permission, a receipt and a seal that are taken away."""
    found = []
    view = scene.vocabulary.view
    status, receipt, sealed = (view[f] for f in (F_PERMISSION_STATUS, F_RECEIPT, F_SEALED))
    by = view[F_PERMISSION_BY].known  # without it a permission is none
    without = tuple(number == NOTHING for number in range(len(status.codes)))
    for fact, had, lesser, what in (
            (F_PERMISSION_STATUS, both([status.known, status.codes[GRANTED], by]),
             replace(status, codes=without), "a missing permission makes the verdict milder"),
            (F_RECEIPT, both([negate(receipt.null), receipt.flag]),
             replace(receipt, null=True, flag=False),
             "a missing receipt makes the verdict milder"),
            (F_SEALED, both([sealed.known, sealed.flag]), replace(sealed, flag=False),
             "a missing seal makes the verdict milder")):
        before, after = scene.doubtful, _outcome(scene, {**view, fact: lesser})
        milder = either(both([before.at_least(verdict), negate(after.at_least(verdict))])
                        for verdict in VERDICTS)
        found.append((what, "let the rule that gives way to it stay as strict without it",
                      both([had, milder])))
    return found
