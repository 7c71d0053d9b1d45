"""One thing looked at: what came of it and what to do."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from gatescan_host.errors import Exit


class Result(StrEnum):
    """What can be said of a part or a step."""

    PASS = "pass"  # noqa: S105 - no secret
    FAIL = "fail"
    LOOK = "look"  # cannot be told from here: a person must look


@dataclass(frozen=True)
class Finding:
    """`what` was looked at, `said` is what was found, `remedy` what to do ("" for nothing)."""

    what: str
    result: Result
    said: str
    remedy: str = ""
    exit_code: Exit = Exit.FAILED  # what a failure means to a script

    def as_dict(self) -> dict[str, Any]:
        """For --json."""
        return {
            "what": self.what, "result": str(self.result), "said": self.said,
            "remedy": self.remedy,
        }  # fmt: skip

    def line(self) -> str:
        """For people."""
        told = f"{self.result:<5} {self.what:<10} {self.said}"
        return f"{told}\n{'':<17}-> {self.remedy}" if self.remedy else told


def failed(findings: list[Finding]) -> bool:
    """Whether anything failed."""
    return any(finding.result is Result.FAIL for finding in findings)


def text(findings: list[Finding]) -> str:
    """All of them for people, and a last line that sums up."""
    count = {result: sum(f.result is result for f in findings) for result in Result}
    end = f"{count[Result.PASS]} pass, {count[Result.FAIL]} fail"
    if count[Result.LOOK]:
        end += f", {count[Result.LOOK]} that a person must look at"
    return "\n".join([*(finding.line() for finding in findings), end])
