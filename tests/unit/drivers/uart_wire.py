"""A UART for the tests of drivers: what waits to be read is put there by the test."""


class Wire:
    """A UART with bytes waiting; keeps what was written."""

    def __init__(self):
        self.waiting = b""
        self.written = b""

    def readinto(self, buf):
        count = min(len(buf), len(self.waiting))
        buf[:count] = self.waiting[:count]
        self.waiting = self.waiting[count:]
        return count or None

    def write(self, data):
        self.written += bytes(data)
        return len(data)
