"""PN532: frames in any pieces, and the reader against a simulated chip on HSU and I2C."""

import random

from gatescan.core.frames.finder import Frames
from gatescan.core.frames.pn532_frame import (
    A_DATA,
    A_NACK,
    ACK,
    AN_ACK,
    AN_ERROR,
    MAX_BYTES,
    NACK,
    build,
    data_of,
    inspect,
    kind_of,
    targets_of,
)
from gatescan.drivers.rfid import RK_DOCUMENT, RK_ISO14443A
from gatescan.drivers.rfid.pn532 import Pn532
from gatescan.drivers.rfid.pn532_bus import HsuBus, I2cBus
from unit.drivers.rfid_bench import Bench, FramesCase, ReaderCase, frames_of, ndef_uri

from sim_nfc_tag import NfcTag, Type2Tag, Type4Tag  # isort: skip - see rfid_bench
from sim_pn532 import SimPn532Hsu, SimPn532I2c  # isort: skip

UID4 = bytes.fromhex("6E8AE2B0")
UID7 = bytes.fromhex("04A035B2BC2B80")
UID10 = bytes.fromhex("0411223344556677AA55")
LINK = ndef_uri("id.example.org/01/09506000134352")
# Frames that others recorded: see tests/vectors/rfid_traces.jsonl.
LISTED = bytes.fromhex("0000FF0FF1D54B01010044000704A035B2BC2B80A100")
COALESCED = bytes.fromhex("0000FF00FF000000FF02FED5151600")
ERROR = bytes.fromhex("0000FF01FF7F8100")


def extended(data):
    count = len(data)
    head = bytes((count >> 8, count & 0xFF))
    check = -sum(data) & 0xFF
    return b"\0\0\xff\xff\xff" + head + bytes((-sum(head) & 0xFF,)) + data + bytes((check, 0))


def parsed(stream, cuts=()):
    """What a parser makes of a stream that comes in pieces: (kind, data)."""
    found = []
    for frame in frames_of(Frames(2 * MAX_BYTES, inspect), stream, cuts):
        kind = kind_of(frame)
        found.append((kind, bytes(data_of(frame)) if kind == A_DATA else b""))
    return found


class TestFrames(FramesCase):
    def test_build(self):
        # UM0701-02: GetFirmwareVersion and SAMConfiguration as in every public trace
        self.assertEqual(build(b"\x02"), bytes.fromhex("0000FF02FED4022A00"))
        self.assertEqual(build(b"\x14\x01\x00\x01"), bytes.fromhex("0000FF05FBD4140100011600"))

    def test_kinds(self):
        self.assertEqual(parsed(ACK), [(AN_ACK, b"")])
        self.assertEqual(parsed(NACK), [(A_NACK, b"")])
        self.assertEqual(parsed(ERROR), [(AN_ERROR, b"")])
        self.assertEqual(parsed(COALESCED), [(AN_ACK, b""), (A_DATA, b"\xd5\x15")])
        big = b"\xd5\x41\x00" + bytes(range(256))
        self.assertEqual(parsed(extended(big)), [(A_DATA, big)])
        self.assertEqual(parsed(extended(b"\xd5" + bytes(264))), [])  # more than there is

    def test_targets(self):
        data = parsed(LISTED)[0][1]
        self.assertEqual(targets_of(data), [(1, UID7, 0)])
        self.assertEqual(targets_of(b"\xd5\x4b\x00"), [])
        for cut in range(3, len(data)):
            self.assertIsNone(targets_of(data[:cut]))
        self.assertIsNone(targets_of(data + b"\0"))
        self.assertIsNone(targets_of(b"\xd5\x4b\x03" + data[3:]))
        iso_dep = b"\xd5\x4b\x01\x01\x03\x44\x20\x07" + UID7 + b"\x06\x77\x77\x71\x02\x80"
        self.assertEqual(targets_of(iso_dep), [(1, UID7, 0x20)])
        self.assertIsNone(targets_of(iso_dep[:-1]))

    def test_any_pieces_give_the_same(self):
        stream = ACK + LISTED + COALESCED + ERROR + extended(b"\xd5\x41" + bytes(range(200)))
        self.expect_same_in_pieces(parsed, stream, 6)

    def test_noise_between(self):
        for seed in range(60):
            random.seed(seed)
            stream = b""
            for _ in range(4):
                # No "00 FF" in it, which would be the beginning of a frame.
                stream += bytes(random.randrange(1, 256) for _ in range(random.randrange(30)))
                stream += LISTED
            self.assertEqual(parsed(stream), [(A_DATA, data_of(memoryview(LISTED[1:-1])))] * 4)

    def test_a_false_beginning_does_not_swallow_the_frame_behind(self):
        false = b"\x00\x00\xff\x20\xe0"  # promises 32 bytes
        found = parsed(false + LISTED + LISTED)
        self.assertEqual(
            [d for k, d in found if k == A_DATA], [data_of(memoryview(LISTED[1:-1]))] * 2
        )

    def test_every_flipped_bit_is_refused_or_harmless(self):
        good = parsed(LISTED)
        for bit in range(8 * len(LISTED)):
            wrong = bytearray(LISTED)
            wrong[bit >> 3] ^= 1 << (bit & 7)
            found = [f for f in parsed(bytes(wrong)) if f[0] == A_DATA]
            self.assertIn(found, ([], good), bit)


