"""GPIO numbers, made by make_pins.py; edit pins.csv."""

from gatescan.core.compat import const

BUTTON_OK = const(4)  # pin J1-4
BUTTON_BACK = const(5)  # pin J1-5
SOUNDER = const(6)  # pin J1-6
LIGHT = const(7)  # pin J1-7
RFID_TX = const(15)  # pin J1-8
RFID_RX = const(16)  # pin J1-9
BARCODE_TX = const(17)  # pin J1-10
BARCODE_RX = const(18)  # pin J1-11
DISPLAY_SDA = const(8)  # pin J1-12
DISPLAY_SCL = const(9)  # pin J1-15
NFC_CS = const(10)  # pin J1-16
NFC_MOSI = const(11)  # pin J1-17
NFC_SCK = const(12)  # pin J1-18
NFC_MISO = const(13)  # pin J1-19
NFC_RESET = const(14)  # pin J1-20
NFC_SDA = const(1)  # pin J3-4
NFC_SCL = const(2)  # pin J3-5
