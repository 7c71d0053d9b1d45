"""Item blocks: bytecode, viper and whatever a board brings decode and encode the same."""

import random
import unittest
from array import array

from gatescan.core.table import (
    block_format,
    blocks_plain,
    codes_plain,
    decode_plain,
    encode_plain,
    writer,
)
from gatescan.core.table import codes as codes_room
from gatescan.core.table import items as items_room
from gatescan.core.table.layers import Layers
from hand_table import codes, item_sections

try:
    from gatescan.core.table import encode_viper
except (ImportError, SyntaxError, AttributeError):
    encode_viper = None

_WORDS = 12
_COMPANIES = 100000000


def some_items(rng, count):
    """Ascending (key, class): runs, jumps, companies far and near, classes that change or stay."""
    key = rng.randrange(50) * 10 ** rng.randrange(12)
    class_id = rng.randrange(64)
    out = []
    while len(out) < count and key < 10**13:
        out.append((key, class_id))
        key += rng.choice((1, 1, 1, 2, 9, 16, 99, rng.randrange(1, 10 ** rng.randrange(1, 12))))
        if rng.randrange(4) == 0:
            class_id = rng.randrange(64)
    return out


def fastest():
    """The decoder that a table would use here."""
    return Layers.buffer(None).advance


def load(section, index, number):
    """The buffer with a block of the section, its index entry in front, and its length."""
    block = section[number * 1024 : (number + 1) * 1024]
    buffer = bytearray(12 + 1024 + 16)
    blocks_plain.seed(buffer, 3, number, index)
    buffer[12 : 12 + len(block)] = block
    return buffer, len(block)


