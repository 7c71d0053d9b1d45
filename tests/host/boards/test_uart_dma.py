"""The Pico's receive ring: what the DMA wrote comes out whole, once and in order."""

import random
import sys

import pytest

from host.boards.recorded import Recorded

pytestmark = pytest.mark.parametrize("board", ["rpi_pico"], indirect=True)


class Dma:
    """Writes into the ring of a DmaUart as the channel does, wrapping on addresses."""

    def __init__(self, uart) -> None:
        self.uart = uart
        self.ring = uart._ring
        self.base = uart._address
        self.at = 0

    def write(self, data: bytes) -> None:
        for byte in data:
            self.ring[self.at] = byte
            self.at = (self.at + 1) % len(self.ring)
        self.uart._dma.write = self.base + self.at


def drained(uart, chunk: int) -> bytes:
    buffer, data = bytearray(chunk), b""
    while (count := uart.readinto(buffer)) is not None:
        assert 0 < count <= chunk
        data += buffer[:count]
    return data


def ring_of(board: Recorded):
    uart = board.module.barcode_uart()
    dma = Dma(uart)
    dma.write(b"")
    return uart, dma


def test_nothing_is_none(board: Recorded) -> None:
    uart, _ = ring_of(board)
    assert uart.readinto(bytearray(8)) is None


def test_bytes_come_out_in_order_however_they_wrap(board: Recorded, rng: random.Random) -> None:
    uart, dma = ring_of(board)
    size = len(dma.ring)
    sent = got = b""
    for _ in range(300):
        data = rng.randbytes(rng.randrange(size))  # one less than the ring is the most it holds
        dma.write(data)
        sent += data
        got += drained(uart, rng.choice((1, 13, 64, 2 * size)))
    assert got == sent


def test_two_longest_codes_fit_between_two_looks(board: Recorded) -> None:
    from gatescan.drivers.barcode_line import MAX_LINE_BYTES

    uart, dma = ring_of(board)
    code = b"A" * (MAX_LINE_BYTES - 1)
    dma.write(code + b"\r" + code)
    assert drained(uart, 64) == code + b"\r" + code


def test_the_ring_is_aligned_and_inside_its_memory(board: Recorded) -> None:
    """0x20000F00 is where the recorder puts the buffer: nothing a DMA could wrap on."""
    uart, dma = ring_of(board)
    assert dma.base % len(dma.ring) == 0
    memory = uart._ring.obj
    assert 0x20000F00 <= dma.base <= 0x20000F00 + len(memory) - len(dma.ring)


def test_a_ring_that_happens_to_be_aligned_takes_no_more_than_its_size(
    board: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    uctypes = sys.modules["uctypes"]
    size = len(board.module.barcode_uart()._ring)
    addresses = [0x20000F00, 0x20000F00 + size, 0x20002000]
    monkeypatch.setattr(uctypes, "addressof", lambda memory: addresses.pop(0))
    room = sys.modules["uart_dma"]._room(size)
    assert len(room) == size and not addresses


def test_writing_leaves_reception_to_the_dma(board: Recorded) -> None:
    uart, _ = ring_of(board)
    board.record.memory[0x40038038] |= 0x50  # as if the driver had taken its interrupts back
    assert uart.write(b"scan") == 4
    assert not board.record.memory[0x40038038] & 0x50


def test_another_speed_leaves_reception_to_the_dma(board: Recorded) -> None:
    """`init` resets the block: its interrupts come back and must go before they are served."""
    uart, _ = ring_of(board)
    calls, base = board.record.calls, 0x40038000
    dmas = len(board.record.dmas)
    assert calls == []
    uart.set_baud(115_200)
    assert calls == [("flush", False), ("init", True, -1)], "what is written goes out first"
    assert board.record.interrupts_off[-2:] == [True, False]
    assert not board.record.memory[base + 0x38] & 0x50, "UARTIMSC: the driver takes bytes"
    assert board.record.memory[base + 0x38] & 0x20, "UARTIMSC: it still sends"
    assert board.record.memory[base + 0x48] == 1, "UARTDMACR: reception alone asks the DMA"
    assert len(board.record.dmas) == dmas, "a channel was taken again"


def test_what_has_arrived_stays_readable_over_a_change_of_speed(board: Recorded) -> None:
    uart, dma = ring_of(board)
    dma.write(b"4006381")
    uart.set_baud(115_200)
    dma.write(b"333931")
    assert drained(uart, 64) == b"4006381333931"


def test_a_line_that_sends_nothing_still_changes_its_speed(board: Recorded) -> None:
    uart, _ = ring_of(board)
    board.record.stuck = True
    uart.set_baud(115_200)
    assert board.record.uarts[1]["baud"] == 115_200
    assert board.record.interrupts_off[-1] is False


def test_a_speed_that_is_refused_leaves_the_line_as_it_was(
    board: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    uart, _ = ring_of(board)

    def refuse(**_: int) -> None:
        raise ValueError

    monkeypatch.setattr(uart._uart, "init", refuse)
    with pytest.raises(ValueError):
        uart.set_baud(-1)
    assert board.record.interrupts_off[-1] is False
