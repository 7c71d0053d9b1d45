"""The journal under random power cuts and damage: nothing is lost unseen."""

from hypothesis import given, settings
from hypothesis import strategies as st

from gatescan.core.journal import chain, record, segments
from host.store.scanner_journal import DEVICE
from unit.journal.memory_files import MemoryFiles, PowerCut

_ID = DEVICE.encode()
_MOST = 6  # segments


def _opened(files):
    return segments.Journal(files, _ID, _MOST)


def _all(journal):
    """Every record that can be read, from the oldest on."""
    out = []
    buffer = bytearray(record.RECORD_BYTES * 100)
    while True:
        got = journal.read(journal.first_seq + len(out), buffer)
        if not got:
            return out
        for at in range(0, got * record.RECORD_BYTES, record.RECORD_BYTES):
            out.append(bytes(buffer[at : at + record.RECORD_BYTES]))


_steps = st.lists(
    st.one_of(
        st.tuples(st.just("append"), st.integers(1, 300)),
        st.tuples(st.just("cut"), st.integers(0, 64), st.binary(max_size=60), st.booleans()),
        st.tuples(st.just("reopen")),
        st.tuples(st.just("acknowledge"), st.integers(0, 100)),
    ),
    max_size=25,
)


@settings(max_examples=150, deadline=None)
@given(steps=_steps)
def test_no_event_that_was_acknowledged_to_the_app_is_lost(steps):
    files = MemoryFiles()
    journal = _opened(files)
    links = {0: chain.genesis(_ID)}  # of every event whose append returned
    for step in steps:
        try:
            if step[0] == "append":
                for _ in range(step[1]):
                    seq = journal.append(record.JK_SCAN, tick_ms=len(links))
                    links[seq] = journal.head.link
            elif step[0] == "cut":
                _, files.cut_after, files.noise, restart = step
                try:
                    journal.append(record.JK_SCAN)
                except PowerCut:
                    pass
                if restart:
                    journal = _opened(files)
            elif step[0] == "reopen":
                journal = _opened(files)
            else:
                seq = journal.head.seq * step[1] // 100
                assert journal.acknowledge(seq)
        except segments.JournalFull:
            assert len(files.files) >= _MOST
        files.cut_after = None
        journal_now = _opened(files)
        kept = _all(journal_now)
        # one event more than promised may be there: the cut came after its last byte
        assert journal_now.head.seq - max(links) in (0, 1)
        links[journal_now.head.seq] = journal_now.head.link
        first = journal_now.first_seq
        assert first - 1 <= journal_now.acked_seq
        assert len(kept) == journal_now.head.seq + 1 - first
        verifier = chain.Verifier(links[first - 1] if kept else journal_now.head.link, first)
        for one in kept:
            assert verifier.feed(one) is None
            seq = verifier.next_seq - 1
            assert links[seq] == verifier.link
        assert verifier.finish(*journal_now.head) is None
        journal = journal_now if step[0] == "reopen" else journal


@settings(max_examples=200, deadline=None)
@given(data=st.data(), count=st.sampled_from([0, 1, 7, 511, 512, 513, 1030]))
def test_files_damaged_anywhere_still_open_and_the_damage_shows(data, count):
    files = MemoryFiles()
    journal = _opened(files)
    for _ in range(count):
        journal.append(record.JK_SCAN, tick_ms=journal.head.seq)
    before = _all(journal)
    head = journal.head
    for _ in range(data.draw(st.integers(1, 3))):
        if not files.files:
            break
        name = data.draw(st.sampled_from(sorted(files.files)))
        content = files.files[name]
        what = data.draw(st.sampled_from(["truncate", "flip", "extend", "delete", "rename"]))
        if what == "truncate":
            del content[data.draw(st.integers(0, len(content))) :]
        elif what == "flip" and content:
            content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
        elif what == "extend":
            content.extend(data.draw(st.binary(max_size=200)))
        elif what == "delete":
            del files.files[name]
        elif what == "rename":
            files.files[data.draw(st.text("0123456789abcdef-", max_size=17))] = content
    journal = _opened(files)
    try:
        for _ in range(3):
            journal.append(record.JK_SCAN)
    except segments.JournalFull:
        pass
    journal = _opened(files)
    after = _all(journal)
    verifier = chain.Verifier(chain.genesis(_ID))
    for one in after[: head.seq]:
        verifier.feed(one)
    # whoever knows the head from before takes only the whole, unchanged journal for good
    assert (verifier.finish(*head) is None) == (after[: head.seq] == before)


@settings(max_examples=300, deadline=None)
@given(parts=st.lists(st.binary(max_size=60), max_size=6), link=st.binary(max_size=40))
def test_the_verifier_answers_noise_with_a_sentence(parts, link):
    verifier = chain.Verifier(chain.genesis(_ID))
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
