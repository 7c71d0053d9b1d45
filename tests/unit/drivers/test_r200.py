"""R200 and M100: frames in any pieces, and the reader against a simulated one."""

import random

from gatescan.core.frames.finder import Frames
from gatescan.core.frames.r200_frame import MAX_BYTES, build, crc16, inspect, tag_of
from gatescan.drivers.rfid import RK_EPC
from gatescan.drivers.rfid.r200 import R200
from unit.drivers.rfid_bench import Bench, FramesCase, ReaderCase, frames_of

from sim_r200 import SimR200, gen2_crc  # isort: skip - see rfid_bench

EPC = bytes.fromhex("30751FEB705C5904E3D50D70")
OTHER = bytes.fromhex("E28011704000021D35AE4008")
SHORT = bytes.fromhex("03269201")
# Frames that others recorded: see tests/vectors/rfid_traces.jsonl. The last has its end byte 7E
# inside, as length, EPC or sum may.
NOTICES = (
    ("AA02220011C9340030751FEB705C5904E3D50D703A76EFDD", EPC, -55),
    ("BB02220009CF1000032692012A796B7E", SHORT, -49),
    ("BB02220011D63400E28011704000021D35AE4008D444C47E", OTHER, -42),
)
NO_TAG = bytes.fromhex("BB01FF000115167E")


def parsed(stream, cuts=()):
    """The frames that a parser finds in a stream that comes in pieces."""
    frames = Frames(2 * MAX_BYTES, inspect)
    found = [bytes(frame) for frame in frames_of(frames, stream, cuts)]
    while frames.pending:
        frames.skip()
        frame = frames.take()
        if frame is not None:
            found.append(bytes(frame))
    return found


class TestFrames(FramesCase):
    def test_build(self):
        # M100 command manual 2.2.1, 2.3.1, 2.22.1
        self.assertEqual(build(0xBB, 0x22), bytes.fromhex("BB00220000227E"))
        self.assertEqual(build(0xBB, 0x27, b"\x22\x27\x10"), bytes.fromhex("BB00270003222710837E"))
        self.assertEqual(build(0xBB, 0xB6, b"\x07\xd0"), bytes.fromhex("BB00B6000207D08F7E"))
        self.assertEqual(build(0xAA, 0x22), bytes.fromhex("AA0022000022DD"))

    def test_tags(self):
        for text, epc, rssi in NOTICES:
            frame = bytes.fromhex(text)
            self.assertEqual(parsed(frame), [frame])
            self.assertEqual(tag_of(frame), (epc, True, rssi))
        self.assertIsNone(tag_of(NO_TAG))

    def test_crc_is_that_of_the_gen2_standard(self):
        self.assertEqual(crc16(b"123456789"), 0xD64E)  # CRC-16/GENIBUS check value
        random.seed(1)
        for _ in range(50):
            data = bytes(random.randrange(256) for _ in range(random.randrange(40)))
            self.assertEqual(crc16(data), gen2_crc(data))

    def test_iso_numbering_is_no_epc(self):
        frame = SimR200().notice(EPC, is_epc=False)
        self.assertEqual(tag_of(frame), (EPC, False, -55))

    def test_end_byte_inside(self):
        for header, end in ((0xBB, 0x7E), (0xAA, 0xDD)):
            frame = SimR200(header).notice(bytes((end,)) * 12)
            self.assertEqual(parsed(frame * 3, range(1, 3 * len(frame))), [frame] * 3)

    def test_any_pieces_give_the_same(self):
        stream = b"".join([bytes.fromhex(text) + NO_TAG for text, _, _ in NOTICES])
        self.expect_same_in_pieces(parsed, stream, 6)

    def test_noise_between(self):
        # Headers among the noise promise frames that do not come; behind them all is found.
        for seed in range(60):
            random.seed(seed)
            stream = b""
            for text, _, _ in NOTICES:
                noise = bytes(random.randrange(256) for _ in range(random.randrange(20)))
                stream += noise + bytes.fromhex(text)
            found = [f for f in parsed(stream) if tag_of(f)]
            self.assertEqual(found, [bytes.fromhex(text) for text, _, _ in NOTICES], seed)

    def test_every_flipped_bit_is_refused(self):
        for text, _, _ in NOTICES:
            frame = bytes.fromhex(text)
            for bit in range(8 * len(frame)):
                wrong = bytearray(frame)
                wrong[bit >> 3] ^= 1 << (bit & 7)
                self.assertEqual([f for f in parsed(bytes(wrong)) if tag_of(f)], [], bit)

    def test_what_the_sum_passes_the_crc_of_the_tag_does_not(self):
        frame = bytearray(bytes.fromhex(NOTICES[0][0]))
        for i in range(8, 19):
            for j in range(i + 1, 20):
                wrong = bytearray(frame)
                wrong[i], wrong[j] = wrong[j], wrong[i]  # the sum stays
                if wrong != frame:
                    self.assertEqual(parsed(bytes(wrong)), [bytes(wrong)])
                    self.assertIsNone(tag_of(wrong))

    def test_length_and_pc_must_agree(self):
        tag = b"\x34\x00" + EPC[:10]  # "six words", and five are there, under a good CRC
        crc = gen2_crc(tag)
        frame = SimR200().frame(2, 0x22, b"\xc9" + tag + bytes((crc >> 8, crc & 0xFF)))
        self.assertEqual(parsed(frame), [frame])
        self.assertIsNone(tag_of(frame))


