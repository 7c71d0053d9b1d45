"""A `machine` that writes down what a board asks of it, and refuses what its port would.

The arguments are those of MicroPython 1.28 (ports/rp2, ports/esp32): a name that a port does not
know is a TypeError here as on the board, and so is a pin that its peripheral cannot reach.
"""

from __future__ import annotations

import types
from dataclasses import dataclass, field
from typing import Any

from host.boards.chips import RP2, Port


@dataclass
class Use:
    """What is known about one GPIO."""

    direction: str = ""
    pull: str = "none"
    roles: set[str] = field(default_factory=set)


@dataclass
class Record:
    """Everything a board's constructors did."""

    pins: dict[int, Use] = field(default_factory=dict)
    uarts: dict[int, dict[str, Any]] = field(default_factory=dict)
    calls: list[tuple[Any, ...]] = field(default_factory=list)  # of UARTs, with interrupts off?
    buses: dict[int, dict[str, Any]] = field(default_factory=dict)
    spis: dict[int, dict[str, Any]] = field(default_factory=dict)
    dmas: list[dict[str, Any]] = field(default_factory=list)
    memory: dict[int, int] = field(default_factory=dict)
    stores: list[tuple[int, int]] = field(default_factory=list)  # (address, value) written
    watchdog_ms: list[int] = field(default_factory=list)
    levels: dict[int, int] = field(default_factory=dict)  # GPIO -> what an output starts with
    resets: int = 0
    reset_cause: int = 1
    pixels: list[int] = field(default_factory=list)
    edges: list[tuple[int, int]] = field(default_factory=list)  # (GPIO, level) written
    pulls: list[tuple[int, str]] = field(default_factory=list)  # (GPIO, pull) set
    imsc_after_init: int = 0x70  # TXIM, RXIM, RTIM
    stuck: bool = False  # nothing that is written goes out
    interrupts_off: list[bool] = field(default_factory=list)

    def use(self, gpio: int, role: str, direction: str, pull: str = "") -> None:
        """A peripheral takes the pin over."""
        use = self.pins.setdefault(gpio, Use())
        use.roles.add(role)
        use.direction = direction
        if pull:
            use.pull = pull


def _pin_class(port: Port, record: Record) -> type:
    class Pin:
        IN, OUT, OPEN_DRAIN, PULL_UP, PULL_DOWN = 0, 1, 2, 1, 2
        level = 1  # of every pin; a test lets a device hold a line low

        def __init__(
            self, gpio: int, mode: int = -1, pull: int = -1, *, value: int | None = None
        ) -> None:
            if gpio not in port.gpios:
                raise ValueError(f"GPIO {gpio} is not free on this board")
            self.gpio = gpio
            record.pins.setdefault(gpio, Use())
            if value is not None and mode == self.OUT:
                record.levels[gpio] = value
            if mode != -1:
                self.init(mode, pull)

        def __call__(self, level: int | None = None) -> int | None:
            return self.value(level)

        def init(self, mode: int = -1, pull: int = -1) -> None:
            use = record.pins[self.gpio]
            directions = {self.IN: "in", self.OUT: "out", self.OPEN_DRAIN: "bus"}
            use.direction = directions.get(mode, use.direction)
            use.pull = {self.PULL_UP: "up", self.PULL_DOWN: "down"}.get(pull, "none")
            record.pulls.append((self.gpio, use.pull))

        def value(self, level: int | None = None) -> int | None:
            if level is None:
                return self.level
            record.edges.append((self.gpio, level))
            return None

    return Pin


def _uart_class(port: Port, record: Record) -> type:
    class UART:
        def __init__(
            self, number: int, baudrate: int = 115200, *,
            tx: Any, rx: Any, rxbuf: int = 256, txbuf: int = 256, timeout: int = 0,
        ) -> None:  # fmt: skip
            if number not in port.uarts:
                raise ValueError(f"UART({number}) doesn't exist")
            for pin, kind in ((tx, "TX"), (rx, "RX")):
                if not port.uart_pin(number, pin.gpio, kind):
                    raise ValueError(f"bad {kind} pin")
                record.use(pin.gpio, f"UART{number} {kind}", "out" if kind == "TX" else "in")
            self._number = number
            record.uarts[number] = {"baud": baudrate, "rxbuf": rxbuf, "timeout": timeout}

        def init(self, baudrate: int = -1, *, rxbuf: int = -1) -> None:
            # Either port takes an absent argument for "as it is".
            record.uarts[self._number]["baud"] = baudrate
            record.calls.append(("init", record.interrupts_off[-1:] == [True], rxbuf))
            if port is RP2:
                # uart_init of the SDK resets the block and switches both DMA requests on, then
                # the port asks for receive interrupts.
                base = (0x40034000, 0x40038000)[self._number]
                record.memory |= {base + 0x48: 3, base + 0x38: record.imsc_after_init}

        def readinto(self, buffer: bytearray) -> None:
            return None

        def write(self, data: bytes) -> int:
            return len(data)

        def flush(self) -> None:
            record.calls.append(("flush", record.interrupts_off[-1:] == [True]))
            if record.stuck:
                raise OSError(110)

    return UART


def _i2c_class(port: Port, record: Record) -> type:
    class I2C:
        def __init__(
            self, number: int, *, sda: Any, scl: Any, freq: int = 400_000, timeout: int = 50_000
        ) -> None:
            for pin, kind in ((sda, "SDA"), (scl, "SCL")):
                if number not in (0, 1) or not port.i2c_pin(number, pin.gpio, kind):
                    raise ValueError(f"bad {kind} pin")
                # Both ports switch the chip's own pull-ups on.
                record.use(pin.gpio, f"I2C{number} {kind}", "bus", "up")
            record.buses[number] = {"hz": freq, "timeout_us": timeout}

    return I2C


