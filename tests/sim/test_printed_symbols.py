"""Print, scan, verdict: real symbols of one product, whatever carries its number."""

import pytest

from gatescan.core.law import names
from gatescan.core.screens.en import VERDICTS
from host.tags.printed import Symbol, scanned
from sim import rig

_VODKA = "05901041003003"  # in the demonstration's table: refused
_SPREAD = "00009800895250"  # allowed

REFUSED = [
    Symbol("EAN-13", "EAN13", "5901041003003"),
    Symbol("ITF-14", "ITF", _VODKA),
    Symbol("GS1-128", "Code128", f"(01){_VODKA}(17)301231(10)AB-12(21)9", True),
    Symbol("GS1-128, a variable element first", "Code128", f"(10)AB-12(01){_VODKA}", True),
    Symbol("DataBar Omnidirectional", "DataBarOmni", f"(01){_VODKA}"),
    Symbol("DataBar Stacked", "DataBarStk", f"(01){_VODKA}"),
    Symbol("DataBar Limited", "DataBarLtd", f"(01){_VODKA}"),
    Symbol("DataBar Expanded", "DataBarExp", f"(01){_VODKA}(10)7(3103)000700"),
    Symbol("GS1 DataMatrix", "DataMatrix", f"(01){_VODKA}(21)4711(10)L1", True),
    Symbol("GS1 QR", "QRCode", f"(01){_VODKA}(15)301200", True),
    Symbol("Digital Link QR", "QRCode", f"https://id.gs1.org/01/{_VODKA}/10/L1?17=301231"),
    Symbol("Digital Link DataMatrix", "DataMatrix", f"HTTPS://EXAMPLE.COM/A/01/{_VODKA}/21/7"),
]
ALLOWED = [
    Symbol("UPC-A", "UPCA", "009800895250"),
    Symbol("GS1 DataMatrix", "DataMatrix", f"(01){_SPREAD}(21)77", True),
    Symbol("Digital Link of an odd host", "QRCode", f"http://127.0.0.1:8/x/01/{_SPREAD}"),
]
# Well printed, and yet no product: never allowed.
BY_HAND = [
    Symbol("a parcel", "Code128", "(00)395011010013000129", True),
    Symbol("unknown product", "UPCE", "01234565"),
    Symbol("a shop's own number", "EAN13", "2012345678903"),
    Symbol("plain Code 128 of an element string", "Code128", f"01{_SPREAD}"),
    Symbol("a batch alone", "Code128", "(10)AB12", True),
    Symbol("a web address without a key", "QRCode", f"https://example.com/?gtin={_SPREAD}"),
    Symbol("a long text", "QRCode", "x" * 400),
]


@pytest.fixture(scope="module")
def visit(shared_gate):
    """A gate with an open visit: allowed is what may be handed out."""
    assert shared_gate.allows()
    return shared_gate


def _answer(gate: rig.Gate, symbol: Symbol) -> str:
    """The verdict, after a look whether the screen says the same."""
    scanner = gate.scanner
    scanner.press("back")  # a second equal answer would change nothing on the screen
    scanner.wait_for("screen", where=lambda event: event["light"] == "ready")
    scanner.forget_events()
    scanner.barcode(scanned(symbol))
    shown = scanner.wait_for("screen")
    told = scanner.wait_for("verdict")
    assert shown["lines"][0] == VERDICTS[names.VERDICTS.index(told["verdict"])]
    return str(told["verdict"])


@pytest.mark.parametrize("symbol", REFUSED, ids=lambda symbol: symbol.name)
def test_a_refused_product_in_every_symbol(visit, symbol):
    assert _answer(visit, symbol) == "refuse_handout"


@pytest.mark.parametrize("symbol", ALLOWED, ids=lambda symbol: symbol.name)
def test_an_allowed_product(visit, symbol):
    assert _answer(visit, symbol) == "allow"


@pytest.mark.parametrize("symbol", BY_HAND, ids=lambda symbol: symbol.name)
def test_what_names_no_product_is_looked_at(visit, symbol):
    assert _answer(visit, symbol) == "manual_inspection"
