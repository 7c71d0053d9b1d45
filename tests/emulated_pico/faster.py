"""A faster build of the emulator's compiled core, made on this machine from the installed package.

The published wheel is compiled against Python's stable ABI, and its loop asks Python for a method
or an attribute several times an instruction: far below real time. The package carries its own
Cython sources; compiled for this very Python, with the edits below, they run many times as
fast and do the same, to the nanosecond (tests/host/emulator compares both). Without Cython, a C
compiler or Python's headers the published wheel is used: slow, but the same times.

`use()` must run before rp2040py is imported. GATESCAN_EMULATOR=published keeps the wheel as it is.
"""

import hashlib
import importlib.metadata
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
_BUILDS = ROOT / "build" / "emulator"
_PACKAGE = "rp2040py"
_COMPILE_TIMEOUT_S = 900


class Edit(NamedTuple):
    """One exact replacement in a source of the package's `native` folder."""

    file: str
    old: str
    new: str


# Every conditional branch and interrupt check was a call of a Python method.
_CONDITIONS_IN_C = (
    Edit(
        "_cortex_m0_core.pyx",
        "    def check_condition(self, cond) -> bool:\n"
        "        cdef unsigned int c = <unsigned int> cond\n",
        "    cdef bint check_condition(self, unsigned int c) noexcept:\n",
    ),
    Edit(
        "_cortex_m0_core.pyx",
        "    def check_for_interrupts(self) -> bool:",
        "    cpdef bint check_for_interrupts(self) except -1:",
    ),
    Edit(
        "_cortex_m0_core.pxd",
        "    cpdef reset(self)\n",
        "    cpdef reset(self)\n"
        "    cdef bint check_condition(self, unsigned int c) noexcept\n"
        "    cpdef bint check_for_interrupts(self) except -1\n",
    ),
)

# Every bus access looked up whether a Python subclass overrides it; there is none.
_NO_SUBCLASSES = tuple(
    Edit(f"{module}.{kind}", line, f"cimport cython\n@cython.final\n{line}")
    for module, line in (
        ("_cortex_m0_core", "cdef class CortexM0Core:"), ("_rp2040", "cdef class RP2040:")
    )
    for kind in ("pyx", "pxd")
)

# Reading two bytes was a call into another module.
_INLINE_WORDS = """
cdef inline unsigned int u32(long long n) noexcept:
    return <unsigned int>(n & 0xFFFFFFFFU)
cdef inline int s32(long long n) noexcept:
    return <int><unsigned int>(n & 0xFFFFFFFFU)
"""
_INLINE_BUFFERS = """
cdef inline unsigned int read_uint16_le(const unsigned char[:] b, Py_ssize_t at) noexcept:
    return b[at] | (b[at + 1] << 8)
cdef inline unsigned int read_uint32_le(const unsigned char[:] b, Py_ssize_t at) noexcept:
    return b[at] | (b[at + 1] << 8) | (b[at + 2] << 16) | (<unsigned int>b[at + 3] << 24)
cdef inline void write_uint32_le(
    unsigned char[:] b, Py_ssize_t at, unsigned long long value
) noexcept:
    b[at] = value & 0xFF
    b[at + 1] = (value >> 8) & 0xFF
    b[at + 2] = (value >> 16) & 0xFF
    b[at + 3] = (value >> 24) & 0xFF
"""
_BYTES_IN_PLACE = (
    Edit(
        "_cortex_m0_core.pyx", "from rp2040py.native._bit cimport s32, u32\n", _INLINE_WORDS
    ),
    Edit(
        "_rp2040.pyx",
        "from rp2040py.native._bit cimport read_uint16_le, read_uint32_le, u32, write_uint16_le,"
        " write_uint32_le\n",
        "from rp2040py.native._bit cimport write_uint16_le\n" + _INLINE_WORDS + _INLINE_BUFFERS,
    ),
)

