"""Requests to handlers: answers, refusals and faults as a client sees them."""

import struct
import unittest

from gatescan.core.smp import cbor, message
from gatescan.core.smp.message import SmpError
from gatescan.core.smp.router import Router


def request(op, group, command, body, version=1, length=None, sequence=9):
    raw = cbor.encode(body) if not isinstance(body, bytes) else body
    head = struct.pack(
        ">BBHHBB", op | version << 3, 0, len(raw) if length is None else length,
        group, sequence, command,
    )
    return memoryview(head + raw)


def answer(response):
    return cbor.decode(bytes(response)[8:])


def refuse(arguments):
    raise SmpError(66, 4)


def deny(arguments):
    raise SmpError(message.E_ACCESS_DENIED)


def broken(arguments):
    raise OSError(5)


class TestRouter(unittest.TestCase):
    def setUp(self):
        self.router = Router(200)
        self.router.add(0, 7, read=lambda a: {"output": "x" * a["n"]})
        self.router.add(0, 8, read=lambda a: {"output": object()})
        self.router.add(0, 0, write=lambda a: {"r": a["d"]})
        self.router.add(66, 1, read=refuse, write=deny)
        self.router.add(66, 2, read=broken)

    def respond(self, message):
        slices = self.router.respond(message)
        while True:
            try:
                next(slices)
            except StopIteration as end:
                return end.value

    def test_echo(self):
        out = self.respond(request(2, 0, 0, {"d": "hi"}))
        self.assertEqual(bytes(out[:8]), bytes.fromhex("0b00000600000900"))
        self.assertEqual(answer(out), {"r": "hi"})

    def test_unknown_command_is_not_supported(self):
        for op, group, command in ((0, 0, 0), (2, 0, 9), (0, 99, 0)):
            out = self.respond(request(op, group, command, {}))
            self.assertEqual(answer(out), {"rc": message.E_NOT_SUPPORTED})

    def test_refusals_by_version(self):
        out = self.respond(request(0, 66, 1, {}))
        self.assertEqual(answer(out), {"err": {"rc": 4, "group": 66}})
        out = self.respond(request(0, 66, 1, {}, version=0))
        self.assertEqual(answer(out), {"rc": message.E_UNKNOWN})
        out = self.respond(request(2, 66, 1, {}))
        self.assertEqual(answer(out), {"rc": message.E_ACCESS_DENIED})

    def test_malformed_requests_are_invalid(self):
        for body in (b"\xff", b"\x01", {}, b"\xa1\x61d"):
            out = self.respond(request(2, 0, 0, body))
            self.assertEqual(answer(out), {"rc": message.E_INVALID})
        out = self.respond(request(2, 0, 0, {"d": "hi"}, length=3))
        self.assertEqual(answer(out), {"rc": message.E_INVALID})

    def test_a_device_fault_is_counted_and_answered(self):
        out = self.respond(request(0, 66, 2, {}))
        self.assertEqual(answer(out), {"rc": message.E_UNKNOWN})
        self.assertEqual(self.router.faults, 1)

    def test_responses_and_stumps_get_no_answer(self):
        self.assertIsNone(self.respond(request(1, 0, 0, {})))
        self.assertIsNone(self.respond(request(3, 0, 0, {})))
        self.assertIsNone(self.respond(memoryview(b"\x02\x00\x00")))

    def test_an_answer_that_the_link_cannot_carry_becomes_an_error(self):
        out = self.respond(request(0, 0, 7, {"n": 150}))
        self.assertEqual(answer(out), {"output": "x" * 150})
        for command, code in ((7, message.E_TOO_LONG), (8, message.E_NO_MEMORY)):
            out = self.respond(request(0, 0, command, {"n": 400}))
            self.assertEqual(answer(out), {"rc": code})
            self.assertEqual(len(out) - 8, out[2] << 8 | out[3])

    def test_work_in_slices_is_answered_at_its_end(self):
        def slow(arguments):
            for left in range(arguments["n"]):
                yield
                if left == 3:
                    raise SmpError(message.E_BUSY)
            return {"n": arguments["n"]}

        self.router.add(0, 9, write=slow)
        for slices, body in ((0, {"n": 0}), (3, {"n": 3}), (4, {"rc": message.E_BUSY})):
            work = self.router.respond(request(2, 0, 9, {"n": slices}))
            for _ in range(slices):
                self.assertIsNone(next(work))
            with self.assertRaises(StopIteration) as end:
                next(work)
            self.assertEqual(answer(end.exception.value), body)

    def test_groups_served(self):
        self.assertEqual(self.router.groups(), [0, 66])
