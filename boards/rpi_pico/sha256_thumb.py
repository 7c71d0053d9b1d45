"""The compression of SHA-256 (FIPS 180-4, section 6.2.2) in Thumb code, for ARMv6-M and later.

The image's own takes 76 us a block of 64 bytes on an RP2040, this one about two thirds of that
and no object. All that it needs is one bytearray, `work()`: 68 records of four words. Record n
holds a, e, the word W and the constant K of round n - 4. The first four records are the state:
d and h, c and g, b and f, a and e. Where they would hold W and K stands what a hash begins with.
"""

# ruff: noqa: F821 - the assembler's words; mypy cannot read them either
# mypy: ignore-errors

import struct
from binascii import unhexlify

import micropython

_FIRST = unhexlify("6a09e667bb67ae853c6ef372a54ff53a510e527f9b05688c1f83d9ab5be0cd19")
_K = unhexlify(
    "428a2f9871374491b5c0fbcfe9b5dba53956c25b59f111f1923f82a4ab1c5ed5"
    "d807aa9812835b01243185be550c7dc372be5d7480deb1fe9bdc06a7c19bf174"
    "e49b69c1efbe47860fc19dc6240ca1cc2de92c6f4a7484aa5cb0a9dc76f988da"
    "983e5152a831c66db00327c8bf597fc7c6e00bf3d5a7914706ca635114292967"
    "27b70a852e1b21384d2c6dfc53380d13650a7354766a0abb81c2c92e92722c85"
    "a2bfe8a1a81a664bc24b8b70c76c51a3d192e819d6990624f40e3585106aa070"
    "19a4c1161e376c082748774c34b0bcb5391c0cb34ed8aa4a5b9cca4f682e6ff3"
    "748f82ee78a5636f84c878148cc7020890befffaa4506cebbef9a3f7c67178f2"
)


def work() -> bytearray:
    """A work area for `blocks`, at the state before the first block."""
    area = bytearray(68 * 16)
    for i in range(4):
        first = struct.unpack_from(">I", _FIRST, 4 * (3 - i))[0]
        struct.pack_into("<I", area, 16 * i + 8, first)
        first = struct.unpack_from(">I", _FIRST, 4 * (7 - i))[0]
        struct.pack_into("<I", area, 16 * i + 12, first)
        area[16 * i : 16 * i + 8] = area[16 * i + 8 : 16 * i + 16]
    for i in range(64):
        struct.pack_into("<I", area, 16 * i + 76, struct.unpack_from(">I", _K, 4 * i)[0])
    return area


def digest(area: bytearray) -> bytes:
    """The state in a work area as a hash."""
    half = [struct.unpack_from("<2I", area, 16 * i) for i in (3, 2, 1, 0)]
    return struct.pack(">8I", *([a for a, _ in half] + [e for _, e in half]))


