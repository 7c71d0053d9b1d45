"""The journal under random power cuts and damage: nothing is lost unseen."""

from hypothesis import given, settings
from hypothesis import strategies as st

from gatescan.core.journal import chain, record, segments
from gatescan.core.journal.verifier import Verifier
from unit.journal.cuts import Survivor
from unit.journal.journals import DEVICE, fill, opened, sentence
from unit.journal.memory_flash import MemoryFlash

_LENGTHS = [0, 1, 4, 5, 84, 85, 504, 505, 1030]  # ends of pages, blocks and segments

_cut = st.one_of(st.just(0), st.integers(1, 60), st.integers(1, 700))
_steps = st.lists(
    st.one_of(
        st.tuples(st.just("append"), st.sampled_from([1, 2, 5, 80, 300]), _cut),
        st.tuples(st.just("prepare"), st.integers(1, 20), _cut),
        st.tuples(st.just("acknowledge"), st.integers(1, 3), _cut),
        st.tuples(st.just("make_room"), st.integers(1, 3), _cut),
        st.tuples(st.just("restart"), st.just(1), st.just(0)),
    ),
    max_size=25,
)


@settings(max_examples=120, deadline=None)
@given(steps=_steps, blocks=st.sampled_from([17, 20, 26, 60]), seed=st.integers(0, 1 << 30))
def test_no_event_that_was_acknowledged_to_the_app_is_lost(steps, blocks, seed):
    life = Survivor(blocks, seed)
    for step in steps:
        life.step(*step)
    life.step("restart", 1, 0)


def _all(journal):
    """Every record that can be read, from the oldest on."""
    buffer = bytearray(record.RECORD_BYTES * (journal.head.seq + 1))
    got = journal.read(journal.first_seq, buffer)
    return bytes(buffer[: got * record.RECORD_BYTES])


@settings(max_examples=150, deadline=None)
@given(data=st.data(), count=st.sampled_from(_LENGTHS))
def test_flash_damaged_anywhere_still_opens_and_the_damage_shows(data, count):
    flash = MemoryFlash(40)
    journal = opened(flash, 6)
    fill(journal, count)
    before, head = _all(journal), journal.head
    for _ in range(data.draw(st.integers(1, 3))):
        names = sorted(name for name in flash.files if name[:1] == "j")
        if not names:
            break
        name = data.draw(st.sampled_from(names))
        what = data.draw(st.sampled_from(["flip", "blank", "erase", "delete", "rename", "copy"]))
        page = 16 * data.draw(st.sampled_from(flash.files[name][1]))
        page += data.draw(st.integers(0, 15))
        if what == "flip" and page in flash.pages:
            flash.pages[page][data.draw(st.integers(0, 255))] ^= data.draw(st.integers(1, 255))
        elif what == "blank":
            flash.pages.pop(page, None)
        elif what == "erase":
            for number in range(page & ~15, page | 16):
                flash.pages.pop(number, None)
        elif what == "delete":
            flash.remove(name)
        elif what == "rename":
            flash.rename(name, data.draw(st.text("0123456789abcdefj", max_size=25)))
        elif what == "copy":  # through the file system: the content moves, the old block is free
            content = flash.content(name)
            flash.remove(name)
            flash.put(name, content)
    journal = opened(flash, 6)
    try:
        for _ in range(3):
            journal.append(record.JK_SCAN)
    except (segments.JournalFull, OSError):
        pass
    journal = opened(flash, 6)
    after = _all(journal)[: len(before)]
    verifier = Verifier(chain.genesis(DEVICE))
    for at in range(0, len(after), record.RECORD_BYTES):
        verifier.feed(after[at : at + record.RECORD_BYTES])
    # Whoever knows the head from before takes only the whole, unchanged journal for good.
    assert (verifier.finish(*head) is None) == (after == before)
    if after == before and journal.head.seq > head.seq:
        assert sentence(journal) is None or journal.first_seq > 1


@settings(max_examples=300, deadline=None)
@given(parts=st.lists(st.binary(max_size=60), max_size=6), link=st.binary(max_size=40))
def test_the_verifier_answers_noise_with_a_sentence(parts, link):
    verifier = Verifier(chain.genesis(DEVICE))
    for part in parts:
        sentence = verifier.feed(part)
        assert sentence is None or sentence.endswith(".")
    assert verifier.finish(len(parts), link) is None or verifier.sentence


@settings(max_examples=300, deadline=None)
@given(body=st.binary(max_size=40), offset=st.integers(-2, 10))
def test_any_record_bytes_decode_or_give_the_declared_error(body, offset):
    try:
        fields = record.unpack(body, offset)._asdict()
    except record.RecordError:
        assert offset < 0 or len(body) - offset < record.BODY_BYTES
        return
    again = record.pack(fields.pop("seq"), fields.pop("kind"), **fields)
    assert again == body[offset : offset + record.BODY_BYTES]
