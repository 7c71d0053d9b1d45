"""GPIO numbers, made by make_pins.py; edit pins.csv."""

from gatescan.core.compat import const

RFID_TX = const(0)  # pin 1
RFID_RX = const(1)  # pin 2
BARCODE_TX = const(4)  # pin 6
BARCODE_RX = const(5)  # pin 7
DISPLAY_SDA = const(8)  # pin 11
DISPLAY_SCL = const(9)  # pin 12
BUTTON_OK = const(12)  # pin 16
BUTTON_BACK = const(13)  # pin 17
SOUNDER = const(14)  # pin 19
LIGHT = const(16)  # pin 21
NFC_SCK = const(18)  # pin 24
NFC_MOSI = const(19)  # pin 25
NFC_MISO = const(20)  # pin 26
NFC_CS = const(21)  # pin 27
NFC_RESET = const(22)  # pin 29
NFC_SDA = const(26)  # pin 31
NFC_SCL = const(27)  # pin 32
