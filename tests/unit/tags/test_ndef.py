"""Messages on NFC tags; NDEF, RTD = the NFC Forum's specifications of them and of records."""

import random
import unittest

from gatescan.core.tags import documents, ndef, nfc_text, scheme

LINK = b"\x04id.gs1.org/01/09521234543213/21/AB12"


def record(kind, payload, head=0xD1, name=b""):
    """One record; `head`: begin, end, short and well-known unless said otherwise."""
    size = bytes((len(payload),)) if head & 0x10 else len(payload).to_bytes(4, "big")
    if head & 8:
        size += bytes((len(name),))
        kind_and_name = kind + name
    else:
        kind_and_name = kind
    return bytes((head, len(kind))) + size + kind_and_name + payload


def text(content, language=b"da"):
    return record(b"T", bytes((len(language),)) + language + content)


class TestText(unittest.TestCase):
    def test_every_encoding_gives_one_key(self):
        # RTD Text 3.4: UTF-8, or UTF-16 with either mark, big endian without one
        want = ndef.read(text(b"VF-1 \xc3\xa6\xce\x94"))
        self.assertEqual(want.text, "VF-1 \xe6\u0394")
        self.assertEqual(want.scheme, scheme.S_NDEF_TEXT)
        self.assertEqual(want.key, b"\x0eVF-1 \xc3\xa6\xce\x94")
        self.assertEqual(want.error, None)
        big = b"\0V\0F\0-\x001\0 \0\xe6\x03\x94"
        little = b"V\0F\0-\x001\0 \0\xe6\0\x94\x03"
        for wide in (b"\xfe\xff" + big, b"\xff\xfe" + little, big):
            self.assertEqual(ndef.read(record(b"T", b"\x82en" + wide)), want)
        self.assertEqual(ndef.read(text(b"VF-1 \xc3\xa6\xce\x94", b"en-GB")), want)

    def test_a_command_on_a_tag_is_no_printed_command(self):
        self.assertNotEqual(ndef.read(text(b"CMD:1")).key[0], scheme.S_TEXT)

    def test_length(self):
        self.assertEqual(len(ndef.read(text(b"x" * 48)).key), 49)
        self.assertIn("too long", ndef.read(text(b"x" * 49)).error)
        self.assertIn("too long", ndef.read(b"\xd1" * 2049).error)
        for blank in (b"", b"   "):
            self.assertIn("empty", ndef.read(text(blank)).error)

    def test_ill_formed_text_is_refused(self):
        # RFC 3629, section 3: forms longer than need be, surrogates, beyond 10FFFF, cut short
        for bad in (
            b"\xc0\x80", b"\xc1\x81", b"\xe0\x80\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80",
            b"\xf8\x88\x80\x80\x80", b"\xc3", b"\x80", b"a\xe2\x82", b"\xe2\x28\xa1", b"\xff",
        ):
            with self.subTest(bad):
                self.assertIn("damaged", ndef.read(text(b"A" + bad)).error)
                self.assertIsNone(nfc_text.utf8(bad))
        for bad in (b"T", b"\0A\xd8\x3d", b"\xdd\x12\0A", b"\xd8\x3d\0A", b"\xff\xfeA"):
            with self.subTest(bad):
                self.assertIn("damaged", ndef.read(record(b"T", b"\x82en" + bad)).error)
        self.assertEqual(nfc_text.utf16(b"\xd8\x3d\xde\x00"), "\U0001f600")

    def test_status_and_language(self):
        # RTD Text 3.2.1: a language is a must, bit 6 is reserved
        for bad in (b"", b"\0", b"\0VF-1", b"\x01", b"\x03da", b"\x42daVF-1", b"\x02\xe6aVF-1"):
            self.assertIn("damaged", ndef.read(record(b"T", bad)).error, bad)

    def test_what_deceives_the_eye_is_refused(self):
        # controls, no-break and zero-width spaces, soft hyphen, direction, combining, beyond BMP
        for code in (
            0, 7, 10, 13, 27, 29, 0x7F, 0x85, 0xA0, 0xAD, 0x301, 0x200B, 0x200E, 0x202E, 0x2028,
            0x2066, 0x3164, 0xE000, 0xFEFF, 0xFFFD, 0xFFFF, 0x1F600, 0xE0041, 0x10FFFF,
        ):
            tag = ndef.read(text(("VF" + chr(code) + "1").encode()))
            self.assertIsNone(tag.key, "%X" % code)
            self.assertIn("cannot show", tag.error)

    def test_papers_and_cards_leave_no_trace(self):
        for content in (b"4111111111111111", b"010101-0000", b"I<UTOD231458907<<<<<<<<<<<<<<<"):
            tag = ndef.read(text(content))
            self.assertEqual(tag, documents.tag_of(documents.PERSONAL))
            self.assertEqual((tag.key, tag.text), (None, None))


