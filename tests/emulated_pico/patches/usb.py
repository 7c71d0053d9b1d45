"""USB: the host side of the serial port keeps quiet while it has nothing to send."""

from rp2040py.clock.clock import IClock
from rp2040py.usb.cdc import USBCDC

_REPLY_NS = 20_000  # from the host's first byte to the packet


def hold_empty_packets(cdc: USBCDC, clock: IClock) -> None:
    """Answer the armed bulk-OUT endpoint when there are bytes, as a real host does.

    0.3.6 answers with an empty packet every 10 us, so the program is woken 100,000 times a
    second, never sleeps, and a second of waiting costs 25 s of computing.
    """
    usb = cdc.usb
    read, send, reset = usb.on_endpoint_read, cdc.send_serial_byte, usb.on_reset
    assert read is not None and reset is not None
    held_bytes: int | None = None  # size of the read that waits for data
    armed = False

    def reply() -> None:
        nonlocal held_bytes, armed
        armed = False
        if held_bytes is not None:
            size, held_bytes = held_bytes, None
            read(cdc._out_endpoint, size)

    alarm = clock.create_alarm(reply)

    def on_endpoint_read(endpoint: int, size: int) -> None:
        nonlocal held_bytes
        if endpoint == cdc._out_endpoint and cdc.tx_fifo.empty:
            held_bytes = size
        else:
            read(endpoint, size)

    def send_serial_byte(value: int) -> None:
        nonlocal armed
        send(value)
        if held_bytes is not None and not armed:
            armed = True
            alarm.schedule(_REPLY_NS)

    def on_reset() -> None:
        nonlocal held_bytes, armed
        held_bytes, armed = None, False
        alarm.cancel()
        reset()

    usb.on_endpoint_read, usb.on_reset = on_endpoint_read, on_reset
    cdc.send_serial_byte = send_serial_byte