class _Chip:
    """The tests of the reader; a subclass says which bus."""

    def setUp(self):
        self.chip, bus = self.make()
        self.air = self.chip.air
        self.reader = Pn532(bus, self.chip.reset)
        self.bench = Bench(self.reader)

    def test_it_comes_up_dark(self):
        self.assertEqual(self.bench.run(500), [])
        self.assertEqual((self.reader.state, self.reader.model, self.reader.version),
                         ("ready", "PN532", "1.6"))  # fmt: skip
        self.assertTrue(self.reader.dark)
        self.assertEqual(self.air.switched, 0)

    def test_uids_of_every_length(self):
        for uid in (UID4, UID7, UID10):
            self.setUp()
            self.bench.start()
            self.air.lay(NfcTag(uid))
            seen = self.bench.run(2000)
            self.assertEqual([(s.kind, s.uid, s.data) for s in seen], [(RK_ISO14443A, uid, None)])

    def test_ntag_424(self):
        counter = [0]

        def sun():
            counter[0] += 1
            return ndef_uri("example.org/?picc=%032X&cmac=%016X" % (counter[0], 7))

        tag = Type4Tag(UID7, sun)
        self.bench.start()
        for turn in range(1, 4):
            self.air.lay(tag)
            seen = self.bench.run(1500)
            message = ndef_uri("example.org/?picc=%032X&cmac=%016X" % (turn, 7))
            self.assertEqual([(s.uid, s.data) for s in seen], [(UID7, message)])
            self.assertEqual(counter[0], turn)  # read once for each presence
            self.air.take_away(tag)
            self.bench.run(800)

    def test_long_and_empty_files(self):
        for ndef in (b"", bytes(range(256)) * 2, b"\xd0\0\0"):
            self.setUp()
            self.bench.start()
            self.air.lay(Type4Tag(UID7, ndef))
            self.assertEqual([s.data for s in self.bench.run(2500)], [ndef])

    def test_type_4_without_a_message(self):
        tag = Type4Tag(UID7, LINK)
        tag.application = False  # a bus ticket
        self.bench.start()
        self.air.lay(tag)
        self.assertEqual([(s.uid, s.data) for s in self.bench.run(1500)], [(UID7, None)])

    def test_papers_and_cards_tell_what_they_are_and_nothing_else(self):
        # ICAO 9303-10, 3.2; EMV Book B, 3.3
        for name in (b"\xa0\x00\x00\x02\x47\x10\x01", b"2PAY.SYS.DDF01"):
            self.setUp()
            tag = Type4Tag(UID4, LINK, random_id=True)
            tag.application, tag.document = False, name
            self.bench.start()
            self.air.lay(tag)
            seen = [(s.kind, s.uid, s.data) for s in self.bench.run(2500)]
            self.assertEqual(seen, [(RK_DOCUMENT, name, None)])

    def test_random_id_is_one_presence_and_its_file_is_read(self):
        self.bench.start()
        self.air.lay(Type4Tag(UID4, LINK, random_id=True))
        seen = self.bench.run(2500)
        self.assertEqual([(s.uid[0], s.data) for s in seen], [(8, LINK)])

    def test_type_2(self):
        for version, tamper in ((b"\0\4\4\2\1\0\x0f\3", None), (None, None), (None, b"\0\0\0\0O")):
            self.setUp()
            self.bench.start()
            self.air.lay(Type2Tag(UID7, LINK, version, tamper))
            seen = self.bench.run(3000)
            self.assertEqual([(s.uid, s.data, s.tamper) for s in seen], [(UID7, LINK, tamper)])

    def test_two_tags_are_told_as_such(self):
        first = Type4Tag(UID7, LINK)
        self.bench.start()
        self.air.lay(first)
        self.air.lay(NfcTag(UID4))
        self.expect_two_then_one(self.air, first, UID4, 1500)

    def test_missed_polls_are_no_removal(self):
        tag = NfcTag(UID4)
        self.bench.start()
        for _ in range(20):
            self.air.lay(tag)
            self.bench.run(150)
            self.air.take_away(tag)
            self.bench.run(70)
        self.assertEqual(len(self.bench.seen), 1)

    def test_field_is_off_between_polls_and_when_told(self):
        self.bench.start()
        self.expect_field_rests(self.air, 150)
        self.reader.field(False, self.bench.t)
        self.bench.run(200)
        self.assertTrue(self.reader.dark and not self.air.on)

    def test_first_command_after_a_warm_start_is_ignored(self):
        for deaf in (1, 2):
            self.setUp()
            self.chip.deaf = deaf
            self.bench.run(600)
            self.assertEqual((self.reader.state, self.reader.retries), ("ready", deaf))

    def test_any_lost_answer_only_delays(self):
        for answer in range(24):
            for on_the_air in (True, False):
                self.setUp()
                self.bench.start()
                if on_the_air:
                    self.air.skip, self.air.lose = answer, 1
                else:
                    self.chip.skip, self.chip.mute = answer, 1
                self.air.lay(Type2Tag(UID7, LINK, tamper=b"\0\0\0\0C"))
                self.bench.run(3000)
                got = [(s.uid, s.data, s.tamper) for s in self.bench.seen]
                self.assertEqual(got, [(UID7, LINK, b"\0\0\0\0C")], (answer, on_the_air))

    def test_any_flipped_bit_never_gives_another_identity(self):
        for answer in range(16):
            for bit in range(0, 200, 13):
                self.setUp()
                self.bench.start()
                self.chip.skip, self.chip.flip = answer, bit
                self.air.lay(Type4Tag(UID7, LINK))
                self.bench.run(1500)
                self.assertIsNone(self.chip.flip)
                got = [(s.uid, s.data) for s in self.bench.seen]
                self.assertEqual(got, [(UID7, LINK)], (answer, bit))

    def test_a_damaged_answer_is_asked_for_again_without_repeating_the_command(self):
        self.bench.run(600)
        self.chip.commands.clear()
        self.chip.flip = 8 * 6 + 1  # in the data of the first answer
        self.reader.field(True, self.bench.t)
        self.bench.run(30)
        self.assertEqual(self.chip.nacks, 1)
        self.assertEqual(self.chip.commands[0x4A], 1)

    def test_a_uid_that_is_another_in_the_next_field_is_never_told(self):
        class Shifting(NfcTag):
            """What interference of a neighbour makes of a tag, under good check bytes."""

            count = 0

            def power(self, on):
                Shifting.count += 1
                self.uid = bytes((0x10 + Shifting.count % 100, 2, 3, 4))
                NfcTag.power(self, on)

        self.bench.start()
        self.air.lay(Shifting(UID4))
        self.assertEqual(self.bench.run(3000), [])

    def test_an_answer_from_before_the_ack_is_not_taken(self):
        chip, bus = self.make()
        genuine = chip._frame

        def stale(data):
            genuine(data)
            if data[1] == 0x4A:
                # A card without a memory to read, in an answer to another host; ours is late.
                chip._out = [bytes.fromhex("0000FF0CF4D54B0101000408046E8AE2B04400"), ACK]

        chip._frame = stale
        bench = Bench(Pn532(bus))
        bench.start()
        self.assertEqual(bench.run(3000), [])

    def test_a_file_that_stops_in_the_middle_is_unread(self):
        class Stops(Type4Tag):
            """Fails with `status` at the APDU number `at`, or cuts its answer short."""

            def apdu(self, apdu):
                Stops.count += 1
                answer = Type4Tag.apdu(self, apdu)
                if Stops.count % 7 != Stops.at:
                    return answer
                return Stops.status or answer[1:]

            def command(self, frame):
                Stops.count = -1
                return Type4Tag.command(self, frame)

        for at, status in ((0, b"\x6f\x00"), (1, b"\x6f\x00"), (2, b"\x6a\x82"),
                           (3, b"\x6a\x82"), (4, b"\x69\x82"), (5, b"\x6a\x82"),
                           (2, b""), (4, b""), (5, b""), (5, b"\x90"), (3, b"\x91")):  # fmt: skip
            self.setUp()
            Stops.at, Stops.status = at, status
            self.bench.start()
            self.air.lay(Stops(UID7, LINK))
            self.assertEqual(self.bench.run(2000), [], (at, status))
            self.assertTrue(self.reader.unread, (at, status))

    def test_a_hung_chip_is_reset_by_its_pin(self):
        self.bench.start()
        self.chip.unplug("hung")
        self.bench.run(8000)
        self.assertEqual(self.reader.state, "ready")
        self.assertGreater(self.reader.lost, 0)
        self.air.lay(NfcTag(UID4))
        self.assertEqual([s.uid for s in self.bench.run(1500)], [UID4])

    def test_unplugged_and_back(self):
        self.bench.start()
        self.expect_return(self.chip, 9000, 10000)
        self.air.lay(NfcTag(UID4))
        self.assertEqual([s.uid for s in self.bench.run(1500)], [UID4])

    def test_without_a_reset_pin(self):
        self.chip, bus = self.make()
        self.reader = Pn532(bus)
        bench = Bench(self.reader)
        self.chip.unplug("out")
        bench.run(5000)
        self.chip.unplug("in")
        bench.run(9000)
        self.assertEqual(self.reader.state, "ready")


