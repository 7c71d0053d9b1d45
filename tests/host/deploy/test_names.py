"""Short private names: programs mean the same, and what cannot be renamed everywhere is not."""

import ast

from gatescan_host.deploy.arguments import shorten
from gatescan_host.deploy.names import share
from host.deploy.shipped_texts import folded

SOURCE = '''
_LIMIT = const(7)
_all = []


def _keep(value, _twice=False):
    _all.append(value)
    return f"{_shown}ø", _twice


_shown = "ø"; _after = 1


class _Base:
    _count = 0

    def __init__(self):
        self._value = 1

    def _next(self):
        self._count += 1
        return self._count


class Box(_Base):
    def run(self):
        self._own = _keep(self._next(), _twice=True)
        return self._own, self._value, getattr(self, "_count"), foreign()._machine, _after


def foreign():
    return _Foreign


class Other:
    def __init__(self):
        global _again
        _again = self._far = 5


kept, limit = _all, _LIMIT
'''
SUBCLASS = """
from m import Box as _Box


class Small(_Box):
    _lid = 3

    def open(self):
        return self._lid, self._value
"""


def _run(sources: dict[str, str]) -> object:
    class Foreign:
        _machine = "RP2040"

    names: dict[str, object] = {"const": int, "_Foreign": Foreign}
    exec(sources["m.py"] + "\nresult = (Box().run(), kept, limit, vars(Other()))", names)
    found, kept, limit, other = names["result"]  # type: ignore[misc]
    return found, kept, limit, list(other.values())


def test_results_are_the_same():
    short = share({"m.py": SOURCE})
    assert _run(short) == _run({"m.py": SOURCE})
    assert _run(short) == ((("øø", True), 1, 1, "RP2040", 1), [1], 7, [5])


def test_what_cannot_be_renamed_everywhere_stays():
    short = share({"m.py": SOURCE, "n.py": SUBCLASS})
    for name in ("_twice=", "_LIMIT", "_shown", '"_count"', "_machine", "_again", "_Foreign"):
        assert short["m.py"].count(name) == SOURCE.count(name), name
    assert "from m import Box as _Box" in short["n.py"] and "class Small(_Box)" in short["n.py"]
    for name in ("_all", "_keep", "_Base", "_next", "_value", "_own", "_far", "_lid"):
        assert name not in short["m.py"] + short["n.py"], name


def test_a_class_shares_no_name_with_the_one_it_inherits_from():
    short = share({"m.py": SOURCE, "n.py": SUBCLASS.replace("_Box", "Box"), "far.py": "_x = 1\n"})
    lid = short["n.py"].split("    ")[1].split()[0]
    assert lid.startswith("_") and lid not in short["m.py"]
    assert short["far.py"] == "_a = 1\n", "a room of its own begins anew"


def test_names_in_use_already_are_not_given_again():
    assert share({"m.py": '_x = 1\nfound = getattr(foreign, "_a")\n'})["m.py"].startswith("_b = 1")


def test_the_firmware_is_the_same_but_for_private_names():
    sources = shorten(folded())
    short = share(sources)
    meant: dict[str, str] = {}
    for name, text in short.items():
        assert text.count("\n") == sources[name].count("\n"), name
        before, after = ast.walk(ast.parse(sources[name])), ast.walk(ast.parse(text))
        here: dict[str, str] = {}
        for old, new in zip(before, after, strict=True):
            assert type(old) is type(new), name
            for field in ("id", "attr", "arg", "name"):
                was, now = getattr(old, field, None), getattr(new, field, None)
                if was != now:
                    assert str(was).startswith("_"), was
                    assert meant.setdefault(str(was), str(now)) == now, "one name everywhere"
                    assert here.setdefault(str(now), str(was)) == was, "another one in a module"
        assert not set(here) & set(here.values()), name
    assert len(meant) > 300
    assert len(set(meant.values())) < 80
