"""Small sites with item lists, for the tests of how lists are taken in."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from gatescan_host.site.errors import Problems, SiteError
from gatescan_host.site.intake import Intake
from gatescan_host.site.items import ItemList
from gatescan_host.site.load import load_site

HEAD = """\
site_id: lists
site_name: Lists
institution: closed_prison
order_id: dk-2009
languages: [da]
valid_days: 14
classes:
  pocket_radio: {category: radio, attributes: [battery]}
items:
"""


class Lists:
    """A site in a folder, with the item lists that a test writes beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "site.yaml"

    def site(self, items: str) -> Path:
        """The site file with this text below `items:`."""
        self.path.write_text(HEAD + items, encoding="utf-8")
        return self.path

    def files(self, **content: str | bytes) -> Path:
        """The site of lists by name: `a="..."` is a.csv, `b_gz="..."` is b.csv.gz."""
        names = []
        for name, text in content.items():
            data = text if isinstance(text, bytes) else text.encode()
            if name.endswith("_gz") and isinstance(text, str):
                data = gzip.compress(data, 1)
            names.append(f"{name}.csv".replace("_gz.csv", ".csv.gz"))
            (self.folder / names[-1]).write_bytes(data)
        return self.site(f"  files: [{', '.join(names)}]\n")

    def taken(self, intake: Intake | None = None) -> ItemList:
        """What `table build` makes of the lists; raises SiteError."""
        problems = Problems()
        items = ItemList(load_site(self.path), problems, intake)
        problems.raise_if_any()
        return items

    def mistakes(self, intake: Intake | None = None) -> tuple[str, ...]:
        """The sentences that `table build` would say, without the folder's name."""
        try:
            self.taken(intake)
        except SiteError as error:
            return tuple(s.replace(f"{self.folder}/", "") for s in error.problems)
        return ()


@pytest.fixture
def lists(tmp_path: Path) -> Lists:
    return Lists(tmp_path)


@pytest.fixture
def new_lists(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Lists]:
    """Makes another site, for tests that try many."""
    return lambda: Lists(tmp_path_factory.mktemp("lists"))
