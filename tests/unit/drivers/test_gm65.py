"""GM65 family: frames with a true CRC, settings read before written, scans throughout."""

import random
import unittest

from gatescan.core.frames import engine_frames as frames
from gatescan.drivers.engines import gm65_frame
from gatescan.drivers.ticks import ticks_add
from unit.drivers.engine_rig import EAN, START, Rig, Split, flips

# isort: split
from sim_gm65 import SimGm65, SimGm861, crc16


def reply(data, head=2):
    body = bytes((0, len(data) & 0xFF)) + data
    crc = crc16(body)
    return bytes((head, 0)) + body + bytes((crc >> 8, crc & 0xFF))


class TestFrames(unittest.TestCase):
    def test_commands_of_the_manual(self):
        # GM65-S manual V1.3: 8.2 read 0x000A, appendix A speed; 8.3 write; 8.4 save
        self.assertEqual(gm65_frame.read(0x0A, 1), bytes.fromhex("7E000701000A01EE8A"))
        self.assertEqual(gm65_frame.read(0x2A, 2), bytes.fromhex("7E000701002A02D80F"))
        self.assertEqual(gm65_frame.write(0x0A, 0x3E), bytes.fromhex("7E000801000A3E4CCF"))
        self.assertEqual(gm65_frame.save(), bytes.fromhex("7E0009010000" + "00DEC8"))
        # GM861, factory reset and heartbeat as recorded
        self.assertEqual(gm65_frame.write(0xD9, 0x50), bytes.fromhex("7E00080100D95081D3"))

    def test_the_crc_of_a_reply_is_that_of_its_value(self):
        for text in ("02000001003331", "020000013EE4AC", "020000023901C14C"):
            data = bytearray(bytes.fromhex(text))
            self.assertEqual(frames.gm65_length(data, 0, len(data)), len(data))
            self.assertTrue(frames.gm65_ok(data, 0, len(data)), text)
        constant = bytearray(bytes.fromhex("020000013E3331"))  # as many drivers expect it
        self.assertFalse(frames.gm65_ok(constant, 0, 7))

    def test_256_zones(self):
        data = bytearray(reply(bytes(range(256))))
        self.assertEqual(frames.gm65_length(data, 0, 4), 262)
        self.assertTrue(frames.gm65_ok(data, 0, 262))

    def test_every_changed_bit_is_refused(self):
        for bit, bad in flips(reply(b"\xd6\x00\x20\x00")):
            split = Split(frames.GM65)
            split.feed(bad, START)
            split.end(START)
            # The head is not covered by the CRC; 03 in place of 02 answers no command.
            self.assertEqual([f for f in split.frames if f[0] == gm65_frame.REPLY], [], bit)

    def test_replies_between_scans_however_the_bytes_fall(self):
        answers = [reply(b"\xd6\x00\x20\x00"), reply(b"\x00"), reply(b"\x00", 3), reply(bytes(7))]
        codes = [b"%d" % (10**12 + k) for k in range(4)]
        stream = b"".join(a + c + b"\r" for a, c in zip(answers, codes))
        back = b"".join(answers) + b"".join(c + b"\r" for c in codes)
        inside = b"59012" + answers[0] + b"34123457\r"
        for seed in range(30):
            random.seed(seed)
            for data, wanted in ((stream, codes), (back, codes), (inside, [EAN])):
                split = Split(frames.GM65)
                at = 0
                while at < len(data):
                    count = random.choice((1, 1, 2, 5, 64))
                    split.feed(data[at : at + count], START)
                    at += count
                split.end(START)
                self.assertEqual(split.codes, wanted, seed)
                self.assertEqual(split.frames, answers if data is not inside else answers[:1])

    def test_noise_between_replies(self):
        for seed in range(30):
            random.seed(seed)
            split = Split(frames.GM65)
            t = START
            for _ in range(5):
                split.feed(bytes(random.randrange(256) for _ in range(random.randrange(20))), t)
                t = ticks_add(t, 600)
                split.feed(reply(b"\xd6\x00\x20\x00"), t)
                t = ticks_add(t, 600)
            split.end(t)
            good = [frame for frame in split.frames if frame == reply(b"\xd6\x00\x20\x00")]
            self.assertEqual(len(good), 5, seed)

    def test_inside_a_scan_nobody_answers_who_was_not_asked(self):
        split = Split(frames.GM65, asked=False)
        split.feed(b"59012" + reply(b"\x00") + b"34123457\r", START)
        split.end(START)
        self.assertEqual((split.codes, split.frames), ([], []))
        self.assertEqual(split.lines.garbage > 0, True)

    def test_a_reply_without_an_end_holds_nothing_back(self):
        split = Split(frames.GM65)
        split.feed(reply(bytes(4))[:6], START)
        split.feed(b"", ticks_add(START, 40))
        self.assertEqual(split.splitter.bad, 1)
        split.feed(b"\r" + EAN + b"\r", ticks_add(START, 700))
        self.assertEqual(split.codes, [EAN])

    def test_our_own_command_coming_back_is_no_noise(self):
        split = Split(frames.GM65)
        split.splitter.sent = gm65_frame.read(0, 4)
        split.feed(split.splitter.sent, START)
        self.assertEqual((split.splitter.echoes, split.lines.garbage), (1, 0))


