"""Citations as numbers."""

import unittest

from gatescan.core.law import citation
from gatescan_host.rules import citation_pack


class TestCitation(unittest.TestCase):
    def test_text_and_number_are_the_same_provision(self):
        for text in ("§ 6", "§ 2, stk. 1, nr. 11", "§ 12, stk. 1, nr. 3-4", "§ 6, nr. 1",
                     "§ 27, stk. 2, 2.-3. pkt.", "§ 1, stk. 1, 2. pkt.", "§ 28, 1. pkt.",
                     "§§ 22-23", "§ 35, stk. 2-3", "§ 63, stk. 15, nr. 31, 7. pkt."):
            packed = citation_pack.pack(text)
            self.assertEqual(citation.format(packed), text)
            self.assertTrue(0 < packed < 1 << 28)

    def test_numbers_sort_as_the_order_is_read(self):
        texts = ["§ 2, stk. 1, nr. 2", "§ 2, stk. 1, nr. 11", "§ 2, stk. 3, 1. pkt.", "§ 3",
                 "§ 11", "§ 12, stk. 1"]
        self.assertEqual(sorted(texts, key=citation_pack.pack), texts)

    def test_what_is_no_provision_is_refused(self):
        for text in ("", "2", "§2", "§ ", "§ x", "§ 2, stk.", "§ 2, nr. 1, stk. 1", "§ 64", "§ 02",
                     "§ 2, stk. 1, stk. 2", "§ 3-2", "§ 4 / § 9", "stk. 1", "§ 2, stk. 16",
                     "§ 2, nr. 1-9", "§ 99999999999", "§ ²", "(bemyndigelse)"):
            with self.subTest(text):
                self.assertRaises(citation_pack.CitationError, citation_pack.pack, text)

    def test_a_provision_covers_its_parts(self):
        pack = citation_pack.pack
        self.assertTrue(citation_pack.covers(pack("§ 2"), pack("§ 2, stk. 1, nr. 8")))
        self.assertTrue(citation_pack.covers(pack("§ 23, stk. 1"), pack("§ 23, stk. 1, 2. pkt.")))
        self.assertFalse(citation_pack.covers(pack("§ 23, stk. 1"), pack("§ 23, stk. 2, 1. pkt.")))
        self.assertFalse(citation_pack.covers(pack("§ 2"), pack("§ 21, stk. 1, nr. 1")))
