"""What answers on the link is loaded when a host is heard and closed when it has gone."""

import ast
import struct
from pathlib import Path
from types import SimpleNamespace

import pytest

from gatescan.app.link import loading, rooms
from gatescan.app.link.server import LinkServer
from gatescan.core.smp import cbor
from in_slices import finish


class _Gate:
    """As much of a scanner as the rooms have to do with."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.parted = 0
        monkeypatch.setattr(rooms.rare, "part", self._part)
        self.router = None
        self.auth = SimpleNamespace(answer=lambda router: None, required=lambda: None)
        self.at_rest = True
        self.tables = SimpleNamespace(
            rest=lambda: self.at_rest, slots=SimpleNamespace(over=""), merging=None, guests=False
        )
        self.rooms = rooms.Rooms(self)  # type: ignore[arg-type]
        self.silent_ms = 0
        self.server = LinkServer(None, self.rooms.open_line)
        self.server.silent_ms = lambda now_ms: self.silent_ms  # type: ignore[method-assign]

    def _part(self) -> None:
        self.parted += 1

    def ask(self, group: int, command: int) -> dict:
        """Echo: the answer of a router that a host's first byte opened."""
        if not self.server.is_open:
            self.server._line = finish(self.rooms.open_line())
        body = cbor.encode({"d": "hi"})
        head = struct.pack(">BBHHBB", 2, 0, len(body), group, 1, command)
        answer = finish(self.router.respond(memoryview(head + body)))
        return cbor.decode(bytes(answer)[8:])


def test_a_group_is_loaded_once_and_others_are_told_apart(monkeypatch):
    gate = _Gate(monkeypatch)
    assert gate.ask(0, 0) == {"r": "hi"}
    assert gate.ask(0, 200) == {"rc": 8}, "a command that the group does not have"
    assert gate.ask(63, 0) == {"rc": 8}, "a group that nobody has"
    assert gate.router.groups() == [0]


def test_a_silent_link_closes_and_the_next_byte_opens_it(monkeypatch):
    gate = _Gate(monkeypatch)
    gate.ask(0, 0)
    gate.silent_ms = 9_999
    gate.rooms.tick(0)
    assert gate.server.is_open
    gate.silent_ms = 10_000
    gate.at_rest = False
    gate.rooms.tick(0)
    assert gate.server.is_open, "while a table is checked its host may ask again at any time"
    gate.at_rest = True
    gate.rooms.tick(0)
    gate.rooms.tick(0)
    assert not gate.server.is_open and gate.parted == 2  # before the rooms come, and after
    assert gate.ask(0, 0) == {"r": "hi"}


def test_what_was_dropped_stays_counted(monkeypatch):
    gate = _Gate(monkeypatch)
    gate.ask(0, 0)
    gate.server._line[0].feed(b"noise\n")
    assert gate.server.dropped == 1
    gate.server.close()
    assert gate.server.dropped == 1


def _imports(root: Path, name: str) -> list[str]:
    """The modules of the firmware that `name` imports when it is imported itself."""
    path = root / "firmware" / name.replace(".", "/")
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    found = []
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("gatescan."):
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                is_file = (root / f"firmware/{inner.replace('.', '/')}.py").exists()
                found.append(inner if is_file else str(node.module))
    return found


def _with_all_it_imports(root: Path, name: str, known: set[str]) -> None:
    if name not in known:
        known.add(name)
        for one in _imports(root, name):
            _with_all_it_imports(root, one, known)


def test_every_module_is_loaded_after_those_it_imports(root):
    """Else one slice loads several, deep in the stack, and the readers wait for all of them."""
    here: set[str] = set()
    for name in ("gatescan.app.start", "gatescan.app.scanner", "gatescan.app.link.loading"):
        _with_all_it_imports(root, name, here)
    for names in (loading.LINE, loading.UPLOAD, *loading.GROUPS.values()):
        known = set(here)
        if names != loading.LINE:
            known |= {f"gatescan.{name}" for name in loading.LINE.split()}
        for name in names.split():
            wanted = set(_imports(root, f"gatescan.{name}"))
            assert wanted <= known, f"{name} comes before {wanted - known}"
            known.add(f"gatescan.{name}")
