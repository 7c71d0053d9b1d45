"""The report of `table build --lenient`: numbers on item lists that name no product."""

import csv
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from gatescan_host.errors import Exit, GatescanError
from gatescan_host.site.errors import Place


class LeftOut:
    """Counts by kind, the first `LISTED` of them, and every one as a CSV row in `report`."""

    LISTED = 100

    def __init__(self, report: TextIO | None = None) -> None:
        self._kinds: Counter[str] = Counter()
        self._first: list[dict[str, str]] = []
        self._rows = csv.writer(report, lineterminator="\n") if report is not None else None
        if self._rows is not None:
            self._rows.writerow(("place", "code", "kind"))

    def add(self, place: Place, code: str, kind: str) -> None:
        """One row that is not in the table; `kind`: restricted, isbn, issn or coupon."""
        self._kinds[kind] += 1
        if len(self._first) < self.LISTED:
            self._first.append({"place": str(place), "code": code, "kind": kind})
        if self._rows is not None:
            self._rows.writerow((place, code, kind))

    @property
    def count(self) -> int:
        """How many rows were left out."""
        return self._kinds.total()

    def as_json(self) -> dict[str, Any]:
        """For `--json`: how many, of each kind, and the first of them in the order read."""
        return {
            "count": self.count,
            "kinds": dict(sorted(self._kinds.items())),
            "first": self._first,
        }

    def sentence(self) -> str:
        """For people: how many of each kind, and where the first one stands."""
        kinds = ", ".join(f"{count:,} {kind}" for kind, count in sorted(self._kinds.items()))
        first = self._first[0]
        return (
            f"Left out {self.count:,} rows whose numbers name no product ({kinds}), the first"
            f" {first['code']} at {first['place']}: such items are classified by hand."
        )


@contextmanager
def report_file(path: Path | None) -> Iterator[TextIO | None]:
    """The file that `--report` names, open for writing; None without a name.

    Raises GatescanError with exit code 2 when it cannot be written.
    """
    if path is None:
        yield None
        return
    try:
        out = path.open("w", encoding="utf-8", newline="")
    except (OSError, ValueError) as fault:
        cause = getattr(fault, "strerror", None) or fault
        raise GatescanError(
            f"{path} cannot be written ({cause}): choose another place.", Exit.USAGE
        ) from None
    with out:
        yield out
