"""What an image with frozen code carries for this board, beside firmware/manifest.py."""

include("$(PORT_DIR)/boards/manifest.py")  # noqa: F821 MicroPython's manifest language
include("../../firmware/manifest.py")  # noqa: F821
module("board.py")  # noqa: F821
module("pins.py")  # noqa: F821
module("decode_thumb.py")  # noqa: F821
module("sha256_thumb.py")  # noqa: F821
module("uart_dma.py")  # noqa: F821
