"""The emulated Pico with its parts, driven step by step on the emulated clock."""

from collections.abc import Callable, Mapping
from pathlib import Path

from rp2040py.boards import BoardSpec
from rp2040py.device import MicroPythonDevice
from rp2040py.execute_batch import execute_batch

from emulated_pico import flash_image
from emulated_pico.fork import Remote
from emulated_pico.models.button import Button
from emulated_pico.models.flash_chip import FlashChip
from emulated_pico.models.light import Light
from emulated_pico.models.panel import Panel
from emulated_pico.models.serial_line import SerialLine
from emulated_pico.models.sounder import Sounder
from emulated_pico.models.timebase import Timebase
from emulated_pico.models.usb_host import UsbHost
from emulated_pico.parts import Parts, i2c_of, pins, uart_of
from emulated_pico.patches import everything

POLL_MS = 0.25
_PROGRAM_AT = 0x10000000  # flash: where the boot ROM jumps to
_FS = slice(flash_image.REGION_AT, flash_image.REGION_AT + flash_image.REGION_BYTES)


class EmulatedPico:
    """A board on the bench. Times are emulated milliseconds since it was built."""

    def __init__(
        self,
        uf2: Path | str,
        files: Mapping[str, bytes] | None = None,
        flash: bytes | None = None,
        parts: Parts | None = None,
    ) -> None:
        """`files` go into a fresh file system; `flash` is a whole one; neither: an erased chip."""
        if files is not None and flash is not None:
            raise ValueError("give files or a flash image, not both")
        if flash is None:
            empty = b"\xff" * flash_image.REGION_BYTES
            flash = empty if files is None else flash_image.build(files)
        if len(flash) != flash_image.REGION_BYTES:
            raise ValueError(f"a flash image has {flash_image.REGION_BYTES} bytes")
        self.parts = parts or Parts()
        self._uf2 = Path(uf2)
        self._flash = bytes(flash)
        self._device: MicroPythonDevice | None = None
        self.between_batches: Callable[[], None] = lambda: None  # called every 5 ms of wall time
        self._time = time = Timebase()
        self._usb = UsbHost()
        self._chip = FlashChip(time, self.cut_power)
        gpio, have = pins(), self.parts
        loop = have.loopback
        self.barcode = SerialLine(
            "barcode", uart_of(gpio["barcode_rx"]), time, have.barcode or loop, loop
        )
        self.rfid = SerialLine("rfid", uart_of(gpio["rfid_rx"]), time, have.rfid, False)
        self.panel = Panel(i2c_of(gpio["display_sda"]), time, have.display)
        self.light = Light(gpio["light"], time, have.light)
        self.sounder = Sounder(gpio["sounder"], time, have.sounder)
        self.ok = Button("ok", gpio["button_ok"], have.buttons)
        self.back = Button("back", gpio["button_back"], have.buttons)

    # --- power ---

    @property
    def powered(self) -> bool:
        """False before power_on and after a cut."""
        return self._device is not None

    def power_on(self) -> None:
        """Cold start: flash as it was left, RAM, clock and panel forgotten. Runs nothing yet."""
        if self._device is not None:
            raise RuntimeError("the power is on already: cut_power() first")
        self._device = device = MicroPythonDevice(board=BoardSpec(image=self._uf2))
        device.mcu.flash[_FS] = self._flash
        everything.apply(device)
        self._time.start(device.mcu.clock)
        self._usb.attach(device.cdc, device.mcu.clock)
        for part in self._attached():
            part.attach(device.mcu)
        device.mcu.core.pc = _PROGRAM_AT

    def cut_power(self) -> None:
        """Pull the plug, at this instant."""
        if self._device is None:
            return
        self._flash = bytes(self._device.mcu.flash[_FS])
        self._device.simulator.stop()
        for part in (*self._attached(), self._usb):
            part.power_off()
        self._time.stop()
        self._device = None

    def cut_power_in_flash(self, operation: int, done_part: float = 1.0) -> None:
        """Plan a power cut in the n-th flash operation from now; see FlashChip.cut_at."""
        self._chip.cut_at(operation, done_part)

    # --- time ---

    @property
    def now_ms(self) -> float:
        """Emulated time; it stands still while the power is off."""
        return self._time.now_ms

    @property
    def cpu_cycles(self) -> int:
        """Cycles since power-on in which the CPU did not sleep; 125 million a second at most."""
        return self._on().mcu.core.cycles

    def run_ms(self, ms: float) -> None:
        """Let emulated time pass; ends early when the power fails.

        A flash operation under way is finished first: up to 150 ms more.
        """
        device = self._on()
        alarm = device.mcu.clock.create_alarm(device.simulator.stop)
        alarm.schedule(ms * 1e6)
        try:
            self._run(device)
        finally:
            alarm.cancel()

    def run_until(
        self, condition: Callable[[], object], timeout_ms: float, poll_ms: float = POLL_MS
    ) -> bool:
        """Run until `condition()` is true; False when `timeout_ms` have passed or power failed."""
        device = self._on()
        end_ms = self.now_ms + timeout_ms
        met = False

        def look() -> None:
            nonlocal met
            met = bool(condition())
            if met or self.now_ms >= end_ms:
                device.simulator.stop()
            else:
                alarm.schedule(poll_ms * 1e6)

        alarm = device.mcu.clock.create_alarm(look)
        alarm.schedule(0)
        try:
            self._run(device)
        finally:
            alarm.cancel()
        return met

    def wait_console(self, text: str, timeout_ms: float, after: int = 0) -> bool:
        """Run until `text` stands in the console behind the first `after` characters."""
        return self.run_until(lambda: text in self.console[after:], timeout_ms)

    def wait_pictures(self, count: int, timeout_ms: float) -> bool:
        """Run until the panel has shown `count` whole pictures in all."""
        return self.run_until(lambda: self.panel.pictures >= count, timeout_ms)

    # --- link and flash ---

    @property
    def console(self) -> str:
        """All text that came over USB and was no SMP frame."""
        return self._usb.console

    @property
    def frames(self) -> list[bytes]:
        """All SMP packets that came over USB."""
        return self._usb.frames

    def link_write(self, data: bytes) -> None:
        """Send bytes to the board over USB, at the pace of a full-speed bus."""
        self._usb.write(data)

    @property
    def link_pending(self) -> int:
        """Bytes written that the bus has not taken yet."""
        return self._usb.pending

    def link_read(self) -> bytes:
        """Raw bytes that came over USB since the last call."""
        return self._usb.read()

    @property
    def flash_log(self) -> list[tuple[float, str, int]]:
        """(ms at the start, "erase" or "program", address in the chip)."""
        return self._chip.log

    def flash_bytes(self) -> bytes:
        """The file system's region as it is now; flash_image.read() takes it apart."""
        return self._flash if self._device is None else bytes(self._device.mcu.flash[_FS])

    # --- copies ---

    def fork(self) -> Remote:
        """This machine as it is now, continued in a child process; this one stays as it was.

        A context manager: the child ends with it. See fork.Remote.
        """
        return Remote(self)

    def _on(self) -> MicroPythonDevice:
        if self._device is None:
            raise RuntimeError("the power is off: call power_on() first")
        return self._device

    def _attached(self) -> tuple:
        return (
            self.barcode, self.rfid, self.panel, self.light, self.sounder, self.ok, self.back,
            self._chip,
        )  # fmt: skip

    def _run(self, device: MicroPythonDevice) -> None:
        simulator = device.simulator
        simulator.stopped = False
        while not simulator.stopped:
            execute_batch(simulator, 1)
            self.between_batches()
