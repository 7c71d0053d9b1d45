"""The texts of command barcodes: whose they are, and what hostile ones come to."""

import hashlib
import hmac
import random

import pytest

import demo_site
from gatescan.core import codes
from gatescan.core.judgement import COND_OK
from gatescan.core.law import names
from gatescan.core.law.policy import Policy
from gatescan.core.tags import barcode
from gatescan.core.tags.scheme import S_TEXT
from gatescan.core.visit import Checkpoint
from gatescan_host.site.load import load_site
from gatescan_host.table import commands
from gatescan_host.table.build import build_table
from gatescan_host.table.read import open_bytes

SALT = bytes(range(16))
CASH = (1, 500, 100_000)
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U


@pytest.fixture(scope="module")
def table():
    source = load_site(demo_site.site_file())
    return open_bytes(build_table(source, seq=1, created_utc=1_700_000_000, salt=SALT).data)


@pytest.fixture
def gate(table):
    gate = Checkpoint(0, 5)
    gate.use(table, Policy(bytes(table.policy())))
    gate.condition = COND_OK
    return gate


def found(table, text: str):
    tag = barcode.parse(text.encode())
    return table.lookup_tag(tag.key) if tag.key is not None else None


def end(salt: bytes = SALT) -> str:
    return commands.text_of(salt, "END")


def test_the_check_is_the_first_30_bits_of_the_hmac():
    """Worked out a second way: RFC 2104 by its definition, base 32 digit by digit."""
    for one in commands.of_site(CASH):
        message = b"command barcode:" + one.name.encode()
        inner = bytes(byte ^ 0x36 for byte in SALT.ljust(64, b"\0"))
        outer = bytes(byte ^ 0x5C for byte in SALT.ljust(64, b"\0"))
        digest = hashlib.sha256(outer + hashlib.sha256(inner + message).digest()).digest()
        assert digest == hmac.new(SALT, message, "sha256").digest()
        bits = "".join(f"{byte:08b}" for byte in digest)
        check = "".join(ALPHABET[int(bits[at : at + 5], 2)] for at in range(0, 30, 5))
        assert commands.text_of(SALT, one.name) == f"GSC-{one.name}-{check}"


def test_short_and_in_the_alphabets_of_both_symbols():
    """ISO/IEC 18004, table 5 (alphanumeric mode); its letters are in Code 128's set B too."""
    texts = [commands.text_of(SALT, one.name) for one in commands.of_site(CASH)]
    assert len(set(texts)) == len(texts) == 4 + 33 + len(CASH)
    for text in texts:
        assert len(text) <= 20
        assert set(text) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-")
        assert set(text[-commands.CHECK_CHARS :]) <= set(ALPHABET)


def test_a_printed_sheet_stays_good(table):
    """The texts depend on the salt and the name alone: on no number, day or other entry."""
    again = build_table(
        load_site(demo_site.site_file()), seq=99, created_utc=1_710_000_000, salt=SALT
    )
    assert found(open_bytes(again.data), end()) == found(table, end()) != None  # noqa: E711


def test_every_command_is_found(table):
    for one in commands.of_site(load_site(demo_site.site_file()).site.cash):
        record = found(table, commands.text_of(SALT, one.name))
        assert (record.kind, record.command, record.arg) == (
            codes.TK_COMMAND, one.command, one.dkk)
        if one.category:
            assert table.class_of(record.class_id) == (one.category, 0)


@pytest.mark.parametrize("mark", ["", "]C0", "]Q1"])
def test_read_as_code_128_or_qr_it_is_obeyed(gate, mark):
    gate.scan(barcode.parse(b"VF-CARD-09BE"))
    assert gate.visit_open
    assert barcode.parse((mark + end()).encode()).scheme == S_TEXT
    gate.scan(barcode.parse((mark + end()).encode()))
    assert not gate.visit_open


HOSTILE = [
    "]E0" + end(),  # letters are in no EAN
    "]C1" + end(),  # no application identifier begins with a letter
    "]Q3" + end(),
    "]d2" + end(),
    "]e0" + end(),
    end().lower(),
    end().title(),
    end(bytes(16)),  # of another site
    end()[:-1] + ("0" if end()[-1] != "0" else "1"),
    end()[:-7] + end()[-6:],
    end()[:-7],  # what worked without a check
    end() + "0",
    end()[:-1],
    " " + end(),
    end() + " ",
    end() + "\x1d",
    end().replace("-", "_"),
    "GSC--" + end()[-6:],
    "GSC-END-000000",
    "GSC-",
    "GSC-STAFF-" + end()[-6:],  # the check of another name
    "GSC-CAT33-" + commands.text_of(SALT, "CAT01")[-6:],
    "GSC-DKK1-" + commands.text_of(SALT, "DKK1")[-6:],  # an amount that the site does not list
    commands.text_of(SALT, "CAT00"),  # unknown is what a scanner says, not a command
    commands.text_of(SALT, "CAT34"),
]


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_a_hostile_barcode_is_no_command_no_item_and_is_inspected_by_hand(table, gate, text):
    gate.scan(barcode.parse(b"VF-CARD-09BE"))
    tag = barcode.parse(text.encode())
    assert tag.key is None or tag.scheme == S_TEXT
    assert found(table, text) is None
    if tag.key is not None:
        assert table.lookup_key(tag.key) < 0, "it is a product"
    step = gate.scan(tag)[-1]
    assert step.judged.verdict == codes.V_MANUAL_INSPECTION
    assert gate.visit_open
    assert gate._for_whom == 0, "the next item would be taken for the visitor's"


def test_guesses_find_nothing(table, rng: random.Random):
    """Random checks for every name, and texts that only begin like one."""
    every = commands.of_site(CASH)
    right = {commands.text_of(SALT, one.name) for one in every}
    for _ in range(20_000):
        check = "".join(rng.choice(ALPHABET) for _ in range(6))
        text = f"GSC-{rng.choice(every).name}-{check}"
        assert text in right or found(table, text) is None
        noise = "GSC-" + "".join(chr(rng.randrange(32, 127)) for _ in range(rng.randrange(20)))
        assert found(table, noise) is None


def test_each_key_folder_has_texts_of_its_own():
    mine, theirs = demo_site.command("END"), demo_site.command("END", "other")
    assert mine != theirs
    assert mine == demo_site.command("END")
    table = open_bytes(demo_site.table_path().read_bytes())
    assert found(table, mine).command == codes.CMD_END_VISIT
    assert found(table, theirs) is None


def test_every_category_has_a_command():
    listed = {one.category for one in commands.of_site(()) if one.command == codes.CMD_CATEGORY}
    assert listed == set(range(1, len(names.CATEGORIES)))
