"""The simulated board: the constructors of every board, on the MicroPython unix port."""

import sys
from binascii import unhexlify

import parts
from wire import Stream, setting, trace

from gatescan.core.compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, Callable, Coroutine

    from flash import FileFlash
    from sim_readers import Readers

    from gatescan.app.scanner import Scanner

NAME = "simulator"
STOP_WINDOW_MS = setting("stop_window_ms", 300)  # tests that start it often make it shorter
PANEL_ROWS = 5  # lines on a page, as on the 2.42 inch panel
_RESET_EXIT = 75  # the starter runs the firmware again on this exit code

_buttons = (parts.Pin(setting("held") == "ok"), parts.Pin(setting("held") == "back"))
_oled = parts.Oled()
_oled.plug = "out" if setting("no_display") else "in"
_storage = ""
_readers: "Readers | None" = None
_barcode: "Any" = None
_rfid: "Any" = None  # of an RDM6300


def i2c_display() -> parts.Oled:
    """The I2C bus with the OLED, which may be unplugged."""
    return _oled


def light_pixel() -> parts.Pixel:
    """The WS2812 pixel."""
    return parts.Pixel()


def sounder_pwm() -> parts.Pwm:
    """The PWM of the sounder."""
    return parts.Pwm()


def button_pins() -> "tuple[parts.Pin, parts.Pin]":
    """The pins of the buttons (OK, BACK), low when pressed."""
    return _buttons


def nfc_i2c() -> "Any":
    """The bus of an NFC reader; nobody is on it unless it is a PN532."""
    return _bench().i2c()


def nfc_spi() -> "tuple[Any, Callable[[int], object]]":
    """The bus of an NFC reader and its select pin; open unless it is an MFRC522."""
    return _bench().spi()


def nfc_reset() -> "Callable[[int], object]":
    """The pin that switches an NFC reader off: call it with the level, low = off."""
    return _bench().reset()


def barcode_uart() -> "Any":
    """The serial port of the barcode engine, which sits before the pty unless it is a "line"."""
    global _barcode
    stream = Stream(setting("barcode"), setting("joined", False))
    kind = setting("engine", "line")
    if kind == "line":
        _barcode = stream
    else:
        import sim_engines

        _barcode = sim_engines.wrap(stream, kind)
        if "barcode" in setting("unplugged", ()):
            _barcode.unplug()
    return _barcode


def rfid_uart() -> "Any":
    """The serial port of the RFID reader: a pty, or a simulated R200."""
    global _rfid
    if setting("reader") == "r200":
        from sim_readers import R200Line

        return R200Line(_bench().reader)
    _rfid = Stream(setting("rfid"))
    return _rfid


def line_held(reader: str) -> bool:
    """Whether the reader "barcode" or "rfid" is plugged in and holds its idle line high."""
    if reader == "barcode" and hasattr(_barcode, "plugged"):
        return bool(_barcode.plugged)
    if reader == "rfid" and setting("reader") == "r200":
        return bool(_bench().reader.plug == "in")
    line = _barcode if reader == "barcode" else _rfid
    # one that sends has been plugged in meanwhile
    return reader not in setting("unplugged", ()) or bool(line is not None and line.heard)


def rtc() -> parts.Rtc:
    """The real-time clock."""
    return parts.Rtc()


def link() -> Stream:
    """The serial port of the host."""
    return Stream(setting("link"))


def unique_id() -> bytes:
    """The identity of the board, 8 bytes."""
    return unhexlify(setting("unique_id", "00" * 8))


def watchdog(timeout_ms: int) -> None:
    """No watchdog: a simulated scanner may be stopped in a debugger for as long as one likes."""
    return


def reset() -> None:
    """Restart the firmware; RAM is lost, flash stays."""
    sys.exit(_RESET_EXIT)


def reset_cause() -> str:
    """Why the board started: power_on or reset."""
    return setting("reset_cause", "power_on")


def storage_path() -> str:
    """The folder of the flash file system, ending in a slash."""
    global _storage
    if not _storage:
        import flash

        _storage = flash.mount(setting("flash", "flash.bin")) + "/"
    return _storage


def sha256_code() -> None:
    """The host's own SHA-256 will do: no code of ours."""


def block_decoder() -> None:
    """The decoder in viper will do: no code of ours."""


def flash() -> "FileFlash":
    """The flash chip that the file system lies on; `storage_path` comes first."""
    import flash

    assert flash.device is not None, "the file system is mounted first"
    return flash.device


def observe(event: str, **fields: "Any") -> None:
    """Tell whoever watches what the firmware has decided."""
    trace.emit(event, **fields)


def _bench() -> "Readers":
    global _readers
    if _readers is None:
        from sim_readers import Readers

        kind = setting("reader", "rdm6300")
        _readers = Readers(kind)
        if ("rfid" if kind == "r200" else "nfc") in setting("unplugged", ()):
            _readers.fault({"what": "unplug"})
    return _readers


def background(scanner: "Scanner") -> "tuple[tuple[str, Callable[[], Coroutine]], ...]":
    """Tasks that only this board has: (name, coroutine function)."""
    import control

    # Opened once: the stream of a task that died would close the descriptor when collected.
    stream = Stream(setting("control"))
    return (("control", lambda: control.serve(scanner, _buttons, stream, _bench)),)
