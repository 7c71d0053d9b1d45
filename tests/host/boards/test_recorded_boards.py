"""What board.py does with `machine` is what pins.csv says, on every real board."""

import pytest

from gatescan.app.bring_up import RESET_CAUSES
from host.boards.recorded import BOARDS, Recorded, make_pins

# The device that a name belongs to -> the role that the board must give the pin.
ROLES = {
    "sounder": {"PWM"}, "light": {"NeoPixel"}, "button_ok": set(), "button_back": set(),
    "nfc_cs": set(), "nfc_reset": set(),
}  # fmt: skip


def pins_of(name: str) -> dict[int, dict[str, str]]:
    return {int(row["gpio"]): row for row in make_pins().rows_of(BOARDS / name / "pins.csv")}


def test_every_pin_is_in_the_list_and_every_listed_pin_is_used(board: Recorded) -> None:
    assert set(board.record.pins) == set(pins_of(board.name))


def test_direction_and_pull_are_those_of_the_list(board: Recorded) -> None:
    listed = {g: (r["direction"], r["pull"]) for g, r in pins_of(board.name).items()}
    assert {g: (use.direction, use.pull) for g, use in board.record.pins.items()} == listed


def test_no_pin_serves_two_devices(board: Recorded) -> None:
    for gpio, use in board.record.pins.items():
        assert len(use.roles) <= 1, f"GPIO {gpio} is {' and '.join(sorted(use.roles))}"


def test_each_pin_has_the_role_that_its_name_and_note_say(board: Recorded) -> None:
    for gpio, row in pins_of(board.name).items():
        roles = board.record.pins[gpio].roles
        if row["name"] in ROLES:
            assert roles == ROLES[row["name"]], row
        else:
            (role,) = roles
            assert row["note"].startswith(f"{role};"), (row, role)
            assert row["name"].endswith(role.split()[1].lower()), (row, role)


def test_the_readers_listen_at_the_baud_rates_that_the_board_names(board: Recorded) -> None:
    bauds = {}
    for gpio, row in pins_of(board.name).items():
        if row["name"].endswith("_rx"):
            (role,) = board.record.pins[gpio].roles
            number = int(role.split()[0].removeprefix("UART"))
            bauds[row["name"]] = board.record.uarts[number]["baud"]
            assert board.record.uarts[number]["timeout"] == 0, "reading must never wait"
    assert bauds == {
        "barcode_rx": board.module.BARCODE_BAUD,
        "rfid_rx": board.module.RFID_BAUD,
    }


def test_the_panel_has_a_fast_bus_that_gives_up(board: Recorded) -> None:
    bus = board.record.buses[0]
    assert bus["hz"] == 400_000
    # 1,025 bytes of nine bits must fit; a panel that holds the bus must not hold the scanner.
    assert 1025 * 9 * 1_000_000 / bus["hz"] < bus["timeout_us"] <= 100_000


@pytest.mark.parametrize(
    ("call", "name", "bus"), [("i2c_display", "display_scl", 0), ("nfc_i2c", "nfc_scl", 1)]
)
def test_a_device_that_holds_its_bus_is_clocked_free(
    board: Recorded, call: str, name: str, bus: int
) -> None:
    """On the clock line only: nine periods, then the bus as always."""
    scl = next(g for g, row in pins_of(board.name).items() if row["name"] == name)
    assert board.record.edges == []
    board.module.machine.Pin.level = 0
    getattr(board.module, call)()
    assert board.record.edges == [(scl, 0), (scl, 1)] * 9
    assert board.record.pins[scl].roles == {f"I2C{bus} SCL"}


def test_an_nfc_reader_has_a_slow_bus_that_gives_up(board: Recorded) -> None:
    from gatescan.drivers.rfid.pn532_bus import I2cBus

    bus = board.record.buses[1]
    assert bus["hz"] == 100_000
    longest = len(I2cBus(None)._buffer) + 1  # type: ignore[arg-type]  # and the address
    assert longest * 9 * 1_000_000 / bus["hz"] < bus["timeout_us"] <= 50_000


def test_an_nfc_reader_has_spi_in_mode_0_at_a_speed_that_wires_take(board: Recorded) -> None:
    (bus,) = board.record.spis.values()
    assert bus["mode"] == 0
    assert bus["hz"] <= 4_000_000


def test_an_nfc_reader_is_on_and_not_selected_until_somebody_says_so(board: Recorded) -> None:
    gpios = {row["name"]: gpio for gpio, row in pins_of(board.name).items()}
    assert board.record.levels == {gpios["nfc_cs"]: 1, gpios["nfc_reset"]: 1}
    _, select = board.module.nfc_spi()
    reset = board.module.nfc_reset()
    select(0)
    reset(0)
    reset(1)
    assert board.record.edges[-3:] == [
        (gpios["nfc_cs"], 0), (gpios["nfc_reset"], 0), (gpios["nfc_reset"], 1)
    ]  # fmt: skip


