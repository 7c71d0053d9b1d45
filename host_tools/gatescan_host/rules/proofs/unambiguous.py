"""Precedence decides which provision is cited, never the name of a part or case.

Verdict, authority and obligations are a maximum and a union, so no order changes them. The first
citation and its marks are those of the first winner by group and then by citation: that is the
precedence an order declares. What must not decide is what comes after it, the id and the names of
part and case: two winners of one group and one citation have to bring the same.
"""

import time
from collections.abc import Callable
from itertools import combinations

from gatescan.core.law import citation
from gatescan_host.rules.proofs.findings import Finding, Proof, finding
from gatescan_host.rules.proofs.logic import Formula, either, negate
from gatescan_host.rules.proofs.outcome import Hit, Outcome
from gatescan_host.rules.proofs.scene import Scene
from gatescan_host.rules.proofs.vocabulary import as_facts
from gatescan_host.rules.rulebook import FlatRule


def prove(places: list[Scene], progress: Callable[[str], None]) -> Proof:
    """The proof over the places given; one finding for each ambiguous pair of rules."""
    start = time.monotonic()
    rules = places[0].book.rules if places else ()
    pairs = [pair for pair in combinations(
        (rule for rule in rules if rule.phase != "duties"), 2) if _meet(*pair)]
    same = {(one.name, other.name) for one, other in pairs if one.citation == other.citation}
    found: dict[tuple[str, str], Finding] = {}
    asked = 0
    for scene in places:
        progress(scene.name)
        outcome = scene.doubtful
        for one, other in combinations(outcome.hits, 2):
            pair = (one.rule.name, other.rule.name)
            if pair not in same or pair in found or one.guess != other.guess or _alike(one, other):
                continue
            asked += 1
            witness = scene.simplest(
                outcome.joined(one), outcome.joined(other), negate(_earlier(outcome, one)),
                certain=False)
            if witness is not None:
                found[pair] = _finding(scene, one, other, witness)
    return Proof(
        "unambiguous", "precedence alone decides what is cited",
        {"pairs": len(pairs), "pairs_by_citation": len(pairs) - len(same),
         "pairs_of_one_citation": len(same), "questions": asked, "ambiguous": len(found)},
        time.monotonic() - start, tuple(found.values()))


def _meet(one: FlatRule, other: FlatRule) -> bool:
    """The two stand in one group and there is a place and category for both."""
    return one.group == other.group and one.phase == other.phase and all(
        mine & yours for mine, yours in zip(one.fits, other.fits, strict=True))


def _alike(one: Hit, other: Hit) -> bool:
    """Whichever comes first, the first citation and its marks are the same.

    One that counts only alone gives way to any other; two of one citation cite the same.
    """
    return one.alone or other.alone or (one.citation, one.marks) == (other.citation, other.marks)


def _earlier(outcome: Outcome, one: Hit) -> Formula:
    """A winner of an earlier group or citation is cited first, whatever these two do."""
    return either(outcome.joined(hit) for hit in outcome.hits if not hit.alone
                  and (hit.guess, hit.rule.group, hit.rule.citation)
                  < (one.guess, one.rule.group, one.rule.citation))


def _finding(scene: Scene, one: Hit, other: Hit, witness: list) -> Finding:
    cited = [citation.format(hit.citation) for hit in (one, other)]
    return finding(
        scene.book.file, other.rule.loc,
        f"only their names decide whether {one.rule.name} ({cited[0]}) or {other.rule.name} "
        f"({cited[1]}) comes first", "give them the same marks or different groups",
        as_facts(witness))
