"""NOR flash in memory, with a file system that lays its files out as littlefs does.

It behaves as the journal must survive it: a program only clears bits, an erase happens when a
block is used again and not when its file goes, directory changes happen or do not, and the power
may go in the middle of any program or erase, torn at any byte or bit.
"""

import random

BLOCK = 4096
PAGE = 256
BLANK = b"\xff" * PAGE


class PowerCut(OSError):
    """The power went while something was written."""


def pointer_bytes(index):
    """littlefs, DESIGN.md: block i of a file begins with ctz(i) + 1 words, the first with none."""
    words = 0
    while index:
        words += 1
        if index & 1:
            break
        index >>= 1
    return 4 * words


class MemoryFlash:
    """Device and folder in one. `cut_in`: the power goes in so manieth operation from now on."""

    def __init__(self, blocks=64, seed=1):
        self.blocks = blocks
        self.pages = {}  # of the device, by number; others are blank
        self.files = {}  # name -> [length, blocks]
        self.cut_in = 0
        self.dead = False  # since the power went
        self.log = []  # "program", "erase", "commit"
        self.fail_remove = False
        self._random = random.Random(seed) if hasattr(random, "Random") else random
        self._open = None
        self._next = 0

    def power_on(self):
        """The power is back."""
        self.dead, self.cut_in, self._open = False, 0, None

    def _operation(self, what):
        """Count one; True when the power goes in the middle of it."""
        if self.dead:
            raise PowerCut(5)
        self.log.append(what)
        if self.cut_in:
            self.cut_in -= 1
            if not self.cut_in:
                self.dead = True
                return True
        return False

    # --- the device ---

    def readblocks(self, block, buf, offset):
        if self.dead:
            raise PowerCut(5)
        assert 0 <= block < self.blocks and offset + len(buf) <= BLOCK
        self._read(block, offset, buf)

    def _read(self, block, offset, buf):
        view = memoryview(buf)
        at = BLOCK * block + offset
        done = 0
        while done < len(view):
            start = (at + done) % PAGE
            part = self.pages.get((at + done) // PAGE, BLANK)[start : start + len(view) - done]
            view[done : done + len(part)] = part
            done += len(part)

    def writeblocks(self, block, buf, offset):
        assert offset % PAGE == 0 and len(buf) % PAGE == 0, "the Pico programs whole pages"
        cut = self._operation("program")
        for at in range(0, len(buf), PAGE):
            self._program((BLOCK * block + offset + at) // PAGE, buf[at : at + PAGE], cut)
        if cut:
            raise PowerCut(5)

    def _program(self, number, data, torn=False):
        if torn:
            data = self._torn(data)
        if bytes(data) == BLANK:
            return
        page = self.pages.setdefault(number, bytearray(BLANK))
        for at in range(PAGE):
            page[at] &= data[at]

    def _torn(self, data):
        """What arrived: all bytes up to one, or of some bytes some bits."""
        kept = self._random.randrange(PAGE + 1)
        out = bytearray(data[:kept]) + BLANK[kept:]
        if self._random.randrange(2):
            for at in range(kept, PAGE):
                out[at] = data[at] | self._random.randrange(256)
        return out

    def _erase(self, block):
        cut = self._operation("erase")
        for number in range(BLOCK // PAGE * block, BLOCK // PAGE * (block + 1)):
            page = self.pages.pop(number, None)
            if cut and page is not None and self._random.randrange(2):
                for at in range(PAGE):
                    page[at] |= self._random.randrange(256)
                self.pages[number] = page
        if cut:
            raise PowerCut(5)

    def ioctl(self, operation, argument):
        return self.blocks if operation == 4 else None

    # --- the folder ---

    def _commit(self):
        """A change of the directory: True when it is done although the power goes."""
        cut = self._operation("commit")
        return not cut or bool(self._random.randrange(2))

    def _end(self):
        if self.dead:
            raise PowerCut(5)

    def list(self):
        self._end()
        return [(name, self.files[name][0]) for name in sorted(self.files)]

    def read(self, name, offset, buffer):
        self._end()
        if name not in self.files:
            raise OSError(2)
        size, blocks = self.files[name]
        count = max(min(len(buffer), size - offset), 0)
        view = memoryview(buffer)[:count]
        begin = 0  # of the block's content in the file
        for index, block in enumerate(blocks):
            head = pointer_bytes(index)
            first, last = max(offset, begin), min(offset + count, begin + BLOCK - head)
            if first < last:
                part = view[first - offset : last - offset]
                self._read(block, head + first - begin, part)
            begin += BLOCK - head
        return count

    def create(self, name):
        self._end()
        self._open = _NewFile(self, name)
        return self._open

    def free(self):
        """Numbers of the blocks that no file has."""
        taken = [block for _, blocks in self.files.values() for block in blocks]
        if self._open is not None:
            taken += self._open.blocks
        return [block for block in range(self.blocks) if block not in taken]

    def allocate(self):
        free = self.free()
        if not free:
            raise OSError(28)
        block = min(free, key=lambda block: (block - self._next) % self.blocks)
        self._next = (block + 1) % self.blocks
        self._erase(block)
        return block

    def rename(self, old, new):
        if self._commit():
            self.files[new] = self.files.pop(old)
        self._end()

    def remove(self, name):
        if self.fail_remove:
            raise OSError(5)
        if name not in self.files:
            raise OSError(2)
        if self._commit():
            del self.files[name]
        self._end()

    def free_blocks(self):
        self._end()
        return len(self.free())

    def nonce(self):
        return bytes([self._random.randrange(256) for _ in range(8)])

    def put(self, name, data, times=1):
        """A file of somebody else, or one that came back from a copy."""
        file = self.create(name)
        for _ in range(times):
            file.write(data)
        file.close()

    def content(self, name):
        """A whole file."""
        data = bytearray(self.files[name][0])
        self.read(name, 0, data)
        return data


class _NewFile:
    """In its place in the directory when it is closed."""

    def __init__(self, flash, name):
        self.flash, self.name = flash, name
        self.size = 0
        self.blocks = []
        self._at = BLOCK  # in the last block

    def write(self, data):
        data = bytes(data)
        size = len(data)
        while data:
            if self._at == BLOCK:
                self.blocks.append(self.flash.allocate())
                self._at = 0
                # What the pointers are is of no interest here, but that they are there is.
                self._program(bytes(pointer_bytes(len(self.blocks) - 1)))
            count = min(PAGE - self._at % PAGE, len(data))
            self._program(data[:count])
            self.size += count
            data = data[count:]
        return size

    def _program(self, data):
        if data != b"\xff" * len(data):
            page = bytearray(BLANK)
            page[self._at % PAGE : self._at % PAGE + len(data)] = data
            cut = self.flash._operation("program")
            self.flash._program((BLOCK * self.blocks[-1] + self._at) // PAGE, page, cut)
            self.flash._end()
        self._at += len(data)

    def close(self):
        if self.flash._open is not self:
            return
        if self.flash._commit():
            self.flash.files[self.name] = [self.size, self.blocks]
        self.flash._open = None
        self.flash._end()
