"""Frames on the wire: split anywhere, damaged anywhere, always resynchronising."""

import binascii
import struct
import unittest

from gatescan.core.smp.crc16 import crc16, crc16_bytecode
from gatescan.core.smp.frame import FrameReader, encode_lines

ECHO = bytes(range(8)) + b"hello"


class Sink:
    def __init__(self):
        self.got = []

    def __call__(self, message):
        self.got.append(bytes(message))


class TestCrc(unittest.TestCase):
    def test_check_value_of_the_catalogue(self):
        self.assertEqual(crc16_bytecode(b"123456789", 9, 0), 0x31C3)
        self.assertEqual(crc16(b"123456789", 9, 0), 0x31C3)

    def test_fast_and_plain_twins_agree(self):
        data = bytes((i * 7 + 3) & 0xFF for i in range(300))
        for length in (0, 1, 2, 93, 300):
            self.assertEqual(crc16(data, length, 0), crc16_bytecode(data, length, 0))


class TestFrameReader(unittest.TestCase):
    def setUp(self):
        self.reader = FrameReader(1024)
        self.sink = Sink()

    def feed(self, data):
        while data:
            data = data[self.reader.feed(data) :]
            if self.reader.message is not None:
                self.sink(self.reader.message)

    def test_known_bytes_of_an_echo_request(self):
        # echo {"d": "hi"} as smp 4.2 writes it: op 2 version 1, sequence 7
        message = bytes.fromhex("0a00000600000700") + b"\xa1\x61d\x62hi"
        self.assertEqual(encode_lines(message)[:2], b"\x06\x09")
        self.feed(encode_lines(message))
        self.assertEqual(self.sink.got, [message])

    def test_long_messages_take_several_lines(self):
        message = bytes(i & 0xFF for i in range(1024))
        lines = encode_lines(message)
        self.assertEqual(lines.count(b"\n"), (1024 + 4 + 92) // 93)
        for line in lines.split(b"\n"):
            self.assertLessEqual(len(line) + 1, 128)
        self.feed(lines)
        self.assertEqual(self.sink.got, [message])

    def test_split_at_every_byte(self):
        lines = encode_lines(ECHO * 12)
        for cut in range(len(lines)):
            self.sink.got.clear()  # kept, the small messages would cut the heap to pieces
            self.feed(lines[:cut])
            self.feed(lines[cut:])
            self.assertEqual(self.sink.got, [ECHO * 12])

    def test_noise_between_frames_is_dropped(self):
        self.feed(b"MicroPython boots\r\n" + encode_lines(ECHO) + b"\xff\x00\n")
        self.assertEqual(self.sink.got, [ECHO])
        self.assertEqual(self.reader.dropped, 2)

    def test_half_a_frame_loses_only_itself(self):
        lines = encode_lines(ECHO * 12)
        self.feed(lines[:50])  # a line torn off without its end
        self.feed(encode_lines(ECHO))
        self.feed(encode_lines(b"12345678next"))
        self.assertEqual(self.sink.got, [ECHO, b"12345678next"])

    def test_a_frame_gone_quiet_is_abandoned(self):
        self.feed(encode_lines(ECHO * 12)[:150])
        self.reader.abandon()
        self.assertEqual(self.reader.dropped, 1)
        self.feed(encode_lines(ECHO))
        self.assertEqual(self.sink.got, [ECHO])

    def test_every_single_flipped_bit_is_noticed(self):
        lines = bytearray(encode_lines(ECHO))
        for i in range(len(lines) * 8):
            lines[i >> 3] ^= 1 << (i & 7)
            self.feed(lines)
            self.reader.abandon()
            lines[i >> 3] ^= 1 << (i & 7)
        # A flip in the marker, the padding bits or the line end may leave the frame whole;
        # what is delivered is never anything but the frame.
        self.assertTrue(all(message == ECHO for message in self.sink.got))
        self.assertLess(len(self.sink.got), 40)

    def test_wrong_crc_is_dropped(self):
        message = ECHO
        body = struct.pack(">H", len(message) + 2) + message + b"\x12\x34"
        self.feed(b"\x06\x09" + binascii.b2a_base64(body))
        self.assertEqual(self.sink.got, [])
        self.assertEqual(self.reader.dropped, 1)

    def test_announced_lengths_out_of_range_are_dropped(self):
        for need in (0, 1, 2, 1027, 0xFFFF):
            self.feed(b"\x06\x09" + binascii.b2a_base64(struct.pack(">H", need) + b"abcdef"))
        self.feed(encode_lines(ECHO))
        self.assertEqual(self.sink.got, [ECHO])

    def test_an_endless_line_is_bounded(self):
        self.feed(b"\x06\x09" + b"A" * 10000)
        self.feed(b"\n")
        self.feed(encode_lines(ECHO))
        self.assertEqual(self.sink.got, [ECHO])