class TestTwins(unittest.TestCase):
    def setUp(self):
        seed = random.getrandbits(30)
        random.seed(seed)
        self.what = "seed %d" % seed
        self.model = codes_room.read_codes(codes())

    def agree(self, advance, buffer, length, step):
        """Both decoders are in the same state after each step through a block."""
        states = [array("i", [0] * _WORDS) for _ in range(2)]
        for state in states:
            self.assertGreater(blocks_plain.begin(state, buffer, length), 0)
        found = 1
        while found == 1:
            for state in states:
                state[7], state[8] = state[2], state[3] + step
            found = advance(states[0], buffer, self.model)
            self.assertEqual(decode_plain.advance(states[1], buffer, self.model), found, self.what)
            self.assertEqual(states[0], states[1], self.what)
        self.assertEqual(found, 0)

    def test_decoders(self):
        advance = fastest()
        if advance is decode_plain.advance:
            self.skipTest("This interpreter has bytecode only; MicroPython runs this test.")
        for _ in range(4):
            pairs = some_items(random, 300)
            _, items, index = item_sections(pairs)
            for number in range(index[2]):
                for step in (1, 7, 50000):
                    buffer, length = load(items[3], index[3], number)
                    self.agree(advance, buffer, length, step)

    def test_decoders_of_noise(self):
        advance = fastest()
        for _ in range(30):
            buffer = bytearray(random.getrandbits(8) for _ in range(12 + 1024 + 16))
            buffer[6] &= 15
            buffer[13] &= 7
            buffer[14] %= 64
            buffer[12] |= 1
            state, other = array("i", [0] * _WORDS), array("i", [0] * _WORDS)
            blocks_plain.begin(state, buffer, 1024)
            blocks_plain.begin(other, buffer, 1024)
            state[7] = other[7] = _COMPANIES
            found = advance(state, buffer, self.model)
            self.assertIn(found, (0, 1, -2), self.what)
            self.assertEqual(found, decode_plain.advance(other, buffer, self.model), self.what)
            self.assertEqual(list(state), list(other), self.what)

    def test_places_and_starts(self):
        _, items, index = item_sections(some_items(random, 300))
        buffer, length = load(items[3], index[3], 0)
        for _ in range(100):
            key = random.randrange(10**13)
            one, two = array("i", [0] * _WORDS), array("i", [0] * _WORDS)
            halves = key >> 24, key & 0xFFFFFF
            place = blocks_plain.seek(one, index[3], *halves)
            self.assertEqual(items_room.seek(two, index[3], *halves), place, self.what)
            self.assertEqual((one[7], one[8]), divmod(key, 100000))
            self.assertEqual(list(one), list(two), self.what)
        counts = [blocks_plain.begin(one, buffer, length), items_room.begin(two, buffer, length)]
        self.assertEqual(counts[0], counts[1])
        self.assertEqual(list(one), list(two))
        other = bytearray(buffer)
        items_room.seed(other, 3, 0, index[3])
        self.assertEqual(other, buffer)
        for wrong in (0, 2048, 65535):
            buffer[12], buffer[13] = wrong & 255, wrong >> 8
            self.assertEqual(blocks_plain.begin(one, buffer, length), 0)
            self.assertEqual(items_room.begin(one, buffer, length), 0)

    def test_order_of_the_index(self):
        for _ in range(20):
            keys = sorted({random.getrandbits(22) << 22 | 5 for _ in range(5)})
            for key in (keys[0], keys[-1] - 1, 1 << 44):
                index = b"".join(k.to_bytes(6, "big") for k in keys + [key])
                self.assertEqual(codes_room.ordered(index, 6), codes_plain.ordered(index, 6))
                self.assertEqual(codes_plain.ordered(index, 6), 0)
                self.assertEqual(codes_room.ordered(index, 5), 1)

    def test_maps_of_contexts(self):
        for _ in range(40):
            nibbles = bytes(random.getrandbits(8) & 0x77 for _ in range(40))
            end = random.choice((1, 6, 8, 9))
            place = (5, nibbles, random.randrange(8), random.randrange(72), 3 | end << 8)
            one, two = bytearray(90), bytearray(90)
            made = codes_plain.spread(one, *place)
            self.assertEqual(codes_room.spread(two, *place), made)
            if made:
                self.assertEqual(one, two)
        self.assertEqual(codes_room.spread(two, 0, b"\x12\x34", 1, 3, 7 | 5 << 8), 1)
        self.assertEqual(two[:4], bytes((9, 10, 11, two[3])))

    def test_tables_of_codes(self):
        for _ in range(20):
            symbols = random.choice((34, 54, 65, 84))
            nibbles = bytes(random.choice((0x67, 0x76, 0x77, 0x66, 0x1F)) for _ in range(50))
            one, two = bytearray(148), bytearray(148)
            first = random.randrange(8)
            made = codes_plain.build(one, 0, nibbles, first, symbols)
            self.assertEqual(codes_room.build(two, 0, nibbles, first, symbols), made)
        data = codes()
        build = codes_room.build
        spread = codes_room.spread
        codes_room.build, codes_room.spread = codes_plain.build, codes_plain.spread
        self.assertEqual(codes_room.read_codes(data), self.model)
        codes_room.build, codes_room.spread = build, spread

    def written(self, put, pairs):
        words = array("I", [0] * 128 * (self.model[215] + 1))
        for _ in writer.fill_words(self.model, words):
            pass
        blocks, index = bytearray(), bytearray()

        def emit(key, block):
            index.extend(key)
            blocks.extend(block)

        before, writer.put = writer.put, put
        out = writer.BlockWriter(3, self.model, words, emit)
        for key, class_id in pairs:
            out.add(key // 100000, key % 100000, class_id)
        out.flush()
        writer.put = before
        return blocks, index

    def test_encoders_write_what_the_hand_wrote(self):
        for _ in range(3):
            pairs = some_items(random, 250)
            _, items, index = item_sections(pairs)
            for put in (encode_plain.put, encode_viper.put if encode_viper else encode_plain.put):
                blocks, keys = self.written(put, pairs)
                self.assertEqual(keys, index[3], self.what)
                self.assertEqual(blocks, items[3], self.what)

    def test_the_densest_block_ends_at_its_most_keys(self):
        pairs = [(n, 0) for n in range(2049)]
        blocks, keys = self.written(writer.put, pairs)
        self.assertEqual(len(keys) // 6, -(-len(blocks) // 1024))
        self.assertLessEqual(blocks[0] | blocks[1] << 8, block_format.MAX_COUNT)


if __name__ == "__main__":
    unittest.main()
