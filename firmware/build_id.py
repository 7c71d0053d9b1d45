"""The build id of files that `mpremote mip install` brings: they are copied as they lie here.

`gatescan deploy` writes another module in its place, with the id that it has computed.
"""

BUILD_ID = "unknown"