# The loop asked Python for three attributes an instruction, and called the clock even when no
# alarm was due. `stopped` is set by alarms, which are heard at once, and rarely by a bus access:
# that is heard up to eight instructions later.
_LOOP_IN_C = (
    Edit(
        "_simulator.pyx",
        "from rp2040py.native._rp2040 cimport RP2040\n",
        "from rp2040py.native._rp2040 cimport RP2040\nfrom rp2040py.native._pio cimport RPPIO\n",
    ),
    Edit(
        "_simulator.pyx",
        "    pios = rp2040.pio\n",
        "    cdef RPPIO pio0 = rp2040.pio[0]\n    cdef RPPIO pio1 = rp2040.pio[1]\n"
        "    cdef bint stopped = simulator.stopped\n",
    ),
    Edit("_simulator.pyx", "and not simulator.stopped:", "and not stopped:"),
    Edit(
        "_simulator.pyx",
        "        for pio in pios:\n            if not pio.stopped:\n"
        "                pio.advance(cycles)\n        i += 1\n",
        "        if not pio0.stopped:\n            pio0.advance(cycles)\n"
        "        if not pio1.stopped:\n            pio1.advance(cycles)\n"
        "        i += 1\n"
        "        if core.waiting or (i & 7) == 0:\n            stopped = simulator.stopped\n",
    ),
    Edit(
        "_simulator.pyx",
        "            if tick_batch <= 1:\n                clock.tick(delta_nanos)\n",
        "            if tick_batch <= 1:\n"
        "                if clock._next_alarm is None or (\n"
        "                    clock._next_alarm.nanos > clock._nanos_counter + delta_nanos\n"
        "                ):\n"
        "                    clock._nanos_counter += delta_nanos\n"
        "                else:\n"
        "                    clock.tick(delta_nanos)\n"
        "                    stopped = simulator.stopped\n",
    ),
)

EDITS = _CONDITIONS_IN_C + _NO_SUBCLASSES + _BYTES_IN_PLACE + _LOOP_IN_C

_COMPILE = """
import glob
from Cython.Build import cythonize
from setuptools import Extension, setup
extensions = [
    Extension(path[:-4].replace("/", "."), [path], extra_compile_args=["-O3"])
    for path in sorted(glob.glob("rp2040py/native/*.pyx"))
]
setup(
    name="rp2040py-native",
    packages=[],
    ext_modules=cythonize(
        extensions,
        compiler_directives={"language_level": "3", "boundscheck": False, "wraparound": False},
    ),
    script_args=["build_ext", "--inplace"],
)
"""


class NotPossible(Exception):
    """No faster build can be made here; the text says what is missing."""


def use() -> str:
    """Let the following import of rp2040py find the faster build, made first if need be.

    Returns one sentence: which build is used and, where it is the slow one, why. Takes about a
    minute the first time, nothing later.
    """
    if os.environ.get("GATESCAN_EMULATOR") == "published":
        return "rp2040py as published: GATESCAN_EMULATOR asks for it."
    if _PACKAGE in sys.modules:
        return "rp2040py as it was imported before."
    try:
        folder = build()
    except NotPossible as why:
        return f"rp2040py as published, much slower: {why}"
    sys.path.insert(0, str(folder))
    return "rp2040py compiled for this machine."


def build() -> Path:
    """The folder that holds the faster package. Raises NotPossible."""
    distribution = importlib.metadata.distribution(_PACKAGE)
    source = Path(str(distribution.locate_file(_PACKAGE)))
    if not (source / "native" / "_simulator.pyx").exists():
        raise NotPossible("the installed package carries no sources of its compiled core.")
    key = hashlib.sha256(
        repr((EDITS, _COMPILE, distribution.version, sys.version)).encode()
    ).hexdigest()[:16]
    folder = _BUILDS / key
    if (folder / "complete").exists():
        return folder
    work = _BUILDS / f"{key}.{os.getpid()}"
    print("Compiling the emulator once, about a minute ...", file=sys.stderr)
    try:
        shutil.copytree(source, work / _PACKAGE, ignore=shutil.ignore_patterns("*.so", "*.c"))
        for edit in EDITS:
            _apply(work / _PACKAGE / "native" / edit.file, edit)
        _compile(work)
        (work / "complete").touch()
        if not folder.exists():
            work.rename(folder)
    except OSError as error:
        raise NotPossible(f"the folder build/emulator cannot be written ({error}).") from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return folder


def _apply(path: Path, edit: Edit) -> None:
    text = path.read_text(encoding="utf-8")
    if text.count(edit.old) != 1:
        raise NotPossible(f"{edit.file} is not the source that the edits were made for.")
    path.write_text(text.replace(edit.old, edit.new), encoding="utf-8")


def _compile(work: Path) -> None:
    try:
        done = subprocess.run(
            [sys.executable, "-c", _COMPILE],
            cwd=work, capture_output=True, text=True, timeout=_COMPILE_TIMEOUT_S,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise NotPossible("compiling took too long.") from error
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines()
        raise NotPossible(f"compiling failed ({lines[-1] if lines else 'no message'}).")
