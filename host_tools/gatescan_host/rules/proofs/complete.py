"""Every combination of facts has an outcome, and the scanner can hold all rules that bite at once.

Where all facts are known a rule bites. Where some are not, a rule bites or one that permits is in
doubt: then the answer is the inspection of Policy.unsure.
"""

import time
from collections.abc import Callable

import z3

from gatescan.core.law import names
from gatescan.core.law import policy as engine
from gatescan.core.law.policy import Policy
from gatescan_host.rules.compiler import encode
from gatescan_host.rules.proofs.findings import Finding, Proof, finding
from gatescan_host.rules.proofs.logic import Formula, either, negate
from gatescan_host.rules.proofs.outcome import Outcome
from gatescan_host.rules.proofs.scene import Scene
from gatescan_host.rules.proofs.vocabulary import as_facts

MAX_HITS = engine._MAX_HITS


def prove(places: list[Scene], progress: Callable[[str], None]) -> Proof:
    """The proof over the places given; one finding for each institution and channel with gaps."""
    start = time.monotonic()
    findings = _uncovered(places)
    fallback = 0
    for scene in covered(places):
        progress(scene.name)
        known, doubtful = scene.known, scene.doubtful
        for certain, gap in ((True, negate(known.any)),
                             (False, negate(either([doubtful.any, doubtful.permits_in_doubt])))):
            found = _gap(scene, gap, certain)
            if found:
                findings.append(found)
                break
        fallback += len(list(scene.categories(negate(doubtful.any), certain=False)))
        for certain, outcome in ((True, known), (False, doubtful)):
            full = scene.simplest(_crowded(outcome), certain=certain)
            if full is not None:
                findings.append(finding(
                    scene.book.file, ("collect",),
                    f"more than {MAX_HITS} rules bite at once at {scene.name}",
                    "merge rules", as_facts(full)))
    return Proof(
        "complete", "every combination of facts has an outcome",
        {"places": len(places) * len(names.CATEGORIES), "gaps": len(findings),
         "places_left_to_inspection_when_unknown": fallback},
        time.monotonic() - start, tuple(findings))


def covered(places: list[Scene]) -> list[Scene]:
    """The places whose channel the order has rules for; elsewhere the scanner is told nothing."""
    if not places:
        return []
    policy = Policy(encode(places[0].book))
    return [scene for scene in places if policy.covers_channel(scene.channel)]


def _uncovered(places: list[Scene]) -> list[Finding]:
    kept = {scene.channel for scene in covered(places)}
    return [finding(
        places[0].book.file, ("collect",),
        f"the order has no rules for the channel {names.CHANNELS[channel]}",
        "add a rule for it, such as a manual_inspection", {"channel": names.CHANNELS[channel]})
        for channel in sorted({scene.channel for scene in places} - kept)]


def _gap(scene: Scene, gap: Formula, certain: bool) -> Finding | None:
    witness = scene.simplest(gap, certain=certain)
    if witness is None:
        return None
    categories = [names.CATEGORIES[n] for n in scene.categories(gap, certain=certain)]
    return finding(
        scene.book.file, ("collect",),
        f"no rule gives a verdict at {scene.name} for {len(categories)} of "
        f"{len(names.CATEGORIES)} categories, such as {names.CATEGORIES[witness[2]]}",
        "add a rule, such as a manual_inspection, for the facts of the witness",
        as_facts(witness), categories=categories)


def _crowded(outcome: Outcome) -> Formula:
    """More rules bite or are in doubt than Policy keeps."""
    rules = {hit.rule.name: [] for hit in outcome.hits}  # type: dict[str, list[Formula]]
    for hit in outcome.hits:
        rules[hit.rule.name].append(hit.bites)
    bites = [(either(parts), 1) for parts in rules.values()]
    if len(bites) <= MAX_HITS:
        return False
    return z3.PbGe([(z3.BoolVal(part) if isinstance(part, bool) else part, one)
                    for part, one in bites], MAX_HITS + 1)
