"""MFRC522 against a simulated chip: UIDs of every length, two tags, damage, resets, NDEF."""

import unittest

from gatescan.core.frames.iso14443a import Cascade, crc_a, crc_ok, identity_of, uid_ok
from gatescan.drivers.rfid import RK_ISO14443A
from gatescan.drivers.rfid.mfrc522 import Mfrc522
from gatescan.drivers.ticks import ticks_add
from unit.drivers.rfid_bench import Bench, ReaderCase, ndef_uri

from sim_mfrc522 import SimMfrc522  # isort: skip - its folder is on the path since the line above
from sim_nfc_tag import NfcTag, Type2Tag, Type4Tag  # isort: skip

UID4 = bytes.fromhex("6E8AE2B0")
UID7 = bytes.fromhex("04F252B1EC0280")  # as on the wire in a published trace, see rfid_traces
UID10 = bytes.fromhex("0411223344556677AA55")
OTHER = bytes.fromhex("04A035B2BC2B80")
LINK = ndef_uri("id.example.org/01/09506000134352")


class TestIso14443a(unittest.TestCase):
    def test_crc_a(self):
        # ISO/IEC 14443-3, annex B: 00 00 -> A0 1E, 12 34 -> 26 CF on the air.
        for data, crc in (("0000", "A01E"), ("1234", "26CF"), ("5000", "57CD"),
                          ("E080", "3173"), ("A400", "3FD6")):  # fmt: skip
            whole = bytes.fromhex(data + crc)
            self.assertEqual(crc_a(whole, 2), whole[2] | whole[3] << 8)
            self.assertTrue(crc_ok(whole, 4))
            for bit in range(32):
                wrong = bytearray(whole)
                wrong[bit >> 3] ^= 1 << (bit & 7)
                self.assertFalse(crc_ok(wrong, 4))
        self.assertFalse(crc_ok(b"\x63\x63", 2))  # nothing at all has a good CRC

    def test_uid_ok(self):
        # ISO/IEC 14443-3, 6.5.4: 88 is no uid0 of a single size UID, no uid3 of a double size one.
        self.assertTrue(all(uid_ok(uid) for uid in (UID4, UID7, UID10)))
        for text in ("8804F252", "04F252", "04F252B1EC", "04F25288EC0280", "0411223344558877AA55",
                     "00000000", ""):  # fmt: skip
            self.assertFalse(uid_ok(bytes.fromhex(text)), text)

    def test_cascade_refuses_what_contradicts_itself(self):
        part = b"\x88\x04\xf2\x52\x2c"
        cascade = Cascade()
        self.assertFalse(cascade.answer(part, 4))
        for bit in range(40):
            wrong = bytearray(part)
            wrong[bit >> 3] ^= 1 << (bit & 7)
            self.assertFalse(cascade.answer(wrong, 5))
        self.assertTrue(cascade.answer(part, 5))
        self.assertIsNone(cascade.selected(0x00))  # cascade tag, yet "complete"
        cascade.restart()
        self.assertTrue(cascade.answer(b"\x6e\x8a\xe2\xb0\xb6", 5))
        self.assertIsNone(cascade.selected(0x04))  # "goes on" without a cascade tag
        cascade.restart()
        for level in range(3):
            self.assertTrue(cascade.answer(part, 5))
            self.assertEqual(cascade.selected(0x04), b"" if level < 2 else None)

    def test_random_ids_are_one(self):
        self.assertEqual(identity_of(b"\x08\x01\x02\x03"), b"\x08")
        self.assertEqual(identity_of(UID4), UID4)
        self.assertEqual(identity_of(b"\x08\x01\x02\x03\x04\x05\x06"), b"\x08\1\2\3\4\5\6")