class TestHsu(_Chip, ReaderCase):
    def make(self):
        chip = SimPn532Hsu()
        return chip, HsuBus(chip)

    def test_noise_on_the_line(self):
        class Noisy:
            """Adds bytes before what the chip says."""

            def __init__(self, chip):
                self.chip = chip
                self.write = chip.write

            def readinto(self, buf):
                count = self.chip.readinto(buf)
                if count and random.randrange(2) and count + 5 <= len(buf):
                    buf[5 : count + 5] = bytes(buf[:count])
                    buf[:5] = b"\x55\xff\x81\x00\x7e"
                    return count + 5
                return count

        for seed in range(8):
            random.seed(seed)
            chip = SimPn532Hsu()
            reader = Pn532(HsuBus(Noisy(chip)))
            bench = Bench(reader)
            bench.start()
            chip.air.lay(Type4Tag(UID7, LINK))
            self.assertEqual([(s.uid, s.data) for s in bench.run(3000)], [(UID7, LINK)], seed)


class TestI2c(_Chip, ReaderCase):
    def make(self):
        chip = SimPn532I2c()
        return chip, I2cBus(chip)

    def test_an_address_that_is_not_acknowledged_for_a_while(self):
        self.bench.start()
        self.air.lay(Type4Tag(UID7, LINK))
        for _ in range(60):
            self.chip.busy = 2
            self.bench.run(25)
        self.assertEqual([(s.uid, s.data) for s in self.bench.seen], [(UID7, LINK)])

    def test_a_stale_answer_in_place_of_the_ack(self):
        # esphome/issues#3281: the chip still has the answer to what the host asked before it
        # restarted.
        self.chip._out = [bytes.fromhex("0000FF02FED5151600")]
        self.bench.run(600)
        self.assertEqual(self.reader.state, "ready")
