"""The demo table as unit tests open it, on both interpreters: a file that the host has built."""

import gc
import os

from gatescan.core.table.reader import Table


def command(name):
    """The text of a command barcode of the demo table, such as END."""
    for text in (os.getenv("GATESCAN_TEST_COMMANDS") or "").split():
        if text.split("-")[1] == name:
            return text.encode()
    raise AssertionError("no command %s: use tests/micropython/run.py" % name)


def open_table():
    path = os.getenv("GATESCAN_TEST_TABLE")
    if not path:
        raise AssertionError("GATESCAN_TEST_TABLE is not set: use tests/micropython/run.py")
    file = open(path, "rb")  # noqa: SIM115 - open as long as the table
    size = os.stat(path)[6]

    def read_at(offset, buf):
        file.seek(offset)
        if file.readinto(buf) != len(buf):
            raise OSError(5)

    table = Table(read_at, size)
    gc.collect()  # as a board does after it has opened one: the order needs room in one piece
    return table