class TestAddress(unittest.TestCase):
    def test_every_abbreviation(self):
        # RTD URI table 3; 24 to FF are reserved
        for code, start in ((0, "x:"), (1, "http://www."), (4, "https://"), (5, "tel:"),
                            (0x13, "urn:"), (0x1D, "file://"), (0x22, "urn:epc:"),
                            (0x23, "urn:nfc:")):
            rest = b"x:1" if code == 0 else b"1"
            tag = ndef.read(record(b"U", bytes((code,)) + rest))
            self.assertEqual(tag.text, start + "1")
            self.assertEqual(tag.key, b"\x0f" + tag.text.encode())
            self.assertEqual(tag.scheme, scheme.S_NDEF_URI)
        for code in range(256):
            self.assertEqual(ndef.read(record(b"U", bytes((code,)) + b"a")).key is None, code > 35)

    def test_length(self):
        self.assertEqual(len(ndef.read(record(b"U", b"\0" + b"x" * 254)).key), 255)
        long = record(b"U", b"\0" + b"x" * 256, 0xC1)
        self.assertIn("too long", ndef.read(long).error)
        for empty in (b"\0", b"\x04"):
            self.assertIn("empty", ndef.read(record(b"U", empty)).error)

    def test_characters(self):
        for bad in (b"\x03a b", b"\x03a\0", b"\x03a\n", b"\x03a\xe2\x80\xae", b"\x03\xff", b""):
            self.assertIsNone(ndef.read(record(b"U", bad)).key, bad)
        self.assertEqual(ndef.read(record(b"U", b"\x03bl\xc3\xa5.dk")).text, "http://bl\xe5.dk")

    def test_a_digital_link_names_the_product(self):
        tag = ndef.read(record(b"U", LINK))
        self.assertEqual(tag.error, None)
        self.assertEqual(tag.scheme, scheme.S_DIGITAL_LINK)
        self.assertEqual((tag.gtin, tag.serial), ("09521234543213", "AB12"))
        # one that is broken is no ordinary address
        self.assertIsNone(ndef.read(record(b"U", LINK.replace(b"3213", b"3214"))).key)
        for address in (b"\x04example.com", b"\x04example.com/a?b=1"):
            self.assertEqual(ndef.read(record(b"U", address)).scheme, scheme.S_NDEF_URI)

    def test_an_sgtin_names_the_same_product(self):
        # Tag Data Standard 2.3, 6.3.1; 1E is urn:epc:id:
        link = ndef.read(record(b"U", LINK))
        tag = ndef.read(record(b"U", b"\x1esgtin:9521234.054321.AB12"))
        self.assertEqual(tag.error, None)
        self.assertEqual((tag.gtin, tag.serial), (link.gtin, link.serial))
        self.assertEqual(tag.key, link.key)
        self.assertEqual(ndef.read(record(b"U", b"\x1esgtin:9521234.054321.A%2FB")).serial, "A/B")
        for bad in (
            b"9521234.054321", b"9521234.054321.", b"9521234.05432.1", b"95212.00543210.1",
            b"9521234054321..1", b".9521234054321.1", b"952123A.054321.1", b"9521234.054321.%2",
            b"9521234.054321.%zz", b"9521234.054321.%C1%81", b"9521234.054321." + b"1" * 21,
            b"9521234.054321.1^2",
        ):
            self.assertIsNone(ndef.read(record(b"U", b"\x1esgtin:" + bad)).key, bad)


