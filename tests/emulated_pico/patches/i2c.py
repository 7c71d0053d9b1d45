"""I2C: a byte takes nine clocks of the bus."""

from collections.abc import Callable

from rp2040py.peripherals.i2c import RPI2C

_BITS = 9  # eight and the acknowledge


def take_byte_time(i2c: RPI2C) -> None:
    """Delay the parts' answers by the bus clock that the program has set (22.5 us at 400 kHz).

    0.3.6 moves a byte in no time: a picture of 1024 bytes takes 2 ms instead of 23.
    """
    connect, write = i2c.complete_connect, i2c.complete_write
    read, stop, reset = i2c.complete_read, i2c.complete_stop, i2c.reset
    waiting: list[Callable[[], None]] = []  # at most one: the bus does one thing at a time

    def go_on() -> None:
        if waiting:
            waiting.pop()()

    alarm = i2c.rp2040.clock.create_alarm(go_on)

    def after(bits: int, step: Callable[[], None]) -> None:
        waiting[:] = [step]
        alarm.schedule(bits * bit_ns(i2c))

    def reset_the_bus() -> None:
        waiting.clear()
        alarm.cancel()
        reset()

    i2c.complete_connect = lambda ack, nack_byte=0: after(_BITS, lambda: connect(ack, nack_byte))
    i2c.complete_write = lambda ack: after(_BITS, lambda: write(ack))
    i2c.complete_read = lambda value: after(_BITS, lambda: read(value))
    i2c.complete_stop = lambda: after(1, stop)
    i2c.reset = reset_the_bus


def bit_ns(i2c: RPI2C) -> float:
    """Length of one bit in nanoseconds, from the clock's high and low counts."""
    return (i2c.scl_high_period + i2c.scl_low_period) * 1e9 / i2c.rp2040.clk_sys