@micropython.asm_thumb
def blocks(r0, r1, r2, r3):  # noqa: ANN001, ANN201
    """blocks(work, data, count, out): take in `count` > 0 blocks of 64 bytes from `data`.

    With `out` 0 they go on from the state in `work`. With 32 bytes as `out` they are a whole
    message, padded by the caller: its hash is written there.
    """
    push({r3})
    lsl(r2, r2, 6)
    add(r2, r2, r1)
    mov(r14, r2)  # the end of the data
    cmp(r3, 0)
    beq(BLOCK)
    mov(r4, 4)
    label(BEGIN)
    ldr(r2, [r0, 8])
    str(r2, [r0, 0])
    ldr(r2, [r0, 12])
    str(r2, [r0, 4])
    add(r0, 16)
    sub(r4, 1)
    bne(BEGIN)
    sub(r0, 64)
    label(BLOCK)

    # W of the first 16 rounds: big-endian words, from any address
    mov(r4, r0)
    add(r4, 64)
    mov(r5, r4)
    add(r5, 255)
    add(r5, 1)
    label(WORD)
    ldrb(r2, [r1, 0])
    lsl(r2, r2, 8)
    ldrb(r3, [r1, 1])
    orr(r2, r3)
    lsl(r2, r2, 8)
    ldrb(r3, [r1, 2])
    orr(r2, r3)
    lsl(r2, r2, 8)
    ldrb(r3, [r1, 3])
    orr(r2, r3)
    str(r2, [r4, 8])
    add(r1, 4)
    add(r4, 16)
    cmp(r4, r5)
    bne(WORD)
    mov(r12, r1)  # the next block

    # W of the other 48; r4: record of W[t-16], r5: record of W[t-7]
    mov(r4, r0)
    add(r4, 64)
    mov(r5, r4)
    add(r5, 144)
    mov(r6, 192)
    lsl(r6, r6, 2)
    add(r6, r6, r4)
    label(SCHEDULE)
    ldr(r1, [r4, 24])  # W[t-15]
    mov(r2, r1)
    mov(r3, 11)
    ror(r2, r3)
    eor(r2, r1)
    mov(r3, 7)
    ror(r2, r3)
    lsr(r1, r1, 3)
    eor(r2, r1)
    ldr(r1, [r4, 8])  # W[t-16]
    add(r7, r1, r2)
    ldr(r1, [r5, 88])  # W[t-2]
    mov(r2, r1)
    mov(r3, 2)
    ror(r2, r3)
    eor(r2, r1)
    mov(r3, 17)
    ror(r2, r3)
    lsr(r1, r1, 10)
    eor(r2, r1)
    add(r7, r7, r2)
    ldr(r1, [r5, 8])  # W[t-7]
    add(r7, r7, r1)
    str(r7, [r5, 120])
    add(r4, 16)
    add(r5, 16)
    cmp(r4, r6)
    bne(SCHEDULE)

    # 64 rounds; r0: record of d and h, r1: a, r2: e, r3: the sum T1, r6: b ^ c
    mov(r7, 128)
    lsl(r7, r7, 3)
    add(r7, r7, r0)
    ldr(r1, [r0, 48])
    ldr(r2, [r0, 52])
    ldr(r6, [r0, 32])
    ldr(r5, [r0, 16])
    eor(r6, r5)
    label(ROUND)
    mov(r3, r2)
    mov(r4, 14)
    ror(r3, r4)
    eor(r3, r2)
    mov(r4, 5)
    ror(r3, r4)
    eor(r3, r2)
    mov(r4, 6)
    ror(r3, r4)
    ldr(r4, [r0, 36])  # f
    ldr(r5, [r0, 20])  # g
    eor(r4, r5)
    and_(r4, r2)
    eor(r4, r5)
    add(r3, r3, r4)
    ldr(r4, [r0, 4])  # h
    add(r3, r3, r4)
    ldr(r4, [r0, 72])  # W
    add(r3, r3, r4)
    ldr(r4, [r0, 76])  # K
    add(r3, r3, r4)
    ldr(r4, [r0, 0])  # d
    add(r2, r3, r4)
    str(r2, [r0, 68])
    mov(r4, r1)
    mov(r5, 9)
    ror(r4, r5)
    eor(r4, r1)
    mov(r5, 11)
    ror(r4, r5)
    eor(r4, r1)
    mov(r5, 2)
    ror(r4, r5)
    add(r3, r3, r4)
    ldr(r4, [r0, 32])  # b
    mov(r5, r1)
    eor(r5, r4)
    and_(r6, r5)
    eor(r6, r4)
    add(r1, r3, r6)
    mov(r6, r5)  # a ^ b is b ^ c of the next round
    str(r1, [r0, 64])
    add(r0, 16)
    cmp(r0, r7)
    bne(ROUND)

    # the last four records are added to the first; r7: the last ones
    mov(r6, 128)
    lsl(r6, r6, 3)
    sub(r0, r0, r6)
    mov(r6, 4)
    label(SUM)
    ldr(r1, [r0, 0])
    ldr(r2, [r7, 0])
    add(r1, r1, r2)
    str(r1, [r0, 0])
    ldr(r1, [r0, 4])
    ldr(r2, [r7, 4])
    add(r1, r1, r2)
    str(r1, [r0, 4])
    add(r0, 16)
    add(r7, 16)
    sub(r6, 1)
    bne(SUM)
    sub(r0, 64)
    mov(r1, r12)
    mov(r2, r14)
    cmp(r1, r2)
    beq(DONE)
    b(BLOCK)  # too far for bne
    label(DONE)

    # the hash, big-endian: from a to d, then from e to h
    pop({r1})
    cmp(r1, 0)
    beq(END)
    add(r0, 48)
    mov(r4, 8)
    label(OUT)
    ldr(r2, [r0, 0])
    strb(r2, [r1, 3])
    lsr(r2, r2, 8)
    strb(r2, [r1, 2])
    lsr(r2, r2, 8)
    strb(r2, [r1, 1])
    lsr(r2, r2, 8)
    strb(r2, [r1, 0])
    add(r1, 4)
    sub(r0, 16)
    sub(r4, 1)
    cmp(r4, 4)
    bne(NEXT)
    add(r0, 68)
    label(NEXT)
    cmp(r4, 0)
    bne(OUT)
    label(END)
