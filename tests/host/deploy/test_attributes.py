"""Short names of methods and attributes: programs mean the same, what is not ours stays."""

import ast
import asyncio
import builtins
import io
import subprocess

from gatescan_host.deploy.arguments import shorten
from gatescan_host.deploy.attributes import renamed, short_names
from gatescan_host.deploy.names import share
from gatescan_host.simulator.checkout import micropython
from host.deploy.shipped_texts import folded

SOURCE = '''
from collections import namedtuple

Pair = namedtuple("Pair", "left right")
Trio = namedtuple("Trio", ("first", "second", "third"))


def measure(thing):
    return thing.weight


class Base:
    kind = 3

    def __init__(self):
        self.weight = 1
        self.left = "æ"; self.volume = 9

    def lift(self):
        return self.weight + self.kind


class Box(Base):
    def __init__(self):
        Base.__init__(self)
        self.lid = self.lift
        self.items = [3, 1, 2]

    def lift_by(self, times):
        return self.lid() * times

    @property
    def height(self):
        return self.lift_by(2)

    def sort(self):
        self.items.sort()
        return "lift", self.items, f"{self.height}"

    def asked(self, weight=5):
        return getattr(self, "volume"), self.asked and weight


class Far:
    def reach(self):
        self.distance = measure(Box())
        return self.distance


box = Box()
result = (
    box.height, box.sort(), box.asked(weight=7), Far().reach(), Pair(1, 2).left, Trio(1, 2, 3),
)
'''  # fmt: skip
# Attributes of everything that the interpreter has built in
_NAMES = """
import builtins, sys
names = set()
def look(one, deep):
    for name in dir(one):
        names.add(name)
        if deep:
            try:
                look(getattr(one, name), deep - 1)
            except Exception:
                pass
look(builtins, 1)
for room in ("asyncio", "array", "binascii", "collections", "cryptolib", "deflate", "errno",
             "framebuf", "gc", "hashlib", "io", "json", "machine", "micropython", "os", "random",
             "select", "struct", "sys", "time", "uctypes", "vfs"):
    try:
        look(__import__(room), 2)
    except ImportError:
        pass
print(" ".join(sorted(names)))
"""


def _result(text: str) -> object:
    names: dict[str, object] = {}
    exec(text, names)
    return names["result"]


def test_results_are_the_same():
    short = short_names({"m.py": SOURCE})
    text = renamed(SOURCE, short)
    assert repr(_result(text)) == repr(_result(SOURCE))
    assert set(short) == {"lid", "lift_by", "reach", "distance", "asked"}
    for name in short:
        assert f".{name}" not in text and f"def {name}(" not in text


def test_relatives_tell_their_names_apart_and_strangers_share():
    short = short_names({"m.py": SOURCE})
    assert len({short["lid"], short["lift_by"], short["asked"]}) == 3
    assert {short["reach"], short["distance"]} <= set(short.values())
    assert len(set(short.values())) == 3


def test_a_module_beside_uses_the_same_names():
    short = short_names({"m.py": SOURCE})
    beside = renamed("def look(box):\n    return box.lift_by(2), box.items\n", short)
    assert f"box.{short['lift_by']}(2), box.items" in beside


def test_nothing_that_micropython_has_is_renamed():
    objects = (*vars(builtins).values(), asyncio.Task, asyncio.Event, io.StringIO, io.BytesIO)
    known = {name for one in objects for name in dir(one)}
    command = [micropython(), "-c", _NAMES]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    known |= set(done.stdout.split())
    assert {"readinto", "append", "sleep_ms"} <= known
    assert not known & set(short_names(share(shorten(folded()))))


def test_the_firmware_is_the_same_but_for_attributes():
    sources = share(shorten(folded()))
    short = short_names(sources)
    for name, text in sources.items():
        after = renamed(text, short)
        assert after.count("\n") == text.count("\n"), name
        for old, new in zip(ast.walk(ast.parse(text)), ast.walk(ast.parse(after)), strict=True):
            assert type(old) is type(new), name
            for field in ("id", "arg"):
                assert getattr(old, field, None) == getattr(new, field, None), name
            for field in ("attr", "name"):
                was, now = getattr(old, field, None), getattr(new, field, None)
                assert now == (short.get(str(was), was) if was != now else was), name
    assert len(short) > 200
    assert len(set(short.values())) < 40