class TestSmartPoster(unittest.TestCase):
    def poster(self, *records):
        body = bytearray()
        for i in range(len(records)):
            part = bytearray(records[i])
            part[0] = part[0] & 0x3F | (0x80 if i == 0 else 0)
            if i == len(records) - 1:
                part[0] |= 0x40
            body += part
        return ndef.read(record(b"Sp", bytes(body), 0xD1 if len(body) < 256 else 0xC1))

    def test_its_address_counts(self):
        address = record(b"U", LINK)
        want = ndef.read(address)
        for others in (
            (), (text(b"En"), text("日本".encode(), b"ja")), (record(b"act", b"\2"),),
            (record(b"s", b"\0\0\0\1"),), (record(b"t", b"a/b"),),
            (record(b"image/png", b"\1", 0xD2),), (record(b"future", b"\1"),),
        ):
            self.assertEqual(self.poster(address, *others), want)
            self.assertEqual(self.poster(*(others + (address,))), want)

    def test_unsound_posters_are_refused(self):
        # RTD Smart Poster 3.3: exactly one address; actions 0 to 2; four bytes of size
        address = record(b"U", LINK)
        for others in (
            (address,), (text(b"\xff"),), (record(b"act", b"\3"),), (record(b"act", b"\0\0"),),
            (record(b"s", b"\0\0\1"),), (record(b"t", b"\xff"),), (record(b"Sp", address),),
        ):
            self.assertIsNone(self.poster(address, *others).key)
        self.assertIsNone(self.poster(text(b"En")).key)
        self.assertIsNone(ndef.read(record(b"Sp", b"")).key)
        self.assertIsNone(ndef.read(record(b"Sp", address + b"\0")).key)


class TestMessage(unittest.TestCase):
    def test_the_first_record_that_identifies_counts(self):
        first = record(b"android.com:pkg", b"dk.example", 0x94)
        other = record(b"T", b"\x02daVF-1", 0x11)
        last = record(b"U", LINK, 0x51)
        self.assertEqual(ndef.read(first + other + last), ndef.read(text(b"VF-1")))
        self.assertEqual(
            ndef.read(record(b"U", LINK, 0x91) + record(b"T", b"\x02daVF-1", 0x51)),
            ndef.read(record(b"U", LINK)),
        )

    def test_forms_of_one_record(self):
        # NDEF 3.2: long form, with an id
        want = ndef.read(text(b"VF-1"))
        for head in (0xC1, 0xD9, 0xC9):
            self.assertEqual(ndef.read(record(b"T", b"\x02daVF-1", head, b"i")), want)
        self.assertEqual(ndef.read(memoryview(text(b"VF-1"))), want)

    def test_nothing_that_identifies(self):
        for message in (b"", b"\xd0\0\0"):
            self.assertIn("empty", ndef.read(message).error)
        for message in (
            record(b"text/vcard", b"BEGIN:VCARD", 0xD2), record(b"http://a.b/", b"", 0xD3),
            record(b"Sig", b"\x20\0\2\0\0\0"), record(b"", b"x", 0xD5),
        ):
            self.assertIn("nothing that identifies", ndef.read(message).error)

    def test_unsound_messages(self):
        good = text(b"VF-1")
        broken = [good[:i] for i in range(1, len(good))]
        broken += [good + b"\0", good + good, good[:2] + b"\xff" + good[3:]]
        for head in (0x51, 0x91, 0xF1, 0xB1, 0x11):  # no begin, no end, chunks
            broken.append(bytes((head,)) + good[1:])
        broken += [
            b"\xd6\0\1x", b"\xd7\0\1x", b"\xd0\0\1x", b"\xd0\1\0T", b"\xd5\1\0T", b"\xd1\0\1x",
            b"\xc1\1\xff\xff\xff\xffT", record(b"T", b"\x02daVF-1", 0x91) * 2,
            record(b"T", b"\x02daVF-1", 0x91) + record(b"x", b"", 0x11) * 16,
        ]
        for message in broken:
            with self.subTest(message):
                self.assertIn("damaged", ndef.read(message).error)


class TestAnyBytes(unittest.TestCase):
    def test_a_tag_with_either_a_key_or_a_reason(self):
        random.seed(1443)
        poster = record(b"Sp", record(b"U", LINK, 0x91) + record(b"T", b"\x02daEn", 0x51))
        seeds = [text(b"VF-1"), record(b"T", b"\x82da\xff\xfeV\0F\0"), record(b"U", LINK), poster,
                 record(b"U", b"\x1esgtin:9521234.054321.AB12"),
                 record(b"U", b"\0a:b", 0xC9, b"i")]
        known = 0
        for _ in range(2000):
            data = bytearray(random.choice(seeds))
            for _ in range(random.randrange(4)):
                at = random.randrange(len(data))
                data[at] = random.getrandbits(8)
            if not random.randrange(8):
                data = data[: random.randrange(len(data))]
            tag = ndef.read(data)
            self.assertTrue((tag.key is None) != (tag.error is None), data)
            known += tag.key is not None
        self.assertGreater(known, 500)
        self.assertLess(known, 1900)