def _spi_class(port: Port, record: Record) -> type:
    class SPI:
        def __init__(
            self, number: int, *, baudrate: int, polarity: int, phase: int,
            sck: Any, mosi: Any, miso: Any,
        ) -> None:  # fmt: skip
            if number not in port.spis:
                raise ValueError(f"SPI({number}) doesn't exist")
            for pin, kind in ((sck, "SCK"), (mosi, "MOSI"), (miso, "MISO")):
                if not port.spi_pin(number, pin.gpio, kind):
                    raise ValueError(f"bad {kind} pin")
                record.use(pin.gpio, f"SPI{number} {kind}", "in" if kind == "MISO" else "out")
            record.spis[number] = {"hz": baudrate, "mode": 2 * polarity + phase}

        def write_readinto(self, out: bytes, into: bytearray) -> None:
            assert len(out) == len(into)

    return SPI


def _machine(port: Port, record: Record) -> types.ModuleType:
    machine = types.ModuleType("machine")

    class Memory:
        def __getitem__(self, address: int) -> int:
            return record.memory.get(address, 0)

        def __setitem__(self, address: int, value: int) -> None:
            record.memory[address] = value & 0xFFFFFFFF
            record.stores.append((address, value))

    class PWM:
        def __init__(self, pin: Any, *, freq: int, duty_u16: int) -> None:
            record.use(pin.gpio, "PWM", "out")
            assert duty_u16 == 0, "the sounder must start silent"

    class WDT:
        def __init__(self, id: int = 0, timeout: int = 5000) -> None:  # noqa: A002
            if id != 0 or not 0 < timeout <= port.watchdog_max_ms:
                raise ValueError(f"timeout exceeds {port.watchdog_max_ms}")
            record.watchdog_ms.append(timeout)

    def reset() -> None:
        record.resets += 1

    def disable_irq() -> int:
        record.interrupts_off.append(True)
        return 7

    def enable_irq(state: int) -> None:
        assert state == 7, "enable_irq takes what disable_irq gave"
        record.interrupts_off.append(False)

    parts: dict[str, Any] = {
        "Pin": _pin_class(port, record), "UART": _uart_class(port, record),
        "I2C": _i2c_class(port, record), "SPI": _spi_class(port, record), "PWM": PWM,
        "WDT": WDT, "mem32": Memory(),
        "RTC": type("RTC", (), {}), "reset": reset, "unique_id": lambda: port.unique_id,
        "reset_cause": lambda: record.reset_cause, **port.reset_causes,
        "disable_irq": disable_irq, "enable_irq": enable_irq,
    }  # fmt: skip
    for name, part in parts.items():
        setattr(machine, name, part)
    return machine


def _rp2(record: Record) -> types.ModuleType:
    rp2 = types.ModuleType("rp2")

    class DMA:
        write = 0x20001000

        def pack_ctrl(self, **fields: Any) -> dict[str, Any]:
            return fields

        def config(self, **settings: Any) -> None:
            record.dmas.append(settings)

    class Flash:
        def __init__(self, *, start: int = 0, len: int = 0) -> None:  # noqa: A002
            self.start = start

        def ioctl(self, operation: int, argument: int) -> int:
            return {4: 352, 5: 4096}.get(operation, 0)

    rp2.DMA, rp2.Flash = DMA, Flash  # type: ignore[attr-defined]
    return rp2


def _esp32() -> types.ModuleType:
    esp32 = types.ModuleType("esp32")

    class Partition:
        TYPE_APP, TYPE_DATA = 0, 1

        @staticmethod
        def find(type: int = 0, subtype: int = 255, label: str | None = None) -> list:  # noqa: A002
            return [Partition()] if (type, label) == (Partition.TYPE_DATA, "vfs") else []

        def ioctl(self, operation: int, argument: int) -> int:
            return {4: 1536, 5: 4096}.get(operation, 0)  # 6 MiB

    esp32.Partition = Partition  # type: ignore[attr-defined]
    return esp32


def modules(port: Port, record: Record) -> dict[str, types.ModuleType]:
    """The modules of `port` that a board imports, by name; all calls end up in `record`."""
    neopixel, micropython = types.ModuleType("neopixel"), types.ModuleType("micropython")
    uctypes = types.ModuleType("uctypes")

    class NeoPixel:
        def __init__(self, pin: Any, count: int) -> None:
            record.use(pin.gpio, "NeoPixel", "out")
            record.pixels.append(count)

    neopixel.NeoPixel = NeoPixel  # type: ignore[attr-defined]
    micropython.const = lambda value: value  # type: ignore[attr-defined]
    micropython.kbd_intr = lambda char: None  # type: ignore[attr-defined]
    micropython.RingIO = bytearray  # type: ignore[attr-defined]
    micropython.asm_thumb = lambda function: function  # type: ignore[attr-defined]
    uctypes.addressof = lambda buffer: 0x20000F00  # type: ignore[attr-defined]
    own = {"rp2": _rp2(record), "uctypes": uctypes} if port is RP2 else {"esp32": _esp32()}
    return {
        "machine": _machine(port, record), "neopixel": neopixel, "micropython": micropython, **own
    }  # fmt: skip
