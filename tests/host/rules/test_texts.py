"""Everything that a screen shows: in both languages, short enough, in characters it can draw."""

import copy
from pathlib import Path

import pytest

from gatescan.core.law import citation
from gatescan.core.screens import LANG_DA, LANG_EN
from gatescan.core.table import format as fmt
from gatescan.drivers import font6x8
from gatescan_host.rules import codes, compiler, orders, rulebook, select, texts
from gatescan_host.rules.orders import OrderError

TINY = Path(__file__).with_name("tiny.yaml")
SHIPPED = sorted(path.stem for path in orders.ORDERS.glob("*.yaml"))
GOOD = ["Åbn æsken:", "§ 2, stk. 1, nr. 11", "Øl – vand"]

# lines, what is said of them
REFUSED = [
    ([], "has an empty text"),
    (["Mobile", "  "], "has an empty text"),
    (["a", "b", "c", "d"], "takes 4 lines, at most 3"),
    (["Kan ikke undersøges nu"], "has 22 characters, a line takes 21"),
    (["Prix: 5 €"], "the character '€' (U+20AC), which the scanner cannot draw"),
    (["Tab\there"], "U+0009"),
    (["Straße"], "U+00DF"),
    (["\x7f"], "U+007F"),
]


def test_the_characters_are_those_of_the_font() -> None:
    first, box = font6x8.FIRST, font6x8.FIRST + font6x8.BOX_AT // 5
    drawn = set(range(first, box))
    for at in range(font6x8.EXTRA_AT, len(font6x8.GLYPHS), 7):
        drawn.add(font6x8.GLYPHS[at] | font6x8.GLYPHS[at + 1] << 8)
    assert {ord(char) for char in texts.CHARACTERS} == drawn


def test_languages_and_kinds_have_the_numbers_of_the_table() -> None:
    assert (texts.LANGUAGES[LANG_DA], texts.LANGUAGES[LANG_EN]) == ("da", "en")
    for kind, number in (("categories", fmt.X_CATEGORY), ("verdicts", fmt.X_VERDICT),
                         ("obligations", fmt.X_OBLIGATION), ("authorities", fmt.X_AUTHORITY)):
        assert texts.KINDS[number] == kind
    assert len(texts.KINDS) == fmt.X_KINDS


@pytest.mark.parametrize("kind", texts.KINDS)
def test_every_code_has_words_in_both_languages(kind: str) -> None:
    entries = codes.provisions()[kind]
    assert len(texts.of_codes()[texts.KINDS.index(kind)]) == len(entries)
    for entry in entries:
        for language in texts.LANGUAGES:
            assert texts.fault(entry["display"][language]) is None, (entry["code"], language)


@pytest.mark.parametrize("order", SHIPPED)
def test_every_citation_of_an_order_has_words_in_both_languages(order: str) -> None:
    book = rulebook.build(select.shipped(order))
    texts.check(book)
    for rule in book.rules:
        assert texts.fault([citation.format(rule.citation)]) is None
        gloss = book.file.rule(rule.loc).gloss
        for words in (gloss.da, gloss.en):
            assert texts.fault(list(texts.wrapped(words))) is None
            assert " ".join(texts.wrapped(words)) == " ".join(words.split())


def test_what_fits_is_taken() -> None:
    assert texts.fault(GOOD) is None
    assert texts.fault(["x" * 21] * 3) is None


@pytest.mark.parametrize(("lines", "says"), REFUSED)
def test_lines_that_cannot_be_shown(lines: list[str], says: str) -> None:
    wrong = texts.fault(lines)
    assert wrong is not None
    assert says in wrong[0]
    assert wrong[1]


@pytest.mark.parametrize(("lines", "says"), REFUSED)
@pytest.mark.parametrize(("kind", "language"), [("categories", "da"), ("obligations", "en")])
def test_a_table_gets_no_code_without_good_words(
    monkeypatch, kind: str, language: str, lines: list[str], says: str
) -> None:
    lists = copy.deepcopy(codes.provisions())
    lists[kind][3]["display"][language] = lines
    monkeypatch.setattr(codes, "provisions", lambda: lists)
    with pytest.raises(OrderError) as refused:
        texts.of_codes()
    sentence = str(refused.value)
    assert sentence.startswith(f"provisions.json, {kind}, {lists[kind][3]['code']}, {language}: ")
    assert says in sentence
    assert sentence.endswith(".")


def test_a_code_without_a_language_is_refused(monkeypatch) -> None:
    lists = copy.deepcopy(codes.provisions())
    del lists["verdicts"][0]["display"]["en"]
    monkeypatch.setattr(codes, "provisions", lambda: lists)
    with pytest.raises(OrderError, match="verdicts, out_of_scope, en: has an empty text"):
        texts.of_codes()


# old text of the small order, new text, what the compiler says
MISTAKES = [
    ('"§ 11", gloss: {en: "-"', '"§ 11", gloss: {en: "Prix: 5 €"', "the gloss (en)"),
    ('"§ 11", gloss: {en: "-", da: "-"', '"§ 11", gloss: {en: "-", da: " "',
     "the gloss (da) has an empty text"),
    ('"§ 11", gloss: {en: "-"', '"§ 11", gloss: {en: "' + "one more word " * 5 + '"',
     "the gloss (en) takes 4 lines"),
    ('"§ 11", gloss: {en: "-"', '"§ 11", gloss: {en: "an authorisationgivenbyone"',
     "has 23 characters"),
    ('"§ 11", gloss: {en: "-", da: "-"}', '"§ 11", gloss: {en: "-"}', "gloss.da: Field required"),
    ('citation: "§ 11", gloss', 'citation: "§ 12, stk. 1, nr. 3, 1. pkt.", gloss',
     "the citation"),
    ('{verdict: manual_inspection, citation: "§ 30, stk. 1"}', "{verdict: manual_inspection}",
     "the first doubt is that of all other facts"),
]


@pytest.mark.parametrize(("old", "new", "says"), MISTAKES)
def test_an_order_that_cannot_be_shown_is_refused(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    text = TINY.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "order.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(OrderError) as refused:
        compiler.compile_file(path)
    sentence = str(refused.value)
    line = text[:text.index(old)].count("\n") + 1
    assert sentence.startswith(f"order.yaml, line {line}: ")
    assert says in sentence
    assert ";" in sentence
    assert sentence.endswith(".")
