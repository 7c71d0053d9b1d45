"""What a proof gives back: what it examined, how long it took, and what it found wrong."""

from dataclasses import asdict, dataclass, field
from typing import Any

from gatescan_host.rules.orders import Loc, OrderError, OrderFile


@dataclass(frozen=True)
class Finding:
    """One fault of an order: a sentence with file, line and remedy, and facts that show it."""

    sentence: str
    facts: dict[str, Any]
    further: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The finding as plain data for --json."""
        return asdict(self)


@dataclass(frozen=True)
class Proof:
    """One proof that was run; it holds where there are no findings."""

    name: str
    says: str  # what is proved, in one clause
    counts: dict[str, int]
    seconds: float
    findings: tuple[Finding, ...]
    witnesses: dict[str, dict[str, Any]] = field(default_factory=dict)  # facts that need a rule

    @property
    def holds(self) -> bool:
        """Nothing was found."""
        return not self.findings

    @property
    def sentence(self) -> str:
        """What is proved or not, with the counts, for people."""
        counted = ", ".join(f"{name.replace('_', ' ')} {number:,}"
                            for name, number in self.counts.items())
        return f"{'Proved' if self.holds else 'NOT proved'}: {self.says} ({counted})."

    def as_json(self) -> dict[str, Any]:
        """The proof as plain data for --json."""
        return {"name": self.name, "says": self.says, "holds": self.holds, **self.counts,
                "seconds": round(self.seconds, 1),
                "findings": [finding.as_json() for finding in self.findings]}


def finding(file: OrderFile, loc: Loc, what: str, remedy: str, facts: dict[str, Any],
            **further: Any) -> Finding:
    """A finding at a place of the order file."""
    return Finding(str(file.error(loc, what, remedy)), facts, further)


def undecided(file: OrderFile, loc: Loc, why: str) -> OrderError:
    """The error for a question that the solver gave up."""
    return file.error(loc, f"the solver gave no answer ({why})", "run the check again")
