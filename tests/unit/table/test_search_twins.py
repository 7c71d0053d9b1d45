"""The search as bytecode finds what a plain comparison finds, and viper finds the same."""

import random
import unittest

from gatescan.core.table import pages, search_plain
from gatescan.core.table.format import CORRUPT, MISS

_ROUNDS = 60
_LAST = (1 << 48) - 1


def made_up(rng, width):
    """(keys, the buffer of a page with them): as many as fit or fewer, near each other or far."""
    count = rng.randrange(1, 506 // width + 1)
    spread = rng.choice((1, 300, 1 << 23, 1 << 27))
    top = rng.choice((0, 0, 1 << 24, 0xFFFFFF << 24))
    keys = {min(top + rng.randrange(200) * spread, _LAST) for _ in range(count)}
    keys = sorted(keys)
    page = bytearray(516)
    page[4] = len(keys)
    for n, key in enumerate(keys):
        page[6 + n * width : 12 + n * width] = key.to_bytes(6, "big")
    return keys, page


def halves(key):
    return key >> 24, key & 0xFFFFFF


class TestSearch(unittest.TestCase):
    def agrees(self, floor, match):
        seed = random.getrandbits(30)
        random.seed(seed)
        for number in range(_ROUNDS):
            width = random.choice((6, 7, 22))
            keys, page = made_up(random, width)
            sought = {0, _LAST}
            for key in keys[:: len(keys) // 12 + 1] + keys[-1:]:
                sought.update((key, max(key - 1, 0), min(key + 1, _LAST), key ^ 1 << 24))
            for key in sought:
                what = (seed, number, width, key)
                before = sum(1 for other in keys if other <= key) - 1
                found = floor(page, 6, width, len(keys), *halves(key))
                self.assertEqual(found, before, what)
                wanted = CORRUPT if before < 0 else MISS
                if before >= 0 and keys[before] == key:
                    wanted = 6 + before * width
                self.assertEqual(match(page, width, *halves(key)), wanted, what)

    def refuses_impossible(self, match):
        page = bytearray(516)
        for width in (6, 7, 22):
            for count in (0, 506 // width + 1, 255):
                page[4] = count
                self.assertEqual(match(page, width, 1, 1), CORRUPT, (width, count))

    def test_bytecode(self):
        self.agrees(search_plain.floor, search_plain.match)
        self.refuses_impossible(search_plain.match)

    def test_viper(self):
        if pages.floor is search_plain.floor:
            self.skipTest("This interpreter has no viper; MicroPython runs this test.")
        self.agrees(pages.floor, pages.match)
        self.refuses_impossible(pages.match)


if __name__ == "__main__":
    unittest.main()
