"""GS1 Digital Link; DL = GS1 Digital Link Standard, URI Syntax 1.6; older forms by 1.2."""

import unittest

from gatescan.core.tags import digital_link, element_string, scheme
from gatescan.core.tags.percent import unescape

GTIN = "09506000134352"
LINK = "https://example.com/01/" + GTIN


def read(address):
    return digital_link.read(address.encode(), False)


class TestDigitalLink(unittest.TestCase):
    def refuse(self, address, word=""):
        tag = read(address)
        self.assertIsNone(tag.key, address)
        self.assertEqual(tag.scheme, scheme.S_NONE)
        self.assertTrue(tag.error.endswith("."))
        self.assertIn(word, tag.error)

    def test_looks_like(self):
        for start in ("http://", "https://", "HTTP://", "HTTPS://"):
            self.assertTrue(digital_link.looks_like(start.encode()))
        for start in ("", "h", "Http://", "HtTpS://", "http:/", "ftp://", "urn:epc:", " http://"):
            self.assertFalse(digital_link.looks_like(start.encode()))
            self.refuse(start + "example.com/01/" + GTIN, "names no product")

    def test_gtin(self):
        tag = read(LINK)
        self.assertIsNone(tag.error)
        self.assertEqual(tag.scheme, scheme.S_DIGITAL_LINK)
        self.assertEqual(tag.gtin, GTIN)
        self.assertIsNone(tag.serial)
        self.assertEqual(tag.ais, (("01", GTIN),))
        self.assertFalse(tag.inferred)
        self.assertTrue(digital_link.read(LINK.encode(), True).inferred)

    def test_bytes_like_of_every_kind(self):
        for kind in (bytes, bytearray, memoryview):
            self.assertEqual(digital_link.read(kind(LINK.encode()), False).gtin, GTIN)

    def test_the_key_is_that_of_the_element_string(self):
        for path, element in (
            ("/01/%s/22/2A/10/B/21/S" % GTIN, "01%s222A\x1d10B\x1d21S" % GTIN),
            ("/01/%s/235/TP" % GTIN, "01%s235TP" % GTIN),
            ("/00/095201234567891235", "00095201234567891235"),
            ("/253/9521987654327DOC", "2539521987654327DOC"),
            ("/255/952114167890904711", "255952114167890904711"),
            ("/401/9521C", "4019521C"),
            ("/402/95211411234567892", "40295211411234567892"),
            ("/414/9521141123454/254/1A", "41495211411234542541A"),
            ("/415/9521141123454/8020/R", "41595211411234548020R"),
            ("/417/9521141123454", "4179521141123454"),
            ("/8003/0952114112345432a%2Fb", "80030952114112345432a/b"),
            ("/8004/952114132a%2fb", "8004952114132a/b"),
            ("/8006/095211411234540102/21/x", "8006095211411234540102\x1d21x"),
            ("/8010/95211415PQ7%2FZ43/8011/12345", "801095211415PQ7/Z43\x1d801112345"),
            ("/8013/1987654Ad4X4bL5ttr2310c2K", "80131987654Ad4X4bL5ttr2310c2K"),
            ("/8017/952114112345678906/8019/7", "8017952114112345678906\x1d80197"),
            ("/8018/952114112345678906", "8018952114112345678906"),
        ):
            with self.subTest(path):
                tag = read("https://example.com" + path)
                want = element_string.read(element.encode(), False)
                self.assertIsNone(tag.error)
                self.assertIsNone(want.error)
                self.assertEqual(tag.ais, want.ais)
                self.assertEqual(tag.key, want.key)

    def test_host_and_stem_mean_nothing(self):
        # DL 4.3: any host, any path before the key
        keys = set()
        for start in (
            "https://id.gs1.org",
            "http://a",
            "https://a.:65535",
            "https://192.0.2.1/x",
            "https://[2001:db8::1]",
            "https://example.com/some-extra/pathinfo",
            "https://example.com/01/09520123456788/x",
            "https://example.com/00/faux",
            "https://01",
        ):
            tag = read(start + "/01/" + GTIN)
            self.assertIsNone(tag.error, start)
            keys.add(tag.key)
            self.assertNotIn("example", str(tag))
        self.assertEqual(len(keys), 1)
        for host in ("", "a_b", "a@b", "user:pw@a", "a$", "a%41", "[fe80::1%25lo]"):
            self.refuse("https://%s/01/%s" % (host, GTIN))

    def test_the_last_key_in_the_path_counts(self):
        tag = read(LINK + "/8004/9521A")
        self.assertEqual(tag.ais, (("8004", "9521A"),))

    def test_addresses_that_name_nothing(self):
        for rest in (
            "",
            "/",
            "//",
            "/01",
            "/01/",
            "/b/c",
            "/products/123",
            "/?01=" + GTIN,
            "#/01/" + GTIN,
            "/" + GTIN,
            "/1/" + GTIN,
            "/001/" + GTIN,
            "/02/" + GTIN,
            "/21/x",
            "/01/%s/" % GTIN,
            "/01/%s/x" % GTIN,
            "/gtins/" + GTIN,
            "/GTIN/" + GTIN,
            "/zzz/" + GTIN,
            "/cps/" + GTIN,
            "/%30%31/" + GTIN,
            "/01/%s/x/y" % GTIN,
            "/exhibition",
            "/eh3066c4409047e1",
            "/ARFKk4XB0CDKWcnpq",
        ):
            with self.subTest(rest):
                self.refuse("https://a" + rest, "names no product" if rest[-1:] != "/" else "")

    def test_compressed_addresses(self):
        # GS1 Digital Link Compression for EPC binary strings 1.0, section 4.2
        for last in ("eh3066c4409047e140075bcd15", "exMGbEQJBH4UAHW80V"):
            self.refuse("https://example.com/" + last, "Compressed")

    def test_order_of_qualifiers(self):
        # DL 4.9: they may be left out, their order may not be changed
        for path in ("/22/a", "/10/a", "/21/a", "/22/a/10/b", "/22/a/21/b", "/10/a/21/b"):
            self.assertIsNone(read(LINK + path).error, path)
        for path in (
            "/21/a/10/b",
            "/10/a/22/b",
            "/10/a/10/b",
            "/22/a/10/b/235/c",
            "/235/a/21/b",
            "/254/a",
            "/99/a",
            "/89/a",
            "/17/261231",
            "/10/",
            "/10//21/x",
            "/10/a/21/",
        ):
            self.refuse(LINK + path)
        for address in (
            "/00/095201234567891235/21/x",
            "/414/9521141123454/254/a/7040/1ABC",
            "/8010/95211415/21/x",
        ):
            self.refuse("https://a" + address, "do not belong together")

    def test_values_are_checked_as_on_a_barcode(self):
        for path in (
            "/01/09506000134353",
            "/01/0950600013435",
            "/01/0950600013435A",
            "/01/095060001343522",
            "/00/095201234567891234",
            "/01/%s/21/123456789012345678901" % GTIN,
            "/01/%s/21/a%%20b" % GTIN,
            "/01/%s/21/a%%C3%%A5" % GTIN,
            "/01/%s/21/a%%00" % GTIN,
            "/01/%s/21/a%%1Db" % GTIN,
            "/01/%s/21/a%%FF" % GTIN,
            "/01/%s/21/a~" % GTIN,
            "/415/9521141123454",  # (8020) is missing
        ):
            with self.subTest(path):
                self.refuse("https://a" + path)

    def test_percent_signs(self):
        # RFC 3986, 2.1 and 2.2: decoded after the path was separated
        self.assertEqual(read(LINK + "/21/32a%2Fb").serial, "32a/b")
        self.assertEqual(read(LINK + "/21/%33%32%61").serial, "32a")
        self.assertEqual(read(LINK + "/21/1%252F").serial, "1%2F")
        self.assertEqual(read(LINK + "/21/a+b").serial, "a+b")
        for value in ("%", "%2", "a%4G", "%g4", "%%41", "%+1", "% 1"):
            self.refuse(LINK + "/21/" + value)

    def test_unescape(self):
        for raw, want in (
            (b"", b""),
            (b"AB", b"AB"),
            (b"A%FfB%00", b"A\xffB\0"),
            (b"%2541", b"%41"),
            (b"%", None),
            (b"%4", None),
            (b"%-1", None),
            (b"%0x", None),
        ):
            self.assertEqual(unescape(raw), want)
        self.assertEqual(unescape(b"a+b%2B"), b"a+b+")
        self.assertEqual(unescape(b"a+b%2B", True), b"a b+")

    def test_characters_that_no_address_holds(self):
        # RFC 3986, 2: damaged or not an address at all
        for char in '<>{}\\^`| "\x1d\x00\x7f\xe5':
            self.refuse(LINK + "/21/a" + char, "damaged")

    def test_shortened_gtins(self):
        # DL 1.0 to 1.2: leading zeros could be left out
        for short in ("9506000134352", "614141123452", "96385074"):
            tag = read("https://a/01/" + short)
            self.assertEqual(tag.gtin, "0" * (14 - len(short)) + short)
        self.refuse("https://a/01/5060001343520")
        self.refuse("https://a/01/614141123453")
        # 02345673 and 12345670 fit a GTIN-8 and a UPC-E
        for short in ("02345673", "12345670"):
            tag = read("https://a/01/" + short)
            self.assertTrue(tag.ambiguous)
            self.assertIsNone(tag.key)
        self.refuse("https://a/01/04252614")

    def test_names_in_place_of_numbers(self):
        # DL 1.0 to 1.2
        tag = read("https://a/gtin/%s/cpv/v/lot/b/ser/s" % GTIN)
        self.assertEqual(tag.ais, (("01", GTIN), ("22", "v"), ("10", "b"), ("21", "s")))
        self.assertEqual(read("https://a/giai/9521A").ais, (("8004", "9521A"),))
        self.assertEqual(read("https://a/gsrn/952114112345678906/srin/7").ais[1], ("8019", "7"))
        self.refuse("https://a/gtin/%s/lot/b/cpv/v" % GTIN, "do not belong together")

    def test_attributes(self):
        # DL 4.10; `;` by 1.2
        tag = read(LINK + "?17=261231&3103=000195")
        self.assertEqual(tag.ais, (("01", GTIN), ("17", "261231"), ("3103", "000195")))
        self.assertEqual(tag.key, read(LINK).key)
        self.assertEqual(read(LINK + "?17=261231;99=x").ais[2], ("99", "x"))
        for query in ("?", "?&&&", "?linkType=all", "?a&b", "?=", "?x=1&1x=2", "#x", "?#17=1"):
            self.assertEqual(read(LINK + query).ais, (("01", GTIN),), query)
        self.assertEqual(read(LINK + "?99=a%2Fb%3D").ais[1], ("99", "a/b="))
        self.assertEqual(read(LINK + "?99=a?b=c#d#e").ais[1], ("99", "a?b=c"))
        self.assertEqual(
            read("https://a/8004/9521A?01=9506000134352").ais, (("8004", "9521A"), ("01", GTIN))
        )

    def test_attributes_that_are_refused(self):
        for query in (
            "?17=",
            "?17=261332",
            "?89=x",  # no such application identifier
            "?1=x",
            "?12345=x",
            "?99=a&99=a",
            "?01=" + GTIN,  # twice
            "?01=09520123456788",
            "?10=x",  # belongs into the path
            "?21=x",
            "?22=x",
            "?235=x",
            "?8200=x",  # no attribute of an address at all
            "?99=a+b",  # a space
            "?99=%",
            "?414=9521141123455",
            "?255=952114167890904711",  # (01) and (255) exclude each other
        ):
            with self.subTest(query):
                self.refuse(LINK + query)
        self.assertIsNone(read(LINK + "/235/T?10=x").error)

    def test_numbers_that_are_no_products(self):
        tag = read("https://a/01/02000000123455")
        self.assertEqual(tag.scheme, scheme.S_RESTRICTED)
        self.assertIsNone(tag.gtin)

    def test_length(self):
        start = LINK + "?x="
        self.assertEqual(read(start + "y" * (512 - len(start))).gtin, GTIN)
        self.refuse(start + "y" * (513 - len(start)), "too long")

    def test_noise_is_an_identity_or_a_sentence(self):
        state = 20261122
        words = (b"/01/", GTIN.encode(), b"/", b"?", b"&", b"=", b"%", b"21", b"\xff", b"#", b";")
        words += (b"%2F", b"99=", b"8004/", b"0", b"gtin/", b" ", b"[", b"\0")
        for _ in range(1000):
            data = b"https://a"
            for _ in range(8):
                state = (state * 69069 + 1) & 0x3FFFFFF
                data += words[(state >> 16) % len(words)]
            tag = digital_link.read(data, False)
            self.assertTrue((tag.key is None) == bool(tag.error), data)


if __name__ == "__main__":
    unittest.main()
