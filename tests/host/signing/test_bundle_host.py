"""Signed table files: what was signed comes back, and nothing else passes."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatescan.core.trust import bundle, lms
from gatescan_host.errors import Exit
from gatescan_host.signing import keys
from gatescan_host.signing.bundle import (
    DeltaFiles,
    delta_file,
    parse,
    sign_table,
    verify_bundle,
)
from gatescan_host.signing.errors import SigningError

TABLE = bytes(range(256)) * 8


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("signing") / "key"
    keys.new_key(folder, 10)
    return folder


@pytest.fixture(scope="module")
def signed(key: Path) -> bytes:
    return sign_table(TABLE, key, site_id="north", seq=3, not_before=10, not_after=20, min_fw=5)


def test_it_comes_back_as_it_was(key, signed):
    m = verify_bundle(signed, keys.public(key))
    assert (m.site, m.seq, m.not_before, m.not_after, m.min_fw) == ("north", 3, 10, 20, 5)
    assert m.table_sha256 == hashlib.sha256(TABLE).digest()
    assert m.parent_sha256 == b""
    assert signed.endswith(TABLE)
    assert m.key_id == lms.key_id(keys.public(key))


def test_a_parent_and_a_floor(key):
    parent = hashlib.sha256(b"before").digest()
    data = sign_table(
        TABLE, key, site_id="north", seq=4, not_before=10, not_after=20, parent_sha256=parent
    )
    assert verify_bundle(data, keys.public(key)).parent_sha256 == parent
    with pytest.raises(SigningError, match="restored"):
        sign_table(
            TABLE, key, site_id="north", seq=5, not_before=1, not_after=2, published_q=1000
        )


def test_a_delta_is_signed_with_its_table_and_no_other_goes_with_it(key):
    def made(delta: bytes, parent: bytes) -> bytes:
        return sign_table(
            TABLE, key, site_id="north", seq=4, not_before=10, not_after=20, parent_sha256=parent,
            delta=DeltaFiles(delta, b"overlay"),
        )

    data = made(b"delta", bytes(32))
    m = verify_bundle(data, keys.public(key))
    assert (m.delta_bytes, m.delta_sha256) == (5, hashlib.sha256(b"delta").digest())
    assert (m.overlay_bytes, m.overlay_sha256) == (7, hashlib.sha256(b"overlay").digest())
    beside = delta_file(data, b"delta")
    assert bundle.parse_head(beside) == parse(data)
    assert beside == data[: -len(TABLE)] + b"delta"
    with pytest.raises(SigningError, match=r"use the \.gst file"):
        parse(beside)
    with pytest.raises(SigningError, match="not the one that was signed"):
        delta_file(data, b"other")
    for delta, parent in ((TABLE, bytes(32)), (b"delta", b"")):
        with pytest.raises(SigningError, match="delta"):
            made(delta, parent)


@pytest.mark.parametrize(
    "wrong",
    [{"site_id": ""}, {"seq": 0}, {"seq": 1 << 32}, {"not_after": 10}, {"parent_sha256": b"x"}],
)
def test_an_impossible_manifest_costs_no_signature(key, wrong):
    before = keys.status(key).used
    given_fields = {"site_id": "north", "seq": 9, "not_before": 10, "not_after": 20} | wrong
    with pytest.raises(SigningError):
        sign_table(TABLE, key, **given_fields)
    assert keys.status(key).used == before


def test_another_key_is_named(key, signed, tmp_path):
    other = keys.new_key(tmp_path / "other", 5)
    with pytest.raises(SigningError, match=lms.key_id(other).hex()) as caught:
        verify_bundle(signed, other)
    assert caught.value.exit_code == Exit.TABLE_REJECTED


def test_parts_of_two_releases_do_not_mix(key, signed):
    other_table = bytes(reversed(TABLE))
    later = sign_table(other_table, key, site_id="north", seq=9, not_before=10, not_after=20)
    head, later_head = parse(signed), parse(later)
    for data in (
        signed[: head.head_bytes] + other_table,
        bundle.pack_head(later_head.manifest_raw, head.signature) + other_table,
        bundle.pack_head(head.manifest_raw, later_head.signature) + TABLE,
    ):
        with pytest.raises(SigningError):
            verify_bundle(data, keys.public(key))


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_any_change_of_any_byte_is_refused(key, signed, data):
    changed = bytearray(signed)
    head_bytes = parse(signed).head_bytes
    limit = data.draw(st.sampled_from([16, head_bytes, len(signed)]))
    for _ in range(data.draw(st.integers(1, 3))):
        changed[data.draw(st.integers(0, limit - 1))] ^= data.draw(st.integers(1, 255))
    if bytes(changed) == signed:
        return
    with pytest.raises(SigningError):
        verify_bundle(bytes(changed), keys.public(key))


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_any_cut_or_addition_is_refused(key, signed, data):
    cut = data.draw(st.integers(0, len(signed) - 1))
    with pytest.raises(SigningError):
        verify_bundle(signed[:cut], keys.public(key))
    with pytest.raises(SigningError):
        verify_bundle(signed + data.draw(st.binary(min_size=1, max_size=40)), keys.public(key))


@settings(max_examples=300, deadline=None)
@given(noise=st.binary(max_size=600), magic=st.booleans())
def test_noise_gives_the_declared_error_only(key, noise, magic):
    data = (b"GSTS" if magic else b"") + noise
    with pytest.raises(SigningError):
        verify_bundle(data, keys.public(key))
    try:
        bundle.parse_head(data)
    except bundle.BundleError:
        pass
