"""A small site under any order, for tests of orders side by side: its goods are those of rig."""

from datetime import UTC, datetime
from pathlib import Path

_SITE = """\
site_id: vestre
site_name: Prøvefængslet
institution: closed_prison
order_id: {order}
languages: [en, da]
valid_days: {valid_days}
items:
  inline:
    - {{gtin: "009800895250", category: general}}
    - {{gtin: "5901041003003", category: alcohol}}
    - {{gtin: "885909727827", category: phone}}
inmates:
  - id: inmate-7f3a
    card: em4100:2A00C0FFE1
    regime: sentenced
    restricted: []
    decisions11: []
"""


def write_site(folder: Path, order: str, valid_days: int = 14) -> Path:
    """Write the site file and return its path; the order's id stands on its fourth line."""
    path = folder / "site.yaml"
    path.write_text(_SITE.format(order=order, valid_days=valid_days), encoding="utf-8")
    return path


def utc(text: str) -> int:
    """UTC seconds of a time written as in ISO 8601."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())