class TestR200(ReaderCase):
    def setUp(self, **settings):
        self.sim = SimR200(**settings)
        self.reader = R200(self.sim, reset=self.sim.reset)
        self.bench = Bench(self.reader)

    def test_both_framings(self):
        for header in (0xAA, 0xBB):
            self.setUp(header=header)
            self.bench.start(1500)
            self.assertEqual((self.reader.state, self.reader.model, self.reader.version),
                             ("ready", "M100 26dBm V1.0", "V2.3.5"))  # fmt: skip
            self.sim.lay(EPC)
            seen = self.bench.run(1000)
            self.assertEqual([(s.kind, s.uid, s.data) for s in seen], [(RK_EPC, EPC, EPC)])
            self.assertEqual(self.reader.rssi_dbm, -55)

    def _written(self, command):
        return self.sim.commands.get(command, 0)

    def test_settings_are_written_only_when_they_differ(self):
        self.bench.run(1500)
        self.assertEqual((self.sim.region, self.sim.power_cdbm), (3, 2000))
        self.assertEqual((self._written(0x07), self._written(0xB6)), (1, 1))
        self.setUp(region=3, power_cdbm=2000)
        self.bench.run(1500)
        self.assertEqual(self.reader.state, "ready")
        self.assertEqual((self._written(0x07), self._written(0xB6)), (0, 0))

    def test_on_the_wrong_band_it_does_not_radiate(self):
        self.sim.stubborn = True
        self.bench.start(2000)
        self.bench.run(5000)
        self.assertEqual(self.reader.state, "silent")
        self.assertEqual(self._written(0x22) + self._written(0x27), 0)

    def test_no_poll_while_the_field_is_off(self):
        self.bench.run(3000)
        self.assertEqual(self._written(0x22), 0)
        self.reader.field(True, self.bench.t)
        self.bench.run(1000)
        polls = self._written(0x22)
        self.assertGreater(polls, 10)
        self.reader.field(False, self.bench.t)
        self.bench.run(1000)
        self.assertLessEqual(self._written(0x22), polls + 1)
        self.assertTrue(self.reader.dark)

    def test_present_once_and_gone(self):
        self.bench.start(1500)
        for _ in range(3):
            self.sim.lay(EPC)
            self.assertEqual(len(self.bench.run(2000)), 1)
            self.sim.miss(4)
            self.assertEqual(self.bench.run(2000), [])
            self.sim.take_away(EPC)
            self.bench.run(1000)
            self.assertEqual(self.reader.presence.removed(), EPC)

    def test_two_tags_are_told_as_such(self):
        self.bench.start(1500)
        self.sim.lay(EPC)
        self.sim.lay(OTHER)
        self.expect_two_then_one(self.sim, EPC, OTHER, 2000)

    def test_two_tags_that_take_turns_are_two(self):
        self.bench.start(1500)
        for k in range(60):
            self.sim.lay((EPC, OTHER)[k & 1])
            self.bench.run(45)
            self.sim.take_away((EPC, OTHER)[k & 1])
        self.assertEqual(self.bench.seen, [])
        self.assertTrue(self.reader.several)

    def test_iso_numbering_is_told_without_an_epc(self):
        self.bench.start(1500)
        self.sim.lay(EPC, is_epc=False)
        self.assertEqual([(s.uid, s.data) for s in self.bench.run(1000)], [(EPC, None)])
        self.sim.lay(EPC)
        self.bench.run(1000)
        self.assertTrue(self.reader.several)

    def test_multiple_polls(self):
        for header in (0xAA, 0xBB):
            sim = SimR200(header)
            reader = R200(sim, rounds=20)
            bench = Bench(reader)
            bench.start(1500)
            self.assertEqual(bench.run(600), [])
            self.assertEqual(reader.lost, 0)
            sim.lay(EPC)
            self.assertEqual([s.uid for s in bench.run(3000)], [EPC])
            reader.field(False, bench.t)
            bench.run(300)
            self.assertTrue(reader.dark)
            self.assertEqual(sim._rounds, 0)

    def test_any_lost_or_damaged_answer_only_delays(self):
        for at in range(0, 192, 5):
            for flip in (False, True):
                self.setUp()
                self.bench.start(1500)
                self.sim.lay(EPC)
                for k in range(10):
                    if flip:
                        self.sim.flip = at + k
                    else:
                        self.sim.lose = k & 1
                    self.bench.run(30)
                self.sim.flip = None
                self.sim.lose = 0
                self.bench.run(2000)
                self.assertEqual([s.uid for s in self.bench.seen], [EPC])

    def test_restart_in_the_middle_of_a_multiple_poll(self):
        self.sim.lay(EPC)
        self.sim._rounds = 10000
        self.bench.start(2000)
        self.assertEqual(self.reader.state, "ready")
        self.assertEqual([s.uid for s in self.bench.run(1000)], [EPC])

    def test_unplugged_and_back(self):
        self.bench.start(1500)
        self.expect_return(self.sim, 5000, 12000)
        self.sim.lay(EPC)
        self.assertEqual([s.uid for s in self.bench.run(1000)], [EPC])

    def test_another_reader_in_its_place(self):
        self.bench.start(1500)
        self.sim.header = 0xAA
        self.sim.region = 1
        self.bench.run(6000)
        self.assertEqual((self.reader.state, self.sim.region), ("ready", 3))

    def test_hostile_text_of_a_reader(self):
        class Odd(SimR200):
            """Says who it is with 80 bytes of everything."""

            def _command(self, command, parameters):
                if command == 0x03:
                    self._say(self.frame(1, 3, b"\0" + bytes(range(20, 96)) + b"\x7e\xff"))
                else:
                    SimR200._command(self, command, parameters)

        reader = R200(Odd())
        Bench(reader).run(2000)
        self.assertEqual(reader.state, "ready")
        self.assertEqual(reader.model, "!\"#$%&'()*+,-./0123")

    def test_random_bytes_never_raise_nor_invent(self):
        for seed in range(10):
            random.seed(seed)
            self.setUp()
            self.bench.start(1500)
            for _ in range(60):
                self.sim._out += bytes(random.randrange(256) for _ in range(40))
                self.bench.run(20)
            self.assertEqual(self.bench.seen, [], seed)
            self.bench.run(5000)
            self.sim.lay(EPC)
            self.assertEqual([s.uid for s in self.bench.run(10000)], [EPC], seed)
