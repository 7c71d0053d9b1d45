"""What is frozen into an image or copied to a board: the firmware, whatever the board."""

# asyncio is part of every image; neopixel is frozen in the stock ones and required for others.
require("neopixel")  # noqa: F821 - manifests run inside MicroPython's manifest processor
package("gatescan")  # noqa: F821
module("boot.py")  # noqa: F821
module("finder.py")  # noqa: F821
module("main.py")  # noqa: F821
module("unpack.py")  # noqa: F821
