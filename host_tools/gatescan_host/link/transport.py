"""Serial transport that cannot hang: device files, ptys and `socket://` addresses.

Adds to smpclient's transport what it lacks: a write timeout, a lock on the port, a short
polling interval, a way to throw stale input away, and pyserial's URL handlers.
"""

import asyncio

import serial
from smpclient.transport import SMPTransportDisconnected
from smpclient.transport.serial import SMPSerialTransport
from typing_extensions import override

from gatescan_host.errors import Exit, GatescanError
from gatescan_host.link.patience import patient

try:
    from termios import error as _terminal_error
except ImportError:  # no POSIX: nothing raises it there
    _terminal_error = OSError  # type: ignore[misc,assignment]

# what pyserial lets out when the device behind an open port goes away; SerialException is OSError
GONE = (OSError, _terminal_error)
_WRITE_TIMEOUT_S = 2.0
_POLL_S = 0.001


def open_port(address: str, timeout_s: float = 0.0) -> serial.Serial:
    """The port at `address`, empty; reading waits at most `timeout_s`.

    Raises GatescanError when it is absent or somebody else's.
    """
    limit_s = patient(_WRITE_TIMEOUT_S)
    try:
        if "://" in address:
            port = serial.serial_for_url(address, timeout=timeout_s, write_timeout=limit_s)
        else:
            port = serial.Serial(
                address, 115200, timeout=timeout_s, write_timeout=limit_s, exclusive=True
            )
        port.reset_input_buffer()
    except serial.SerialException as fault:
        if "lock" in str(fault):
            raise GatescanError(
                f"The port {address} is in use by another program: close it and try again.",
                Exit.BUSY,
            ) from None
        raise GatescanError(
            f"There is no scanner at {address}: check cable and name "
            "(`gatescan ports` lists what answers).",
            Exit.NO_DEVICE,
        ) from None
    except (OSError, ValueError):
        raise GatescanError(
            f"{address} cannot be opened as a serial port: check the name.", Exit.NO_DEVICE
        ) from None
    return port


class ScannerTransport(SMPSerialTransport):
    """SMP over console on anything pyserial opens."""

    _POLLING_INTERVAL_S = _POLL_S  # type: ignore[misc] # smpclient's 5 ms rule the throughput

    @override
    async def connect(self, address: str, timeout_s: float) -> None:
        """Open `address`; raises GatescanError when it is absent or somebody else's."""
        self._reset_state()
        port = open_port(address)
        if not hasattr(port, "out_waiting"):
            # The network handlers of pyserial have no output queue to ask for.
            vars(port)["out_waiting"] = 0
        self._conn = port  # type: ignore[misc]

    @override
    async def send(self, data: bytes) -> None:
        """Write one message; raises SMPTransportDisconnected when the port is gone."""
        try:
            await super().send(data)
        except GONE as fault:
            raise SMPTransportDisconnected(str(fault)) from fault

    @override  # type: ignore[misc] # final there, and wanting
    async def _read_all(self) -> bytes:
        """What has arrived; gives timeouts their turn even when the other side never pauses."""
        await asyncio.sleep(0)
        try:
            return self._conn.read_all() or b""
        except GONE as fault:
            raise SMPTransportDisconnected(str(fault)) from fault

    def drop_input(self) -> None:
        """Throw away what has arrived and was not asked for."""
        self._buffer.clear()
        self._serial_buffer.clear()
        self._buffer_state = SMPSerialTransport.BufferState.SERIAL
        while not self._smp_packet_queue.empty():
            self._smp_packet_queue.get_nowait()
        try:
            self._conn.reset_input_buffer()
        except GONE as fault:
            raise SMPTransportDisconnected(str(fault)) from fault
