"""SSI: packets by length and checksum, acknowledged, resent ones taken once, types to AIM ids."""

import random
import unittest

from gatescan.core.frames import engine_frames as frames
from gatescan.core.frames import ssi_frame
from gatescan.core.tags import barcode
from unit.drivers.engine_rig import EAN, START, Rig, Split, flips

# isort: split
from sim_ssi import SimSsi, packet


class TestPackets(unittest.TestCase):
    def test_packets_of_the_host(self):
        # clocklimited/motorola-ssi-scanner and enioka_scan: values that real decoders took
        self.assertEqual(ssi_frame.packet(ssi_frame.ACK), bytes.fromhex("04D00400FF28"))
        self.assertEqual(ssi_frame.packet(ssi_frame.NAK, b"\x01"), bytes.fromhex("05D1040001FF25"))
        self.assertEqual(ssi_frame.packet(0xE4), bytes.fromhex("04E40400FF14"))
        self.assertEqual(ssi_frame.packet(0xC6, b"\x2d\x01"), bytes.fromhex("06C604002D01FF02"))

    def test_packets_of_decoders(self):
        for text in ("07F30000014E52FE65", "09C60000FF01009C07FD8E", "04D00080FEAC"):
            data = bytearray(bytes.fromhex(text))
            self.assertEqual(frames.ssi_length(data, 0, 3), len(data))
            self.assertTrue(frames.ssi_ok(data, 0, len(data)), text)

    def test_every_changed_bit_is_refused(self):
        for bit, bad in flips(packet(0xF3, b"\x0b" + EAN)):
            split = Split(frames.SSI, asked=False)
            split.splitter.packets_only = True
            split.feed(bad, START)
            split.end(START)
            self.assertEqual((split.frames, split.codes), ([], []), bit)

    def test_random_splits_noise_and_back_to_back(self):
        wanted = [packet(0xF3, b"\x0b" + EAN), packet(0xD0), packet(0xF3, b"\x1bX\rY\r")]
        for seed in range(40):
            random.seed(seed)
            split = Split(frames.SSI, asked=False)
            split.splitter.packets_only = True
            stream = wanted[0] + wanted[1] + wanted[2]
            if seed & 1:  # noise that cannot be the begin of a packet: they begin at 4
                noise = bytes(random.randrange(4) for _ in range(6))
                stream = wanted[0] + noise + wanted[1] + noise + wanted[2]
            at = 0
            while at < len(stream):
                count = random.choice((1, 2, 9, 64))
                split.feed(stream[at : at + count], START)
                at += count
            split.end(START)
            self.assertEqual((split.frames, split.codes), (wanted, []), seed)

    def test_the_checksum_alone_makes_no_packet(self):
        # as long as replies of the GM65 and the M3Y-W say, with wrong checks of theirs
        for text in (
            "020000028882FEF2",
            "5A0100140A34D0624548CC251BC602DD7EE09F3F1F336DD5F713",
        ):
            data = bytes.fromhex(text)
            self.assertTrue(frames.ssi_ok(bytearray(data), 0, len(data)))
            split = Split(frames.SSI)
            split.feed(data, START)
            split.end(START)
            self.assertEqual(split.frames, [], text)

    def test_a_false_begin_holds_nothing_for_long(self):
        split = Split(frames.SSI, asked=False)
        split.splitter.packets_only = True
        split.feed(b"\xff\xf3\x00" + packet(0xD0), START)  # says that 254 bytes will come
        split.end(START)
        self.assertEqual(split.frames, [packet(0xD0)])


class TestTypes(unittest.TestCase):
    def check(self, kind, data, wanted, carries=False):
        found = ssi_frame.identified(kind, data, carries)
        self.assertEqual(None if found is None else found[0] + found[1], wanted)

    def test_retail_codes_have_the_digits_of_their_identifier(self):
        self.check(0x0B, EAN, b"]E0" + EAN)
        self.check(0x08, b"012345678905", b"]E00012345678905")
        self.check(0x08, b"0012345678905", b"]E00012345678905")
        self.check(0x09, b"01234565", b"]E00012345000065")
        self.check(0x0A, b"96385074", b"]E496385074")
        self.check(0x4B, EAN + b"12", b"]E3" + EAN + b"12")
        self.check(0x88, b"01234567890554321", b"]E3001234567890554321")
        self.check(0x4A, b"9638507412", b"]E496385074")
        for kind, data in ((0x0B, EAN[1:]), (0x09, b"123456"), (0x0A, b"9638507"),
                           (0x0B, b"X" * 13), (0x08, b"12345678905"), (0xCB, EAN), (0x4B, b"12"),
                           (0x09, b"91234565"), (0x0B, b"")):  # fmt: skip
            self.check(kind, data, None)

    def test_other_codes(self):
        self.check(0x03, b"GSC", b"]C0GSC")
        self.check(0x0F, b"0109501101530003", b"]C10109501101530003")
        self.check(0x30, b"09501101530003", b"]e00109501101530003")
        self.check(0xC1, b"0109501101530003", b"]d20109501101530003")
        self.check(0xF1, b"x", b"]Q1x")
        self.check(0x77, b"x", b"]X0x")

    def test_an_identifier_is_believed_only_where_it_fits_the_type(self):
        self.check(0x1B, b"]d20109501101530003", b"]d20109501101530003", True)
        self.check(0x0B, b"]E0" + EAN, b"]E0" + EAN, True)
        self.check(0x08, b"]E0012345678905", b"]E00012345678905", True)
        for data in (b"]E0" + EAN, EAN, b"]", b"]C", b"]C1", b"]CXABC"):
            self.check(0x1C, data, None, True)
        self.check(0x03, b"]E0" + EAN, b"]C0]E0" + EAN)

    def test_every_identified_scan_can_be_parsed(self):
        for kind in range(256):
            for data in (EAN, b"96385074", b"0109501101530003", b"ABC", b"\x00", b"1"):
                found = ssi_frame.identified(kind, data, False)
                if found is not None:
                    tag = barcode.parse(found[0] + found[1])
                    self.assertTrue((tag.error is None) != (tag.key is None))


