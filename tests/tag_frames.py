"""What readers send for a tag, as their data sheets have it."""


def em4100_frame(uid: str) -> bytes:
    """The RDM6300's frame for a card (10 hex digits): STX, digits, XOR of the bytes, ETX."""
    check = 0
    for byte in bytes.fromhex(uid):
        check ^= byte
    return b"\x02" + f"{uid}{check:02X}".upper().encode() + b"\x03"
