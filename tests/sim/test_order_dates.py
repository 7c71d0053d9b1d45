"""An order holds from its first day to its last, however long the table around it is valid."""

import pytest

import demo_site
from gatescan_host.signing import bundle
from gatescan_host.site.load import load_site
from gatescan_host.table.build import build_table
from order_site import utc, write_site
from sim import rig

_KEY = "orders"
_PHONE = "885909727827"
_YEAR_S = 366 * 86400


@pytest.fixture(scope="module")
def gate(tmp_path_factory):
    """A gate under test-2027, whose table is valid for a year more on either side."""
    folder = tmp_path_factory.mktemp("orders")
    summer = utc("2027-06-15T12:00:00")
    site = load_site(write_site(folder, "test-2027"))
    built = build_table(site, seq=1, created_utc=summer, salt=bytes(16))
    # `table build` signs no table that outlives its order: this one is signed past it
    data = bundle.sign_table(
        built.data, demo_site.key_folder(_KEY), site_id="vestre", seq=1,
        not_before=summer - _YEAR_S, not_after=summer + _YEAR_S,
    )  # fmt: skip
    gate = rig.Gate(folder, rig.simulator(folder))
    gate.scanner.power_on()
    gate.equip(data, key=_KEY, utc=summer)
    yield gate
    gate.close()


@pytest.mark.parametrize(
    ("now", "holds"),
    [
        ("2026-07-01T12:00:00", False),
        ("2026-12-31T23:59:30", False),
        ("2027-01-01T00:00:00", True),
        ("2027-12-31T23:59:00", True),
        ("2028-01-01T00:00:00", False),
        ("2028-05-01T12:00:00", False),
    ],
)
def test_before_its_first_and_after_its_last_day_a_person_looks(gate, now, holds):
    gate.set_time(utc(now))
    assert gate.status()["condition"] == ("ok" if holds else "expired")
    gate.open_visit()
    allowed = gate.scan(rig.SPREAD)
    after = gate.scan(_PHONE)
    refused = gate.scan(rig.VODKA)
    if holds:
        assert (allowed["verdict"], allowed["cit"]) == ("allow", ["§ 1"])
        assert (after["verdict"], after["cit"]) == ("allow_after", ["§ 11, stk. 1"])
    else:
        for answer in (allowed, after):
            assert (answer["verdict"], answer["cit"]) == ("manual_inspection", ["§ 40"])
            assert answer["light"] == answer["tone"] == "inspect"
    assert (refused["verdict"], refused["cit"]) == ("refuse_handout", ["§ 12"])


def test_the_screen_says_why(gate):
    gate.set_time(utc("2028-01-01T00:00:00"))
    gate.scanner.forget_events()
    gate.scanner.barcode(rig.SPREAD)
    shown = gate.scanner.wait_for("screen")
    assert shown["lines"][:2] == ["INSPECT", "Rules have expired:"]


def test_it_ends_while_the_scanner_stands_there(gate):
    gate.set_time(utc("2027-12-31T23:59:58"))
    gate.open_visit()
    assert gate.scan(rig.SPREAD)["verdict"] == "allow"
    rig.until(lambda: gate.status()["condition"] == "expired")
    assert gate.scan(rig.SPREAD)["verdict"] == "manual_inspection"