def test_nothing_of_an_nfc_reader_is_touched_before_it_is_asked_for(board: Recorded) -> None:
    """A board without one keeps those pins as the chip starts with them."""
    record = board.record
    own = {gpio for gpio, row in pins_of(board.name).items() if row["name"].startswith("nfc_")}
    assert own <= set(record.pins)
    for gpio in own:
        del record.pins[gpio]
    for call in ("i2c_display", "barcode_uart", "rfid_uart", "button_pins", "sounder_pwm"):
        getattr(board.module, call)()
    assert not own & set(record.pins)


@pytest.mark.parametrize("name", ["barcode", "rfid"])
def test_a_line_changes_its_speed_and_nothing_else(board: Recorded, name: str) -> None:
    line = getattr(board.module, f"{name}_uart")()
    before = {number: dict(uart) for number, uart in board.record.uarts.items()}
    line.set_baud(115_200)
    after = board.record.uarts
    (changed,) = [n for n in after if after[n] != before[n]]
    assert after[changed] == {**before[changed], "baud": 115_200}
    assert board.record.calls[-1][0] == "init" and board.record.calls[-1][2] == -1
    line.set_baud(9600)
    assert after == before


def test_a_pin_that_the_spi_cannot_reach_is_refused(board: Recorded) -> None:
    machine = board.module.machine
    pin = machine.Pin(8)
    with pytest.raises(ValueError):
        machine.SPI(
            0, baudrate=1, polarity=0, phase=0, sck=pin, mosi=machine.Pin(9), miso=machine.Pin(10)
        )


def test_a_held_line_is_told_from_an_open_one_and_pulled_up_again(board: Recorded) -> None:
    machine, gpios = board.module.machine, {r["name"]: g for g, r in pins_of(board.name).items()}
    for reader in ("barcode", "rfid"):
        gpio = gpios[f"{reader}_rx"]
        pad = 0x4001C004 + 4 * gpio  # RP2040 datasheet 2.19.6.3: pull-up is bit 3, down bit 2
        for level in (0, 1):
            board.record.memory |= {pad: 0x4A, 0xD0000004: level << gpio}
            board.record.pulls.clear()
            board.record.stores.clear()
            machine.Pin.level = level
            assert board.module.line_held(reader) == bool(level)
            if board.name == "rpi_pico":
                assert board.record.stores == [(pad, 0x46), (pad, 0x4A)]
            else:
                assert board.record.pulls == [(gpio, "down"), (gpio, "up")]
    assert board.record.interrupts_off[-1:] != [True]


def test_one_pixel_and_a_watchdog_of_eight_seconds(board: Recorded) -> None:
    assert board.record.pixels == [1]
    assert board.record.watchdog_ms == [8000]
    assert board.record.resets == 1


def test_a_longer_watchdog_is_no_error(board: Recorded) -> None:
    board.module.watchdog(60_000)
    assert board.record.watchdog_ms[-1] in (60_000, 8388)


def test_a_forbidden_pin_is_refused(board: Recorded) -> None:
    """The recorder can fail: GPIO 24 and 45 are wired to something else on these boards."""
    machine = board.module.machine
    with pytest.raises(ValueError, match="not free"):
        machine.Pin({"rpi_pico": 24, "esp32_s3": 45}[board.name])


def test_a_pin_that_the_uart_cannot_reach_is_refused(board: Recorded) -> None:
    machine = board.module.machine
    pins = {"tx": machine.Pin(8), "rx": machine.Pin(9)}
    with pytest.raises(ValueError):
        machine.UART(0 if board.name == "rpi_pico" else 3, 9600, **pins)


# machine.reset_cause() and, on the RP2040, the watchdog's REASON register -> what the log says
CAUSES = {
    "rpi_pico": {(1, 0): "power_on", (3, 1): "watchdog", (3, 2): "reset"},
    "esp32_s3": {(1, 0): "power_on", (3, 0): "watchdog", (2, 0): "reset", (5, 0): "reset",
                 (0, 0): "reset"},
}  # fmt: skip


def test_reset_causes(board: Recorded) -> None:
    said = {}
    for number, reason in CAUSES[board.name]:
        board.record.reset_cause = number
        board.record.memory[0x40058008] = reason
        said[number, reason] = board.module.reset_cause()
    assert said == CAUSES[board.name]
    assert set(said.values()) <= set(RESET_CAUSES)


@pytest.mark.parametrize("board", ["rpi_pico"], indirect=True)
def test_the_pico_receives_by_dma(board: Recorded) -> None:
    """RP2040 datasheet 2.5.3.1 (DREQ 21 and 23 are the receivers) and 4.2.8 (registers)."""
    expected = {0x40034000: 21, 0x40038000: 23}
    assert {dma["read"]: dma["ctrl"]["treq_sel"] for dma in board.record.dmas} == expected
    for base in expected:
        assert board.record.memory[base + 0x48] & 1, "UARTDMACR: reception asks the DMA"
        assert not board.record.memory[base + 0x38] & 0x50, "UARTIMSC: the driver takes bytes"
    for dma in board.record.dmas:
        ring_bytes = 1 << dma["ctrl"]["ring_size"]
        assert dma["write"] % ring_bytes == 0, "the DMA wraps on addresses"
        assert dma["ctrl"]["ring_sel"] and dma["ctrl"]["inc_write"]
        assert not dma["ctrl"]["inc_read"] and dma["ctrl"]["size"] == 0
