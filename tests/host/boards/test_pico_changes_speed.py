"""A reader's line that changes its speed, on the emulated Pico: no code is lost, nothing leaks."""

from emulated_pico.machine import EmulatedPico
from emulated_pico.parts import Parts
from host.boards.test_pico_on_its_chip import started

# The Pico reads a line at each speed in turn; most of it comes while flash is erased, which keeps
# interrupts off for longer than a FIFO of 32 bytes lasts.
SPEEDS = (9600, 115200, 57600, 115200, 9600)
EVERY_SPEED = b"""
import gc
import rp2
import board
def channels():
    held = []
    try:
        while True:
            held.append(rp2.DMA())
    except OSError:
        pass
    for one in held:
        one.close()
    return len(held)
line = board.barcode_uart()
flash = board.flash()
free = channels()
data = bytearray(99)
for baud in %r:
    line.set_baud(baud)
    print("listening", baud)
    got, whole = b"", True
    while got[-1:] != b"\\r":
        if whole and b"!" in got:
            flash.ioctl(6, 300)
            whole = False
        count = line.readinto(data)
        if count:
            got += data[:count]
    print("heard", baud, got)
gc.collect()
print("channels", free == channels(), free)
""" % (SPEEDS,)
UNREAD = b"""
import time
import board
line = board.barcode_uart()
print("listening 9600")
time.sleep_ms(40)
line.set_baud(115200)
print("listening 115200")
time.sleep_ms(40)
data = bytearray(99)
heard = b""
count = line.readinto(data)
while count:
    heard += data[:count]
    count = line.readinto(data)
print("heard", heard)
"""
LOOP = b"""
import time
import board
line = board.barcode_uart()
data = bytearray(99)
line.write(b"at 9600 ")
line.set_baud(115200)
line.write(b"at 115200")
time.sleep_ms(60)
print("heard", bytes(data[:line.readinto(data)]))
"""
CODE = b"]C1010590123412345710ABC\x1d21"
AMID = b"!"  # behind it the flash is erased
LONG = b"0123456789" * 8 + b"\r"


def wait(pico: EmulatedPico, text: str, times: int = 1) -> None:
    """Until `text` was printed so often."""
    assert pico.run_until(lambda: pico.console.count(text) == times, 6000), pico.console


def line_of(pico: EmulatedPico, word: str) -> str:
    return next(line for line in pico.console.splitlines() if line.startswith(word))


def test_codes_arrive_at_every_speed_and_no_channel_is_taken_twice() -> None:
    pico = started(EVERY_SPEED, Parts())
    for number, baud in enumerate(SPEEDS):
        wait(pico, "listening", number + 1)
        pico.barcode.send(CODE + AMID + LONG, baud)
        wait(pico, "heard", number + 1)
    wait(pico, "channels ")
    heard = [line for line in pico.console.splitlines() if line.startswith("heard")]
    assert heard == [f"heard {baud} {CODE + AMID + LONG}" for baud in SPEEDS]
    assert line_of(pico, "channels") == "channels True 11"
    assert (pico.barcode.lost, pico.barcode.garbled, pico.barcode.unheard) == (0, 0, 0)
    erased = [at for at, kind, _ in pico.flash_log if kind == "erase"]
    assert len(erased) == len(SPEEDS), "the flash was not busy at each speed"


def test_a_code_that_nobody_has_read_survives_the_change() -> None:
    pico = started(UNREAD, Parts())
    wait(pico, "listening 9600")
    pico.barcode.send(b"4006381333931 ", 9600)
    wait(pico, "listening 115200")
    pico.barcode.send(b"5901234123457 ", 115200)
    wait(pico, "heard ")
    assert line_of(pico, "heard") == "heard b'4006381333931 5901234123457 '"
    assert pico.barcode.lost == 0


def test_what_is_written_goes_out_before_the_change_and_what_follows_after_it() -> None:
    """With a wire from TX to RX: bytes of another speed would come back as others."""
    pico = started(LOOP, Parts(loopback=True, barcode=False))
    wait(pico, "heard ")
    assert line_of(pico, "heard") == "heard b'at 9600 at 115200'"
