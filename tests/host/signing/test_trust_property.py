"""Random bytes against everything of core/trust that reads bytes, and cbor2 as second opinion."""

import json
from pathlib import Path

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatescan.core.trust import acceptance, lms, manifest

_U32 = st.integers(0, 0xFFFFFFFF)
_SHA = st.binary(min_size=32, max_size=32)
_NO_DELTA = st.just(
    {"delta_bytes": 0, "delta_sha256": b"", "overlay_bytes": 0, "overlay_sha256": b""}
)
_DELTA = st.fixed_dictionaries(
    {
        "parent_sha256": _SHA,
        "delta_bytes": st.integers(1, 0xFFFFFFFF),
        "delta_sha256": _SHA,
        "overlay_bytes": st.integers(1, 0xFFFFFFFF),
        "overlay_sha256": _SHA,
    }
)
_WITHOUT = st.fixed_dictionaries(
    {
        "fmt": st.just(2),
        "site": st.text(min_size=1, max_size=8),
        "key_id": st.binary(min_size=8, max_size=8),
        "seq": st.integers(1, 0xFFFFFFFF),
        "not_before": st.integers(0, 1 << 31),
        "not_after": st.integers((1 << 31) + 1, 0xFFFFFFFF),
        "min_fw": _U32,
        "table_bytes": st.integers(1, 0xFFFFFFFF),
        "table_sha256": _SHA,
        "parent_sha256": st.just(b"") | _SHA,
    }
)
_VALID = st.builds(lambda fields, delta: fields | delta, _WITHOUT, _NO_DELTA | _DELTA).filter(
    lambda fields: fields["delta_bytes"] != fields["table_bytes"]
)


@pytest.fixture(scope="module")
def vectors(root: Path) -> list[tuple[bytes, bytes, bytes]]:
    rows = []
    for name in ("rfc8554.jsonl", "lms_vectors.jsonl"):
        for line in (root / "tests/unit/trust" / name).read_text().splitlines():
            row = json.loads(line)
            rows.append(tuple(bytes.fromhex(row[k]) for k in ("public", "message", "signature")))
    return rows


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_a_changed_signature_is_false_and_never_an_error(vectors, data):
    parts = [bytearray(part) for part in data.draw(st.sampled_from(vectors))]
    which = data.draw(st.integers(0, 2))
    part = parts[which]
    at = data.draw(st.integers(0, min(len(part), 100) - 1) | st.integers(0, len(part) - 1))
    how = data.draw(st.sampled_from(["flip", "cut", "insert"]))
    if how == "flip":
        part[at] ^= data.draw(st.integers(1, 255))
    elif how == "cut":
        del part[at]
    else:
        part.insert(at, data.draw(st.integers(0, 255)))
    assert lms.verify(*parts) is False


@settings(max_examples=300, deadline=None)
@given(public=st.binary(max_size=60), message=st.binary(), signature=st.binary(max_size=80))
def test_noise_is_no_signature(public, message, signature):
    assert lms.verify(public, message, signature) is False
    assert -1 <= lms.signature_index(signature) <= 0xFFFFFFFF


@settings(max_examples=300, deadline=None)
@given(fields=_VALID)
def test_cbor2_writes_and_reads_the_same_manifest(fields):
    raw = manifest.encode(fields)
    assert raw == cbor2.dumps(fields, canonical=True)
    assert cbor2.loads(raw) == fields
    assert dict(zip(manifest.FIELDS, manifest.decode(raw), strict=True)) == fields


@settings(max_examples=500, deadline=None)
@given(data=st.data())
def test_a_changed_manifest_is_another_manifest_or_refused(data):
    raw = bytearray(manifest.encode(data.draw(_VALID)))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(raw) - 1))
        how = data.draw(st.sampled_from(["flip", "cut", "insert"]))
        if how == "flip":
            raw[at] ^= data.draw(st.integers(1, 255))
        elif how == "cut":
            del raw[at]
        else:
            raw.insert(at, data.draw(st.integers(0, 255)))
    try:
        decoded = manifest.decode(raw)
    except manifest.ManifestError as error:
        assert str(error).endswith(".")
        return
    assert manifest.encode(decoded._asdict()) == raw


@settings(max_examples=300, deadline=None)
@given(noise=st.binary(max_size=600))
def test_noise_is_no_manifest(noise):
    with pytest.raises(manifest.ManifestError):
        manifest.decode(noise)


_ANY = st.recursive(
    st.none() | st.booleans() | st.integers(-(1 << 64), (1 << 64) - 1) | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=500, deadline=None)
@given(fields=_VALID, name=st.sampled_from(manifest.FIELDS), value=_ANY)
def test_a_field_of_any_type_is_taken_or_refused(fields, name, value):
    raw = cbor2.dumps({**fields, name: value}, canonical=True)
    try:
        assert manifest.encode(manifest.decode(raw)._asdict()) == raw
    except manifest.ManifestError:
        pass


@settings(max_examples=500, deadline=None)
@given(
    fields=_VALID, seq_floor=_U32, q=_U32, q_floor=st.integers(-1, 0xFFFFFFFF), free_bytes=_U32,
    firmware=_U32, now=st.none() | _U32, site=st.sampled_from(["same", "other"]),
)
def test_nothing_old_expired_or_foreign_is_ever_accepted(
    fields, seq_floor, q, q_floor, free_bytes, firmware, now, site
):
    m = manifest.check(fields)
    refusal = acceptance.judge(
        m, site_id=m.site if site == "same" else m.site + "x", key_id=m.key_id,
        seq_floor=seq_floor, q=q, q_floor=q_floor, free_bytes=free_bytes,
        firmware_version=firmware, now_utc=now,
    )
    good = (
        site == "same" and m.seq > seq_floor and q > q_floor and m.table_bytes <= free_bytes
        and m.min_fw <= firmware and (now is None or m.not_before <= now < m.not_after)
    )
    assert (refusal is None) == good
