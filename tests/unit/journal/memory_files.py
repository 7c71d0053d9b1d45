"""A file system in memory for the journal's tests, with the cuts that flash gives it."""


class PowerCut(OSError):
    """The power went while something was written."""


class MemoryFiles:
    """`cut_after` bytes of the next append are kept, then the power goes; None = no cut."""

    def __init__(self, files=None):
        self.files = {} if files is None else {k: bytearray(v) for k, v in files.items()}
        self.cut_after = None
        self.noise = b""  # what the cut leaves behind the kept bytes
        self.fail_remove = False

    def list(self):
        return list(self.files)

    def size(self, name):
        return len(self._file(name))

    def _file(self, name):
        if name not in self.files:
            raise OSError(2)
        return self.files[name]

    def read(self, name, offset, buffer):
        data = self._file(name)[offset : offset + len(buffer)]
        memoryview(buffer)[: len(data)] = data
        return len(data)

    def append(self, name, data):
        if self.cut_after is not None:
            kept = bytes(data)[: self.cut_after] + self.noise
            self.cut_after = None
            self.files.setdefault(name, bytearray()).extend(kept)
            raise PowerCut(5)
        self.files.setdefault(name, bytearray()).extend(data)

    def remove(self, name):
        if self.fail_remove:
            raise OSError(5)
        self._file(name)
        del self.files[name]
