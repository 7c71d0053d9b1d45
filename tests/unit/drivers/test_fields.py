"""Fields: one reader radiates, turns pass on, a reader that sees a tag keeps its own."""

import unittest

from gatescan.drivers.rfid import RK_EM4100
from gatescan.drivers.rfid.em4100 import Em4100Reader
from gatescan.drivers.rfid.fields import Fields
from gatescan.drivers.rfid.mfrc522 import Mfrc522
from gatescan.drivers.rfid.pn532 import Pn532
from gatescan.drivers.rfid.pn532_bus import HsuBus
from gatescan.drivers.ticks import ticks_add, ticks_diff
from unit.drivers.rfid_bench import START, ndef_uri
from unit.drivers.uart_wire import Wire

from sim_mfrc522 import SimMfrc522  # isort: skip - see rfid_bench
from sim_nfc_tag import NfcTag, Type2Tag, Type4Tag  # isort: skip
from sim_pn532 import SimPn532Hsu  # isort: skip

UID7 = bytes.fromhex("04A035B2BC2B80")
LINK = ndef_uri("id.example.org/01/09506000134352")


class Slow:
    """A reader that does as told, and needs `lag_ms` to switch its field off."""

    def __init__(self, lag_ms=0):
        self.state = "ready"
        self.busy = False
        self.on = False
        self.lag_ms = lag_ms
        self._off_ms = None
        self.turns = 0

    @property
    def dark(self):
        return not self.on

    def tick(self, now_ms):
        if self._off_ms is not None and ticks_diff(now_ms, self._off_ms) >= 0:
            self.on = False
            self._off_ms = None

    def take(self):
        return None

    def field(self, on, now_ms):
        if on:
            self.on = True
            self._off_ms = None
            self.turns += 1
        else:
            self._off_ms = ticks_add(now_ms, self.lag_ms)


class TestFields(unittest.TestCase):
    def setUp(self):
        self.t = START

    def run_for(self, fields, ms, look=None):
        """Let time pass; `look` is called after every tick; what was taken."""
        taken = []
        for _ in range(ms // 5):
            fields.tick(self.t)
            while True:
                found = fields.take()
                if found is None:
                    break
                taken.append(found)
            if look:
                look()
            self.t = ticks_add(self.t, 5)
        return taken

    def test_never_two_fields(self):
        readers = (Slow(0), Slow(40), Slow(300))
        most = [0]

        def look():
            most[0] = max(most[0], sum([reader.on for reader in readers]))

        self.run_for(Fields(readers, 100), 5000, look)
        self.assertEqual(most[0], 1)
        self.assertTrue(all(reader.turns > 3 for reader in readers))

    def test_a_field_that_does_not_go_off_stops_the_others_until_its_reader_is_lost(self):
        stuck, other = Slow(10**6), Slow()
        fields = Fields((stuck, other), 100)
        self.run_for(fields, 5000)
        self.assertEqual(other.turns, 0)
        stuck.state = "silent"
        self.run_for(fields, 100)
        self.assertEqual(other.turns, 1)

    def test_busy_keeps_the_turn_for_500_ms(self):
        first, second = Slow(), Slow()
        fields = Fields((first, second), 100)
        self.run_for(fields, 50)
        first.busy = True
        self.run_for(fields, 400)
        self.assertIs(fields.turn, first)
        self.assertEqual(second.turns, 0)
        self.run_for(fields, 100)
        self.assertIs(fields.turn, second)

    def test_a_reader_that_does_not_answer_gets_no_turn(self):
        first, second = Slow(), Slow()
        fields = Fields((first, second), 100)
        second.state = "silent"
        self.run_for(fields, 3000)
        self.assertEqual((first.turns, second.turns), (1, 0))
        second.state = "ready"
        self.run_for(fields, 1000)
        self.assertGreater(second.turns, 2)

    def test_one_reader_is_always_on_and_none_is_no_fault(self):
        only = Slow()
        self.run_for(Fields((only,)), 3000)
        self.assertEqual((only.turns, only.on), (1, True))
        self.assertEqual(self.run_for(Fields(()), 100), [])

    def test_two_real_drivers_share_one_counter(self):
        pn532, mfrc522 = SimPn532Hsu(), SimMfrc522()
        readers = (Pn532(HsuBus(pn532)), Mfrc522(mfrc522, mfrc522.cs))
        fields = Fields(readers)
        most = [0]

        def look():
            most[0] = max(most[0], pn532.air.on + mfrc522.air.on)

        self.run_for(fields, 1000, look)
        self.assertEqual([reader.state for reader in readers], ["ready"] * 2)
        seal = Type4Tag(UID7, LINK)
        pn532.air.lay(seal)
        taken = self.run_for(fields, 2500, look)
        self.assertEqual([(r.model, s.data) for r, s in taken], [("PN532", LINK)])
        pn532.air.take_away(seal)
        mfrc522.air.lay(Type2Tag(UID7, LINK))
        taken = self.run_for(fields, 2500, look)
        self.assertEqual([(r.model, s.data) for r, s in taken], [("MFRC522", LINK)])
        pn532.unplug("out")
        mfrc522.air.tags = []
        self.run_for(fields, 9000, look)
        mfrc522.air.lay(NfcTag(b"\x11\x22\x33\x44"))
        taken = self.run_for(fields, 1000, look)
        self.assertEqual([s.uid for _, s in taken], [b"\x11\x22\x33\x44"])
        self.assertEqual(most[0], 1)


class TestEm4100(unittest.TestCase):
    def test_face_of_the_rdm6300(self):
        wire = Wire()
        levels = []
        reader = Em4100Reader(wire, levels.append)
        self.assertEqual((reader.state, reader.dark), ("probing", True))
        reader.field(True, START)
        self.assertFalse(reader.dark)
        taken = []
        for k in range(10):
            wire.waiting = b"\x0261008EB2F9A4\x03"
            reader.tick(ticks_add(START, 65 * k))
            taken.append(reader.take())
        taken = [sighting for sighting in taken if sighting]
        self.assertEqual([(s.kind, s.uid, s.data) for s in taken],
                         [(RK_EM4100, b"\x61\x00\x8e\xb2\xf9", None)])  # fmt: skip
        self.assertEqual((reader.state, reader.model), ("ready", "RDM6300"))
        reader.field(False, START)
        self.assertEqual(levels, [0, 1, 0])