class TestEngine(unittest.TestCase):
    def ready(self, **options):
        rig = Rig(SimSsi, **options)
        rig.until_ready()
        return rig

    def test_from_the_factory_at_either_speed(self):
        for baud in (9600, 115200):
            rig = self.ready(baud=baud)
            self.assertEqual(rig.engine.model, "SSI SE4500")
            self.assertEqual(rig.engine.version, "PAABLS00-001-R02D0")
            self.assertEqual([rig.sim.params[p] for p in (0xEE, 0x2D, 0x38, 0xEC)], [1, 1, 0, 0])
            self.assertEqual(rig.scan(EAN, "E0"), [b"]E0" + EAN])
            self.assertEqual(rig.scan(b"]E0" + EAN, "C0"), [b"]C0]E0" + EAN])
            self.assertEqual((rig.sim.beeps, rig.noise, rig.sim.sent), (0, 0, 2))

    def test_a_lost_acknowledgement_makes_no_second_scan(self):
        rig = self.ready()
        rig.sim.mute = 1
        self.assertEqual(rig.scan(EAN, "E0"), [b"]E0" + EAN])
        self.assertEqual(rig.play(6000), [])
        self.assertEqual((rig.sim.sent, rig.sim.gave_up), (2, 0))
        self.assertEqual(rig.scan(EAN, "E0"), [b"]E0" + EAN], "the same code held again")

    def test_a_damaged_packet_is_asked_for_again(self):
        rig = self.ready()
        rig.sim.damage = 1
        self.assertEqual(rig.scan(EAN, "E0") + rig.play(300), [b"]E0" + EAN])
        self.assertEqual((rig.sim.sent, rig.noise), (2, 0))

    def test_a_packet_that_stays_damaged_is_given_up_and_seen(self):
        rig = self.ready()
        rig.sim.damage = 9
        self.assertEqual(rig.scan(EAN, "E0"), [])
        self.assertEqual(rig.play(9000), [])
        self.assertEqual((rig.sim.sent, rig.sim.gave_up, rig.noise), (3, 1, 1))
        rig.sim.damage = 0
        self.assertEqual(rig.scan(EAN, "E0"), [b"]E0" + EAN])

    def test_a_code_with_line_ends_is_no_scan_at_all(self):
        rig = self.ready()
        self.assertEqual(rig.scan(b"A\r]E0" + EAN + b"\rB", "Q1"), [])
        self.assertEqual(rig.engine.bursts, 1)

    def test_content_that_is_a_packet_is_content(self):
        rig = self.ready()
        inner = packet(0xF3, b"\x0b" + EAN)
        self.assertEqual(rig.scan(inner, "Q1"), [])
        self.assertTrue(rig.noise > 0)
        self.assertEqual(rig.scan(EAN, "E0"), [b"]E0" + EAN])

    def test_a_scan_of_several_packets_is_refused_once(self):
        rig = self.ready()
        rig.sim._send(packet(0xF3, b"\x1c" + b"A" * 200, 2) + packet(0xF3, b"\x1cBCD"))
        self.assertEqual(rig.play(100), [])
        self.assertEqual(rig.noise, 1)
        self.assertEqual(rig.scan(EAN, "E0"), [b"]E0" + EAN])

    def test_parameters_are_read_and_only_wrong_ones_written(self):
        rig = self.ready()
        commands = rig.sim.commands
        rig.play(30000)
        self.assertEqual(rig.engine.health["changes"], 1)
        self.assertTrue(rig.sim.commands - commands <= 12)

    def test_a_reset_is_found_and_the_scan_before_that_is_seen_as_lost(self):
        rig = self.ready()
        rig.sim.factory_reset()
        rig.play(400)
        self.assertEqual(rig.scan(EAN, "E0"), [])
        rig.play(6000)
        self.assertEqual(rig.sim.params[0xEE], 1)
        self.assertTrue(rig.noise > 0)
        self.assertEqual(rig.scan(EAN, "E0"), [b"]E0" + EAN])

    def test_lost_replies(self):
        for mute in range(1, 6):
            rig = Rig(SimSsi)
            rig.sim.mute = mute
            rig.until_ready()
            self.assertEqual(rig.scan(EAN, "E0"), [b"]E0" + EAN], mute)

    def test_one_that_tells_no_parameters_is_set_all_the_same(self):
        class Mum(SimSsi):
            def _command(self, one):
                if one[1] != 0xC7:
                    SimSsi._command(self, one)

        rig = Rig(Mum)
        rig.play(12000)
        self.assertEqual(rig.sim.params[0xEE], 1)

    def test_unplugged_and_plugged_in_again(self):
        rig = self.ready()
        rig.sim.unplug()
        rig.play(15000)
        self.assertEqual(rig.engine.state, "silent")
        rig.sim.power_on()
        rig.play(30000)
        self.assertEqual((rig.engine.state, rig.scan(EAN, "E0")), ("ready", [b"]E0" + EAN]))