class TestSettings(unittest.TestCase):
    def check_settings(self, sim):
        self.assertEqual(sim.zones[0] & 0x43, 2)
        self.assertEqual(sim.zones[3] & 3, 3)
        self.assertEqual(sim.zones[0x0D] & 3, 0)
        self.assertEqual(sim.zones[0x60], 1)
        self.assertEqual(sim.zones[0xB0] & 3, 0)
        self.assertFalse(sim.beeper)

    def test_from_the_factory_at_either_speed(self):
        for make in (SimGm65, SimGm861):
            for baud in (9600, 115200):
                rig = Rig(make, baud=baud)
                took_ms = rig.until_ready()
                self.assertTrue(took_ms < (1500 if baud == 9600 else 4500), took_ms)
                self.check_settings(rig.sim)
                self.assertEqual(rig.sim.saves, 1)
                self.assertEqual(rig.engine.baud, baud)
                self.assertTrue(rig.engine.health["as_wanted"])
                self.assertEqual(rig.scan(EAN, "E0"), [b"]E0" * (make is SimGm861) + EAN])
                self.assertEqual((rig.sim.beeps, rig.noise), (0, 0))

    def test_model_and_version(self):
        rig = Rig(SimGm65)
        rig.until_ready()
        self.assertEqual(rig.engine.model, "GM65")
        self.assertEqual(rig.engine.version, "HW 1.00 SW 1.05 2020-06-11")

    def test_nothing_is_written_where_all_is_right(self):
        rig = Rig(SimGm861)
        rig.until_ready()
        flash = rig.sim.flash
        again = Rig(SimGm861)
        again.sim.flash = flash
        again.sim.power_on()
        again.until_ready()
        self.assertEqual((again.sim.writes, again.sim.saves), (0, 0))
        again.play(30000)
        self.assertEqual((again.sim.writes, again.sim.saves), (0, 0))

    def test_every_wrong_setting_is_put_right(self):
        for seed in range(12):
            random.seed(seed)
            rig = Rig(SimGm861)
            for address in (0x00, 0x03, 0x0D, 0x60, 0xB0, 0xB1, 0xB2, 0xD0):
                rig.sim.set_flash(address, random.randrange(256))
            kept = rig.sim.zones[0] & 0xBC  # light and aim stay the installer's
            rig.until_ready()
            self.check_settings(rig.sim)
            self.assertEqual(rig.sim.zones[0] & 0xBC, kept, seed)
            self.assertEqual(rig.scan(EAN, "E0"), [b"]E0" + EAN], seed)
            flash = rig.sim.flash
            self.assertEqual(flash[0], rig.sim.zones[0], "saved")

    def test_identifiers_only_where_the_model_has_them(self):
        rig = Rig(SimGm65)
        rig.until_ready()
        self.assertIs(rig.engine.health["aim"], False)
        self.assertEqual(rig.sim.zones[0xD0], 0)
        # What is printed after `]` is content there, and no promise of a symbology.
        self.assertEqual(rig.scan(b"]E0" + EAN, "Q1"), [b"]X0]E0" + EAN])
        later = Rig(SimGm861)
        later.until_ready()
        self.assertIs(later.engine.health["aim"], True)
        self.assertEqual(later.scan(b"]E0" + EAN, "Q1"), [b"]Q1]E0" + EAN])

    def test_setup_codes_change_nothing(self):
        rig = Rig(SimGm861)
        rig.until_ready()
        rig.sim.setup_code(0x60, 0x00)
        self.assertEqual(rig.play(100), [b"]C06000"])
        self.assertEqual(rig.sim.zones[0x60], 1)

    def test_lost_replies(self):
        for mute in range(1, 8):
            rig = Rig(SimGm861)
            rig.sim.mute = mute
            rig.until_ready()
            self.check_settings(rig.sim)
            rig.sim.mute = 2  # fewer than the tries
            rig.play(8000)
            self.assertEqual((rig.engine.state, rig.engine.lost), ("ready", 0))
            self.assertEqual(rig.noise, 0)

    def test_a_zone_that_is_never_answered_stops_nothing(self):
        class Shy(SimGm861):
            def _command(self, command):
                if command[4:6] != b"\x00\xb0":
                    SimGm861._command(self, command)

        rig = Rig(Shy)
        rig.until_ready()
        self.assertFalse(rig.engine.health["as_wanted"])
        self.assertEqual(rig.scan(EAN, "E0"), [b"]E0" + EAN])

    def test_a_zone_that_does_not_hold_is_not_written_for_ever(self):
        class Stubborn(SimGm861):
            def _write(self, address, data):
                if address:
                    SimGm861._write(self, address, data)
                else:
                    self.writes += 1

        rig = Rig(Stubborn)
        rig.until_ready()
        rig.play(20000)
        writes = rig.sim.writes
        rig.play(40000)
        self.assertEqual((rig.sim.writes, rig.sim.saves), (writes, 0))
        self.assertFalse(rig.engine.health["as_wanted"])
        self.assertEqual(rig.engine.state, "ready")

    def test_a_factory_reset_amid_work(self):
        for baud in (9600, 115200):
            rig = Rig(SimGm861, baud=baud)
            rig.until_ready()
            rig.play(3000)
            rig.sim.factory_reset()
            rig.play(20000)
            self.assertEqual((rig.engine.state, rig.engine.baud), ("ready", 9600), baud)
            self.check_settings(rig.sim)
            self.assertEqual(rig.scan(EAN, "E0"), [b"]E0" + EAN])
            self.assertEqual(rig.noise, 0)

    def test_a_reset_while_settings_are_made(self):
        for after_ms in range(320, 900, 30):
            rig = Rig(SimGm861)
            rig.play(after_ms)
            rig.sim.factory_reset()
            rig.until_ready()
            rig.play(12000)
            self.check_settings(rig.sim)

    def test_scans_while_settings_are_made(self):
        rig = Rig(SimGm861)
        rig.sim.set_flash(0x0D, 0xA0)
        codes = []
        for k in range(40):
            code = b"%d" % (10**12 + k)
            rig.play(45)
            if rig.sim.ready:
                rig.sim.scan(code, "E0")
                codes.append(code)
        rig.play(3000)
        self.assertEqual(rig.engine.state, "ready")
        self.assertEqual([line[-13:] for line in rig.seen], codes)
        self.assertEqual(rig.noise, 0)

    def test_unplugged_and_plugged_in_again(self):
        rig = Rig(SimGm861)
        rig.until_ready()
        rig.sim.unplug()
        rig.play(12000)
        self.assertEqual((rig.engine.state, rig.engine.lost), ("silent", 1))
        rig.play(90000)
        rig.sim.power_on()
        rig.play(45000)
        self.assertEqual(rig.engine.state, "ready")
        self.assertEqual(rig.scan(EAN, "E0"), [b"]E0" + EAN])

    def test_a_command_goes_out_whole_or_not_at_all(self):
        class Slow(SimGm861):
            """A UART that takes three bytes a tick, and sometimes none."""

            turn = 0

            def write(self, data):
                self.turn += 1
                if self.turn % 3 == 0:
                    return None
                SimGm861.write(self, bytes(data)[:3])
                return min(3, len(data))

        rig = Rig(Slow)
        rig.until_ready()
        self.check_settings(rig.sim)

    def test_no_command_inside_a_scan(self):
        rig = Rig(SimGm861)
        rig.until_ready()
        commands = rig.sim.commands
        for _ in range(30):  # half a code every 300 ms for longer than the heartbeat waits
            rig.sim._send(b"59012")
            rig.play(300)
        self.assertEqual(rig.sim.commands, commands)
