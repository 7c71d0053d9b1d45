"""Prints real symbols and reads them back with zxing-cpp, as a reader would send them."""

from typing import NamedTuple

import pytest

zxingcpp = pytest.importorskip("zxingcpp", reason="zxing-cpp is not installed")

VODKA = "5901041003003"
LIGHTER = "070330600171"
RADIO8 = "00089000"


class Symbol(NamedTuple):
    """What is printed: zxing-cpp's format, the content, and whether FNC1 says it is GS1."""

    name: str
    format: str
    content: str
    gs1: bool = False


def with_check(digits: str) -> str:
    """The digits and their GS1 check digit (General Specifications 7.9)."""
    total = sum(int(d) * (3 - 2 * (n & 1)) for n, d in enumerate(reversed(digits)))
    return digits + str(-total % 10)


def scanned(symbol: Symbol) -> bytes:
    """What an engine with AIM identifiers sends for the printed symbol, without the line end."""
    kind = getattr(zxingcpp.BarcodeFormat, symbol.format)
    options = {"gs1": True} if symbol.gs1 else {}
    printed = zxingcpp.create_barcode(symbol.content, kind, **options)
    found = zxingcpp.read_barcodes(printed.to_image(scale=4))
    assert len(found) == 1, f"{symbol.name}: {len(found)} symbols were read"
    return found[0].symbology_identifier.encode() + found[0].bytes
