"""The bytes of tests/host/rules/tiny.yaml, section by section; a host test compiles it again."""

import binascii

TINY = binascii.unhexlify(
    # header: GSPL, version 1, 69 facts, 527 bytes, "tiny", 20200101, 20291231, 11 rules,
    # first duty 8, 1 term, 2 bytes an index row, 6 institutions, 14 channels, 34 categories,
    # 6 session codes, covered channels, used facts, seven offsets
    "4753504c0145020f74696e7900000000000000000000000001343aa501359e9f000b00080102060e2206"
    "000287030032480000a00000430068007600bb00d300e2019f"
    # display: 36 codes: obligations, then session duties, in the order displayed
    "24191c1d1e060708090a0b0c0d0e0f1011121314151617181a1b1f20212223000102030405"
    # doubts
    # manual_inspection, no authority, nothing to ask, § 30, stk. 1; hold_for_decision, head,
    # ASK_HEAD (second as displayed), the citation of the rule itself
    "03ffff0780800007000100000000"
    # doubt of each fact
    # 1 for order11 (38), else 0
    "000000000000000000000000000000000000000000000000000000000000000000000000000001000000"
    "000000000000000000000000000000000000000000000000000000"
    # switches
    # 3 entries: all, house_ban (63), bitmap of alcohol (3); all, cash_limit (61), number 1000;
    # pension (4), house_ban, empty bitmap
    "03ff3f040800000000ff3d03000003e8043f040000000000"
    # terms
    # offset; powered: 2 ways: category in the mask of tv (19); power in the mask of
    # battery, mains
    "00d502060130020000080401100806"
    # rules
    # eleven offsets
    "00f80106011701240131014401530163016e0180018f"
    # rule 0, § 1, stk. 1, 1. pkt.: for whom: mask 0b110; stop
    "00ff000100004080040001100706"
    # rule 1, § 8, stk. 2: registered_to other, ground not null; head, ASK_HEAD
    "0700000001020100000101021019048223"
    # rule 2, § 9: listed in house_ban
    "08ff000001024000000001033f"
    # rule 3, § 11: order11 is true; mark keep
    "08ff01000102c0000000010126"
    # rule 4, § 23, stk. 1, 1. pkt.: sum of two facts > 3000
    "05ff00000105c08004000105201d1c00000bb8"
    # rule 5, § 23, stk. 2, 1. pkt.: amount > cash_limit
    "05ff00000105c10004000105141c3d"
    # rule 6, § 6: sealed is false, term powered; SEAL
    "02ff0000020180000001040281090400"
    # rule 7, § 1, stk. 1, 1. pkt.: nothing asked; alone
    "01ff000203004080040000"
    # rule 8, § 29, stk. 1, 2. pkt.: no mark keep, refused; OFFER_SEND
    "ffff00000407408008011102260000018701"
    # rule 9, § 30, stk. 1, 1. pkt.: not out of scope; EXAMINE
    "ffff00000407808004011e01960001"
    # rule 10, § 32, stk. 1: refused; STORE_REG
    "ffff0000040800800001100126000001"
    # index: 6 institutions, 14 channels, 34 categories, two bytes each
    # bit = rule; first byte scope and collect, second byte duties
    "ff07ff07ff07ff07ff07ff070007ff07000700070007000700070007000700070007000700070007cf07"
    "cf07cf07cf07cf07cf07cf07cf07cf07cf07cf07cf07cf07cf07cf07cf07cf07cf07cf07cf07cf07cf07"
    "cf07cf07cf07cf07cf07cf07cf07cf07cf07ff07cf07cf07"
    # CRC32 of all before
    "34483e1c"
)
