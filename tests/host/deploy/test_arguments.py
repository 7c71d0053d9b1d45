"""Short arguments: calls mean the same, and nobody who passes by keyword is forgotten."""

import ast

from gatescan_host.deploy.arguments import shorten
from host.deploy.shipped_texts import folded

SOURCE = '''
a = 100


def add(first, second=2, *rest, third=3):
    """A sum, with a global whose name is short already."""
    total = first + second + third + a
    for one in rest:
        total += one
    return total


def spoken(loudly, softly):
    return loudly - softly


class Box:
    def __init__(self, content):
        self.content = content

    def nested(self, content):
        return [content for _ in range(2)], (lambda: content)()


result = (add(1), add(1, 5, 7), spoken(3, softly=1), Box("ø").content, Box(1).nested(4))
'''


def test_results_are_the_same():
    before: dict[str, object] = {}
    after: dict[str, object] = {}
    exec(SOURCE, before)
    exec(shorten({"m.py": SOURCE})["m.py"], after)
    assert after["result"] == before["result"] == (106, 116, 2, "ø", ([4, 4], 4))


def test_only_what_nobody_says_is_shortened():
    text = shorten({"m.py": SOURCE, "other.py": "spoken(loudly=1, softly=2)\n"})["m.py"]
    assert "def add(b, c=2, *rest, third=3):" in text
    assert "def spoken(loudly, softly):" in text
    assert "self.content = a" in text
    assert "def nested(self, content):" in text, "functions inside tell names by scopes"


def test_the_firmware_still_says_what_it_said():
    """Same lines, same functions, every keyword of a call still somebody's argument."""
    sources = folded()
    short = shorten(sources)
    changed = set()
    for name, text in short.items():
        assert text.count("\n") == sources[name].count("\n"), name
        before, after = ast.parse(sources[name]), ast.parse(text)
        for old, new in zip(ast.walk(before), ast.walk(after), strict=True):
            assert type(old) is type(new), name
            if isinstance(old, ast.arg) and isinstance(new, ast.arg) and old.arg != new.arg:
                changed.add(old.arg)
    spoken = {
        node.arg for text in sources.values() for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.keyword) and node.arg
    }  # fmt: skip
    assert changed and not spoken & changed
