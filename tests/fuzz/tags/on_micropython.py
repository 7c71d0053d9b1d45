"""Runs on MicroPython and CPython alike: what the shipped parsers make of a file of inputs.

argv[1]: a file, a line an input: name of the parser, hex. A line of the answer for each.
"""

import sys
from binascii import hexlify, unhexlify

from gatescan.core.seals import message, tamper
from gatescan.core.tags import (
    barcode,
    chip_ids,
    digital_link,
    documents,
    element_string,
    em4100,
    epc,
    ndef,
)
from gatescan.core.tags.rdm6300 import Rdm6300Decoder


def answer(name, data):
    """One line: a tag's fields, or what else comes out."""
    if name == "element_string":
        return told(element_string.read(data, False)) + told(element_string.read(data, True))
    if name == "ndef_type2":
        found = ndef.message_of_type2(data)
        return hexlify(found).decode() if found is not None else "-"
    if name == "documents":
        return str(documents.kind_of(data))
    if name == "chip_ids":
        tags = [chip_ids.iso14443a(data), chip_ids.iso15693(data), chip_ids.iso15693(data, True)]
        return "".join([told(tag) for tag in tags + [em4100.read(data)]])
    if name == "rdm6300":
        decoder = Rdm6300Decoder()
        return str([found for found in map(decoder.feed, data) if found is not None])
    if name == "seal_message":
        found = message.read_message(data, True), message.read_message(data, False)
        return " ".join([str(part and tuple(part)) for part in found])
    if name == "seal_status":
        return str(tuple(tamper.read_tt_status(data)))
    read = {"barcode": barcode.parse, "epc_classic": epc.read, "epc_plus": epc.read}
    read["ndef"] = ndef.read
    if name == "digital_link":
        return told(digital_link.read(data, True))
    return told(read[name](data))


def told(tag):
    """All fields, in ASCII."""
    text = tag.text and hexlify(tag.text.encode()).decode()
    key = tag.key and hexlify(tag.key).decode()
    return "%s %s %s %s %s %s %s %s %s %s;" % (
        tag.scheme, tag.gtin, tag.serial, [list(pair) for pair in tag.ais], text, tag.uid, key,
        tag.inferred, tag.ambiguous, tag.error,
    )  # fmt: skip


def main(path):
    """See the first lines."""
    with open(path) as file:
        for line in file:
            name, _, digits = line.strip().partition(" ")
            print(answer(name, unhexlify(digits)))


if __name__ == "__main__":
    main(sys.argv[1])
