"""A Raspberry Pi Pico in software: a stock MicroPython image, our wiring, the emulated clock.

`machine.EmulatedPico` is the door; README.md says what is modelled and what is not. Import this
before rp2040py, so that the faster build of it is found (faster.py).
"""

from emulated_pico import faster, stock

# Nobody without an image shall wait for a compiler.
if stock.find()[0]:
    faster.use()
