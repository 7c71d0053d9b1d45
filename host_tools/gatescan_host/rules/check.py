"""Validates an order file and counts what is in it. It proves nothing about completeness yet."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from gatescan.core.law import citation
from gatescan.core.law import fact_names as fn
from gatescan.core.law.policy import Policy
from gatescan_host.rules import codes, orders, rulebook
from gatescan_host.rules.compiler import encode


@dataclass(frozen=True)
class Report:
    """What `rules check` found in a valid order; `proved` says that these are counts only."""

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
    """Validate an order file and count; raises OrderError with file, line and remedy."""
    file = orders.load(order_path)
    book = rulebook.build(file)
    for rule in book.rules:
        if rule.provision not in codes.provision_ids():
            raise file.error(rule.loc[:2], f"there is no provision {rule.provision}",
                             "use an id of rules/law/provisions.json")
        text = citation.format(rule.citation)
        if text not in codes.citations():
            raise file.error((*rule.loc[:2], "citation"), f"{text} is never displayed",
                             "use a citation of the citation_index in provisions.json")
    compiled = encode(book)
    policy = Policy(compiled)
    used = rulebook.facts_used(book)
    provisions = {rule.provision for rule in book.rules}
    return Report(
        order_id=file.order.order_id,
        provisions=len(provisions),
        provisions_without_rule=tuple(
            p["id"] for p in codes.provisions()["provisions"] if p["id"] not in provisions),
        rules=len(book.rules),
        terms=len(book.terms),
        facts_used=len(used),
        facts_unused=tuple(fact[0] for i, fact in enumerate(fn.FACTS) if i not in used),
        citations=len({rule.citation for rule in book.rules}),
        channels_covered=sum(policy.covers_channel(c) for c in range(len(fn.FACTS[1][2] or ()))),
        bytes=len(compiled),
    )