class TestMfrc522(ReaderCase):
    def setUp(self):
        self.chip = SimMfrc522()
        self.air = self.chip.air
        self.reader = Mfrc522(self.chip, self.chip.cs, self.chip.reset)
        self.bench = Bench(self.reader)

    def lay(self, *tags):
        for tag in tags:
            self.air.lay(tag)

    def test_it_starts_dark_and_says_who_it_is(self):
        self.assertEqual(self.reader.state, "probing")
        self.bench.run(300)
        self.assertEqual((self.reader.state, self.reader.model, self.reader.version),
                         ("ready", "MFRC522", "92"))  # fmt: skip
        self.assertTrue(self.reader.dark)
        self.assertEqual(self.air.switched, 0)

    def test_clones(self):
        for version in (0x12, 0x82, 0x88, 0xB2, 0x91):
            self.chip = SimMfrc522(version=version)
            reader = Mfrc522(self.chip, self.chip.cs)
            Bench(reader).run(300)
            self.assertEqual(reader.state, "ready")
            self.assertEqual(reader.model, "MFRC522" if version == 0x91 else "MFRC522 clone")

    def test_no_chip(self):
        for version in (0x00, 0xFF):
            self.chip = SimMfrc522(version=version)
            reader = Mfrc522(self.chip, self.chip.cs)
            Bench(reader).run(1000)
            self.assertEqual((reader.state, reader.heard), ("silent", 0))

    def test_uids_of_every_length(self):
        for uid in (UID4, UID7, UID10):
            self.setUp()
            self.bench.start()
            self.lay(NfcTag(uid))
            seen = self.bench.run(2000)
            self.assertEqual([(s.kind, s.uid, s.data) for s in seen], [(RK_ISO14443A, uid, None)])

    def test_field_is_off_between_polls(self):
        self.bench.start()
        self.expect_field_rests(self.air, 100)

    def test_field_off_is_obeyed(self):
        self.bench.start()
        self.lay(NfcTag(UID7))
        self.bench.run(500)
        self.reader.field(False, self.bench.t)
        self.bench.run(200)
        self.assertTrue(self.reader.dark and not self.air.on)
        switched = self.air.switched
        self.bench.run(1000)
        self.assertEqual(self.air.switched, switched)

    def test_taken_away_and_laid_on_again(self):
        tag = NfcTag(UID7)
        self.bench.start()
        for _ in range(3):
            self.lay(tag)
            self.assertEqual(len(self.bench.run(1000)), 1)
            self.air.take_away(tag)
            self.assertEqual(self.bench.run(1000), [])
            self.assertEqual(self.reader.presence.removed(), UID7)

    def test_another_tag_at_once(self):
        first, second = NfcTag(UID7), NfcTag(UID4)
        self.bench.start()
        self.lay(first)
        self.bench.run(600)
        self.air.take_away(first)
        self.lay(second)
        self.assertEqual([s.uid for s in self.bench.run(300)], [UID4])

    def test_two_tags_are_told_as_such(self):
        pairs = ((NfcTag(UID7), NfcTag(OTHER)), (NfcTag(UID4), Type2Tag(UID7)),
                 (Type2Tag(UID7), Type4Tag(OTHER)))  # fmt: skip
        for pair in pairs:
            self.setUp()
            self.bench.start()
            self.lay(*pair)
            self.expect_two_then_one(self.air, pair[0], pair[1].uid, 1500)

    def test_a_second_tag_that_shouts_less_is_found_after_halt(self):
        class Weak(NfcTag):
            """Drowned by the other one, until that is halted."""

            def receive(self, frame, bits=0):
                answer = NfcTag.receive(self, frame, bits)
                return answer if strong._state == 4 else None

        strong = NfcTag(UID7)
        self.bench.start()
        self.lay(strong, Weak(OTHER))
        self.assertEqual(self.bench.run(1500), [])
        self.assertTrue(self.reader.several)

    def test_a_uid_that_changes_between_selects_is_refused(self):
        class Shifting(NfcTag):
            """Gives another UID each time, with good check bytes."""

            count = 0

            def receive(self, frame, bits=0):
                if bits == 7 and frame == b"\x52":
                    Shifting.count += 1
                    self.uid = bytes((0x10 + Shifting.count % 100, 2, 3, 4))
                return NfcTag.receive(self, frame, bits)

        self.bench.start()
        self.lay(Shifting(UID4))
        self.assertEqual(self.bench.run(2000), [])
        self.assertGreater(self.reader.bad, 3)

    def test_random_id_is_one_presence(self):
        self.bench.start()
        self.lay(Type4Tag(UID4, random_id=True))
        seen = self.bench.run(2000)
        self.assertEqual(len(seen), 1)
        self.assertEqual((seen[0].uid[0], len(seen[0].uid)), (8, 4))

    def test_ndef_of_type_2_tags(self):
        long = ndef_uri("x" * 200) + b"\xd0\0\0" * 40
        for ndef, pages, before in ((LINK, 45, b""), (b"", 45, b""), (long, 135, b""),
                                    (LINK, 45, b"\x00\x00\x01\x03\xa0\x0c\x34")):  # fmt: skip
            self.setUp()
            tag = Type2Tag(UID7, ndef, pages=pages)
            tag.write(ndef, before)
            self.bench.start()
            self.lay(tag)
            seen = self.bench.run(3000)
            self.assertEqual([(s.uid, s.data, s.tamper) for s in seen], [(UID7, ndef, None)])

    def test_bytes_set_aside_in_the_middle_of_a_message_are_stepped_over(self):
        # Type 2 Tag 2.3.3: a memory control block says that 8 bytes at address 40 are not data.
        tag = Type2Tag(UID7)
        blocks = b"\x02\x03\x28\x08\x04\x03" + bytes((len(LINK),)) + LINK + b"\xfe"
        tag.memory[16 : 16 + len(blocks) + 8] = blocks[:24] + bytes(8) + blocks[24:]
        # address = page 2 * 2**4 + byte 8
        self.assertEqual((tag.memory[18] >> 4) * (1 << tag.memory[20]) + (tag.memory[18] & 15), 40)
        self.bench.start()
        self.lay(tag)
        self.assertEqual([s.data for s in self.bench.run(2500)], [LINK])

    def test_type_2_without_ndef(self):
        tag = Type2Tag(UID7, LINK)
        for change in (12, 0x00), (13, 0x20), (15, 0xF0), (16, 0xFE), (17, 200):
            self.setUp()
            tag.write(LINK)
            tag.memory[12:16] = b"\xe1\x10\x12\x00"
            tag.memory[change[0]] = change[1]
            self.bench.start()
            self.lay(tag)
            self.assertEqual([s.data for s in self.bench.run(3000)], [None], change)

    def test_tamper_state(self):
        for state in (b"\0\0\0\0C", b"1234O", b"\0\0\0\0I"):
            self.setUp()
            self.bench.start()
            self.lay(Type2Tag(UID7, LINK, tamper=state))
            self.assertEqual([(s.data, s.tamper) for s in self.bench.run(2000)], [(LINK, state)])

    def test_tags_without_get_version(self):
        self.bench.start()
        self.lay(Type2Tag(UID7, LINK, version=None))
        self.assertEqual([s.data for s in self.bench.run(2000)], [LINK])

    def test_a_tag_that_cannot_be_read_is_told_as_unread(self):
        tag = Type2Tag(UID7, LINK)
        tag.readable = 8  # password from page 8 on
        self.bench.start()
        self.lay(tag)
        self.assertEqual(self.bench.run(3000), [])
        self.assertTrue(self.reader.unread)
        self.air.take_away(tag)
        self.bench.run(500)
        self.assertFalse(self.reader.unread)

    def test_too_long_a_message_is_unread(self):
        self.bench.start()
        self.lay(Type2Tag(UID7, bytes(600), pages=231))
        self.assertEqual(self.bench.run(3000), [])
        self.assertTrue(self.reader.unread)

    def test_any_lost_answer_only_delays(self):
        for answer in range(30):
            self.setUp()
            self.bench.start()
            self.air.skip, self.air.lose = answer, 1
            self.air.lay(Type2Tag(UID7, LINK, tamper=b"\0\0\0\0C"))
            self.bench.run(2500)
            self.assertEqual(self.air.lose, 0)
            seen = [(s.uid, s.data, s.tamper) for s in self.bench.seen]
            self.assertEqual(seen, [(UID7, LINK, b"\0\0\0\0C")], answer)

    def test_any_flipped_bit_never_gives_another_identity(self):
        for answer in range(20):
            for bit in range(0, 144, 11):
                self.setUp()
                self.bench.start(100)
                self.air.skip, self.air.flip = answer, bit
                self.air.lay(Type2Tag(UID7, LINK, tamper=b"\0\0\0\0C"))
                self.bench.run(1000)
                self.assertIsNone(self.air.flip)
                got = [(s.uid, s.data, s.tamper) for s in self.bench.seen]
                self.assertEqual(got, [(UID7, LINK, b"\0\0\0\0C")], (answer, bit))

    def test_another_tag_in_the_middle_of_a_reading_is_not_mixed_in(self):
        tag = Type2Tag(UID7, LINK)
        tag.memory[0] ^= 1  # its memory says another UID than it was selected by
        self.bench.start()
        self.lay(tag)
        self.assertEqual(self.bench.run(2000), [])
        self.assertTrue(self.reader.unread)

    def test_slow_exchanges(self):
        self.chip.polls_before_end = 3
        self.bench.start()
        self.lay(Type2Tag(UID7, LINK))
        self.assertEqual([s.data for s in self.bench.run(3000)], [LINK])

    def test_a_chip_that_lost_its_settings_is_set_up_again(self):
        self.bench.start()
        self.lay(NfcTag(UID7))
        self.bench.run(600)
        self.chip._power_up()  # a dip of the supply
        self.bench.run(1000)
        self.assertEqual(self.reader.state, "ready")
        tag = NfcTag(UID4)
        self.air.tags = [tag]
        self.assertEqual([s.uid for s in self.bench.run(1000)], [UID4])

    def test_one_lost_setting_is_noticed(self):
        self.bench.start()
        for register in (0x15, 0x11, 0x2A, 0x2B, 0x2C, 0x2D):
            good = self.chip._registers[register]
            self.chip._registers[register] = 0
            self.bench.run(1000)
            self.assertEqual(self.chip._registers[register], good)
            self.assertEqual(self.reader.state, "ready")

    def test_unplugged_and_back(self):
        self.bench.start()
        for plug in ("out", "dead"):
            self.chip.unplug(plug)
            self.bench.run(3000)
            self.assertEqual(self.reader.state, "silent")
            self.assertGreater(self.reader.lost, 0)
            self.chip.unplug("in")
            self.bench.run(9000)
            self.assertEqual(self.reader.state, "ready")
            tag = NfcTag(UID4)
            self.lay(tag)
            self.assertEqual([s.uid for s in self.bench.run(600)], [UID4])
            self.air.take_away(tag)
            self.bench.run(600)
        self.assertGreater(self.chip.resets, 2)

    def test_asking_a_missing_chip_gets_rarer(self):
        self.chip.unplug("out")
        self.bench.run(60000)
        early = self.chip.resets
        self.bench.run(60000)
        self.assertLess(self.chip.resets - early, 9)

    def test_nobody_takes(self):
        self.bench.start()
        for k in range(8):
            tag = NfcTag(bytes((0x20 + k, 1, 2, 3)))
            self.lay(tag)
            for _ in range(120):
                self.reader.tick(self.bench.t)
                self.bench.t = ticks_add(self.bench.t, 5)
            self.air.take_away(tag)
        self.assertEqual(self.reader.dropped, 4)
