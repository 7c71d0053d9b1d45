"""GS1's own vectors for element strings, and random strings made from its dictionary.

The vectors are those of the GS1 Barcode Syntax Engine and Dictionary in ../shared; `^` is FNC1.
They check one rule at a time, so most of their strings name no product: what is tested is whether
the rule is kept, not whether a tag comes out.
"""

import json
import re
from collections import Counter

import pytest

from gatescan.core.tags import ai, element_string, gtin, identity, lint
from gatescan.core.tags.scheme import S_GS1
from gatescan_host.tags import make_ai_table

_CSETS = {"csetnumeric": 0, "cset82": 1, "cset39": 2, "cset64": 3}
# Strings that are no element string in the vectors' notation, where nothing reaches the scanner
_NOT_OURS = {
    "": "no data and no FNC1",
    "991234": "no FNC1 in first place: the symbology identifier says so, the string does not",
}


@pytest.fixture(scope="session")
def vectors(shared):
    lines = (shared / "tags/gs1_parsing.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def bracketed(text):
    """The pairs of `(01)..(10)..`, or None for what is not in that notation."""
    if not re.fullmatch(r"(\(\d{2,4}\)[^(]*)+", text):
        return None
    return re.findall(r"\((\d+)\)([^(]*)", text)


def fault_of_bracketed(text):
    pairs = bracketed(text)
    return "not bracketed" if pairs is None else element_string.fault_of(pairs)


def passes_linter(vector):
    """What the vector's linter says of its input."""
    data = vector["input"].encode()
    if vector["linter"] in _CSETS:
        return lint.in_set(_CSETS[vector["linter"]], data)
    return lint.passes(make_ai_table.LINTERS.index(vector["linter"]) + 1, data)


def separates(vector):
    """Whether an unbracketed string can be separated into valid values."""
    assert vector["input"].startswith("^")
    data = vector["input"][1:].replace("^", "\x1d").encode()
    return element_string.separate(data)[1] is None


def converts(vector):
    """Whether the bracketed string is valid and is the unbracketed one that is expected."""
    if not vector["ok"]:
        return fault_of_bracketed(vector["input"]) is None
    data = vector["expected"][1:].replace("^", "\x1d").encode()
    return element_string.separate(data) == (bracketed(vector["input"]), None)


CHECKS = {
    "gs1_linter_unit": (passes_linter, 308),
    "gs1_ai_linter": (lambda v: fault_of_bracketed(v["input"]) is None, 63),
    "gs1_unbracketed_ai_validate": (separates, 43),
    "gs1_ai_association_validate": (lambda v: fault_of_bracketed(v["input"]) is None, 42),
    "gs1_bracketed_to_unbracketed": (converts, 11),
}


@pytest.mark.parametrize("kind", CHECKS)
def test_vectors(vectors, kind):
    check, count = CHECKS[kind]
    mine = [v for v in vectors if v["kind"] == kind]
    assert len(mine) >= count
    skipped = [v for v in mine if kind.startswith("gs1_unbracketed") and v["input"] in _NOT_OURS]
    wrong = [v for v in mine if v not in skipped and check(v) != v.get("ok", False)]
    assert not wrong, wrong
    print(kind, "passed", len(mine) - len(skipped), "not ours", [v["input"] for v in skipped])


def test_the_reason_against_a_value_names_it(vectors):
    for vector in vectors:
        if vector["kind"] == "gs1_ai_linter":
            fault = fault_of_bracketed(vector["input"])
            assert re.search(r"\(\d{2,4}\)", fault), (vector, fault)
            assert "by hand." in fault, fault


# --- random element strings, from the dictionary --------------------------------------------

_LETTERS = {"N": "0123456789", "X": "0123456789ABCxyz-./", "Y": "0123456789ABC-/#", "Z": "0Aa-_"}
_TRIES = 20_000
# Values that chance would not find
_READY = {
    "iban": ["GB82WEST12345698765432", "NO9386011117947"],
    "csumalpha": ["1987654Ad4X4bL5ttr2310c2K"],
    "couponcode": ["012345699999915110123"],
    "couponposoffer": ["001234569999990123456"],
    "posinseqslash": ["1/2"],
    "packagetype": ["200", "8", "X3"],
    "iso3166alpha2": ["DK"],
    "iso3166": ["208"],
    "iso3166999": ["999"],
    "iso4217": ["208"],
}


def value_of(rng, spec):
    """A value that one component allows."""
    parts = make_ai_table._COMPONENT.fullmatch(spec).groups()
    optional, letter, variable, length, _, checks = parts
    names = checks.split(",")[1:]
    if optional and rng.random() < 0.5:
        return None
    for name in names:
        if name in _READY:
            return rng.choice(_READY[name])
    size = rng.randint(min(4, int(length)), int(length)) if variable else int(length)
    for _ in range(_TRIES):
        text = "".join(rng.choice(_LETTERS[letter]) for _ in range(size))
        if names[:1] == ["csum"]:
            text = text[:-1] + str(gtin.check_digit(text.encode(), 0, size - 1))
        if "gcppos1" in names:
            text = text if letter == "N" else "1234" + text[4:]
        numbers = [make_ai_table.LINTERS.index(name) + 1 for name in names]
        if all(lint.passes(number, text.encode()) for number in numbers):
            return text
    raise AssertionError(f"no value found for {spec}")


def element(rng, entry):
    value = ""
    for spec in entry.components:
        part = value_of(rng, spec)
        if part is None:
            break
        value += part
    return rng.choice(entry.names), value


@pytest.fixture(scope="session")
def entries(shared):
    text = (shared / "tags/gs1-syntax-dictionary.txt").read_text(encoding="utf-8")
    return make_ai_table.parse(text)


def joined(rng, pairs):
    """An element string as readers send it, with separators that nobody needs here and there."""
    data = b"\x1d" * (rng.random() < 0.1)
    for name, value in pairs:
        data += (name + value).encode()
        if not ai.predefined_length(ai.find(name.encode())) or rng.random() < 0.1:
            data += b"\x1d" * rng.choice((1, 1, 1, 2))
    return data if rng.random() < 0.3 else data.rstrip(b"\x1d")


def test_every_identifier_is_separated_from_any_other(entries, rng):
    for entry in entries:
        pairs = [element(rng, rng.choice(entries)), element(rng, entry)]
        pairs.append(element(rng, rng.choice(entries)))
        data = joined(rng, pairs)
        assert element_string.separate(data) == (pairs, None), data


def test_a_product_among_what_may_stand_beside_it(entries, rng):
    """Every string that is read gives the identity of exactly the elements that were joined."""
    outcomes: Counter = Counter()
    for _ in range(1500):
        pairs = [("01", "09521234543213")]
        pairs += [element(rng, rng.choice(entries)) for _ in range(rng.randint(0, 3))]
        rng.shuffle(pairs)
        tag = element_string.read(joined(rng, pairs), False)
        if element_string.fault_of(pairs) is None:
            assert tag == identity.tag_of(S_GS1, pairs), pairs
            outcomes["read"] += 1
        else:
            assert tag.error and tag.key is None, pairs
            outcomes["refused"] += 1
    assert min(outcomes.values()) > 300, outcomes


@pytest.mark.parametrize(
    "name, good",
    [("01", "09521234543213"), ("00", "395212340000000014"), ("414", "9521234000006")],
)
def test_no_wrong_digit_of_a_key_gets_through(name, good):
    """Section 7.9.1: modulo 10 finds every single wrong digit."""
    for i in range(len(good)):
        for digit in "0123456789":
            bad = good[:i] + digit + good[i + 1 :]
            fault = element_string.fault_of([(name, bad)])
            assert (fault is None) == (bad == good), bad


def ways(data, at=0, pairs=()):
    """Every valid way to separate `data`, tried without any shortcut."""
    if at == len(data):
        return [pairs] if element_string.fault_of(pairs) is None else []
    found = []
    entry = ai.find(data, at)
    begin = at + ai.digits_of(entry)
    fixed = ai.predefined_length(entry)
    for end in range(begin + 1, len(data) + 1) if entry else ():
        if fixed and end != begin + fixed:
            continue
        name, value = data[at:begin].decode(), data[begin:end]
        if lint.fault_of(name, entry, value) is None:
            found += ways(data, end, (*pairs, (name, value.decode())))
    return found


def test_a_lost_separator_is_noticed_whenever_it_matters(entries, rng):
    """Without a symbology identifier a string is read only when there is one way to do so."""
    common = [e for e in entries if e.first in ("10", "11", "17", "21", "30", "240", "400", "90")]
    outcomes: Counter = Counter()
    while min(outcomes["one"], outcomes["more"], outcomes["none"]) < 30:
        pairs = [("01", "09521234543213")]
        for entry in rng.sample(common, rng.randint(1, 3)):
            name, value = element(rng, entry)
            pairs.append(
                (name, value if ai.predefined_length(ai.find(name.encode())) else value[:6])
            )
        data = "".join(name + value for name, value in pairs).encode()
        if rng.random() < 0.4:
            data += b"A" * rng.randint(1, 16)
        found = ways(data)
        tag = element_string.read(data, True)
        if not found:
            outcomes["none"] += 1
            assert tag.error and tag.key is None, data
        elif len(found) > 1 or found[0] != tuple(element_string.separate(data)[0]):
            outcomes["more"] += 1
            assert tag.ambiguous and tag.key is None, data
        elif tag.ambiguous:  # the search was given up
            outcomes["long"] += 1
        else:
            outcomes["one"] += 1
            assert tag.error is None and tag.ais == found[0], data
    assert 20 * outcomes["long"] <= outcomes["one"], outcomes
