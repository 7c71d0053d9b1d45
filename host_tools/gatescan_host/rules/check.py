"""Validates an order file, counts what is in it and proves it (rules/proofs)."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gatescan.core.law import citation
from gatescan.core.law import fact_names as fn
from gatescan.core.law.policy import Policy
from gatescan_host.errors import GatescanError
from gatescan_host.rules import codes, orders, rulebook
from gatescan_host.rules.account import account
from gatescan_host.rules.compiler import encode

if TYPE_CHECKING:
    from gatescan_host.rules.proofs.findings import Proof


@dataclass(frozen=True)
class Report:
    """What is in a valid order: counts only, so `proved` is false; see `prove`."""

    order_id: str
    provisions: int  # different provisions that have rules
    provisions_without_rule: tuple[str, ...]
    rules: int  # outcomes, one a case
    terms: int
    facts_used: int
    facts_unused: tuple[str, ...]
    citations: int
    channels_covered: int
    bytes: int
    proved: bool = False

    def as_json(self) -> dict[str, Any]:
        """The report as plain data for --json."""
        return asdict(self)


def check(order_path: Path) -> Report:
    """Validate an order file and count; raises OrderError with file, line and remedy.

    Quick; `prove` takes a minute.
    """
    file = orders.load(order_path)
    book = rulebook.build(file)
    entries = account(file, book)
    _check_citations(file, book)
    compiled = encode(book)
    policy = Policy(compiled)
    used = rulebook.facts_used(book)
    provisions = {rule.provision for rule in book.rules}
    return Report(
        order_id=file.order.order_id,
        provisions=len(provisions),
        provisions_without_rule=tuple(entry.provision for entry in entries
                                      if entry.provision not in provisions),
        rules=len(book.rules),
        terms=len(book.terms),
        facts_used=len(used),
        facts_unused=tuple(fact[0] for i, fact in enumerate(fn.FACTS) if i not in used),
        citations=len({rule.citation for rule in book.rules}),
        channels_covered=sum(policy.covers_channel(c) for c in range(len(fn.FACTS[1][2] or ()))),
        bytes=len(compiled),
    )


def prove(order_path: Path, progress: Callable[[str], None]) -> "Iterator[Proof]":
    """The proofs about an order, each as it is done; `progress` is told what is looked at.

    What is proved holds for every institution, channel, category and setting of a site. Raises
    OrderError for an order that is not valid.
    """
    from gatescan_host.rules.proofs import run  # the solver is loaded by those who prove only

    return run.prove(rulebook.build(orders.load(order_path)), progress)


def write_witnesses(path: Path, proofs: "Iterable[Proof]") -> None:
    """Write the facts that need each rule, a line a rule as `rules eval` reads them.

    Raises GatescanError where the file cannot be written.
    """
    found = {name: facts for proof in proofs for name, facts in proof.witnesses.items()}
    lines = [json.dumps({"id": name, "facts": facts}, ensure_ascii=False) + "\n"
             for name, facts in sorted(found.items())]
    try:
        path.write_text("".join(lines), encoding="utf-8")
    except OSError as wrong:
        raise GatescanError(f"{path}: cannot be written ({wrong.strerror}); "
                            "name another file.") from wrong


def _check_citations(file: orders.OrderFile, book: rulebook.Rulebook) -> None:
    """Refuse citations that the order's law model does not have; account.py sees to provisions."""
    law = file.order.law
    if law is None:
        return
    citations = codes.citations(law)
    for rule in book.rules:
        text = citation.format(rule.citation)
        if text not in citations:
            raise file.error((*rule.loc[:2], "citation"), f"{text} is never displayed",
                             f"use a citation of the citation_index in {law}")
