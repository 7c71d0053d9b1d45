"""A strict JSON reader (RFC 8259) that gives the same answer on CPython and MicroPython.

The built-in readers differ: MicroPython takes `{} x`, `[1 2]` and `{1: 2}`, CPython takes NaN and
recurses as deep as the text says. Objects keep the order of their keys and refuse a key twice.
"""

from gatescan.core.compat import const

MAX_DEPTH = const(8)  # objects and lists inside each other
_MAX_DIGITS = const(18)  # more fit no 64-bit number


class JsonError(Exception):
    """The text is not JSON; the message is a clause that says what is wrong and where."""


class Fraction:
    """Any number written with a fraction or an exponent: never a fact, so its value is dropped."""


class Huge:
    """A whole number of more than 18 digits."""


class JsonObject:
    """The pairs of an object in the order written."""

    def __init__(self) -> None:
        self.pairs: list[tuple[str, object]] = []

    def get(self, key: str) -> object:
        """The value of `key`, None if it is not there."""
        for name, value in self.pairs:
            if name == key:
                return value
        return None


FRACTION = Fraction()
HUGE = Huge()
_ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_DIGITS = "0123456789"


def loads(text: str) -> object:
    """The value of a JSON text: JsonObject, list, str, int, FRACTION, HUGE, bool or None.

    Raises JsonError.
    """
    reader = _Reader(text)
    value = reader.value(0)
    reader.space()
    if reader.at < len(text):
        raise JsonError("there is something after its end at character %d" % (reader.at + 1))
    return value


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def fail(self, wanted: str) -> JsonError:
        return JsonError("%s was expected at character %d" % (wanted, self.at + 1))

    def peek(self) -> str:
        return self.text[self.at] if self.at < len(self.text) else ""

    def space(self) -> None:
        while self.at < len(self.text) and self.text[self.at] in " \t\r\n":
            self.at += 1

    def value(self, depth: int) -> object:
        self.space()
        first = self.peek()
        if first and first in "{[":
            if depth == MAX_DEPTH:
                raise JsonError("it is nested deeper than %d levels" % MAX_DEPTH)
            return self.members(depth) if first == "{" else self.elements(depth)
        if first == '"':
            return self.string()
        if first and first in "-0123456789":
            return self.number()
        for word, value in (("true", True), ("false", False), ("null", None)):
            if self.text[self.at:self.at + len(word)] == word:
                self.at += len(word)
                return value
        raise self.fail("a value")

    def members(self, depth: int) -> JsonObject:
        found = JsonObject()
        names = set()
        self.at += 1
        self.space()
        if self.peek() == "}":
            self.at += 1
            return found
        while True:
            self.space()
            if self.peek() != '"':
                raise self.fail("a name in quotes")
            name = self.string()
            if name in names:
                raise JsonError("the name %s is given twice" % quote(name))
            names.add(name)
            self.space()
            if self.peek() != ":":
                raise self.fail("a colon")
            self.at += 1
            found.pairs.append((name, self.value(depth + 1)))
            self.space()
            end = self.peek()
            if not end or end not in ",}":
                raise self.fail("a comma or }")
            self.at += 1
            if end == "}":
                return found

    def elements(self, depth: int) -> list:
        found: list = []
        self.at += 1
        self.space()
        if self.peek() == "]":
            self.at += 1
            return found
        while True:
            found.append(self.value(depth + 1))
            self.space()
            end = self.peek()
            if not end or end not in ",]":
                raise self.fail("a comma or ]")
            self.at += 1
            if end == "]":
                return found

    def digits(self) -> int:
        start = self.at
        while self.at < len(self.text) and self.text[self.at] in _DIGITS:
            self.at += 1
        if self.at == start:
            raise self.fail("a digit")
        return self.at - start

    def number(self) -> object:
        start = self.at
        if self.peek() == "-":
            self.at += 1
        leading = self.at
        count = self.digits()
        if count > 1 and self.text[leading] == "0":
            self.at = leading
            raise self.fail("a number without leading zeros")
        whole = True
        if self.peek() == ".":
            self.at += 1
            self.digits()
            whole = False
        if self.peek() and self.peek() in "eE":
            self.at += 1
            if self.peek() and self.peek() in "+-":
                self.at += 1
            self.digits()
            whole = False
        if not whole:
            return FRACTION
        return HUGE if count > _MAX_DIGITS else int(self.text[start:self.at])

    def string(self) -> str:
        parts = []
        self.at += 1
        start = self.at
        while True:
            char = self.peek()
            if not char:
                raise self.fail("the end of a text")
            if ord(char) < 32:
                raise self.fail("a text without control characters")
            if char in '"\\':
                parts.append(self.text[start:self.at])
                self.at += 1
                if char == '"':
                    return "".join(parts)
                parts.append(self.escape())
                start = self.at
            else:
                self.at += 1

    def escape(self) -> str:
        char = self.peek()
        if char == "u":
            self.at += 1
            code = self.hex4()
            if 0xD800 <= code < 0xDC00 and self.text[self.at:self.at + 2] == "\\u":
                self.at += 2
                low = self.hex4()
                if 0xDC00 <= low < 0xE000:
                    return chr(0x10000 + (code - 0xD800 << 10) + low - 0xDC00)
            if 0xD800 <= code < 0xE000:
                raise self.fail("a whole surrogate pair")
            return chr(code)
        if not char or char not in _ESCAPES:
            raise self.fail("an escape such as \\n")
        self.at += 1
        return _ESCAPES[char]

    def hex4(self) -> int:
        digits = self.text[self.at:self.at + 4]
        if len(digits) < 4:
            raise self.fail("four hexadecimal digits")
        for digit in digits:
            if digit not in "0123456789abcdefABCDEF":
                raise self.fail("four hexadecimal digits")
        self.at += 4
        return int(digits, 16)


def quote(text: str) -> str:
    """`text` as a JSON string, everything from space upwards written as it is."""
    parts = ['"']
    for char in text:
        if char in '"\\':
            parts.append("\\" + char)
        elif ord(char) < 32 or ord(char) == 127:
            parts.append("\\u%04x" % ord(char))
        else:
            parts.append(char)
    parts.append('"')
    return "".join(parts)
