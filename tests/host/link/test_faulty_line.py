"""A line that loses, doubles, delays, damages: every request ends, rightly or with a sentence."""

import contextlib
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from gatescan.core.smp.frame import encode_lines
from gatescan_host.errors import Exit, GatescanError
from gatescan_host.link.provisioning import provision, unlock
from gatescan_host.link.session import ScannerLink
from gatescan_host.simulator.wires import Pty
from gatescan_host.store import history
from gatescan_host.store.database import open_store
from gatescan_host.store.pull import pull
from host.link.line_between import TO_HOST, TO_SCANNER, Faults, LineBetween, unchanged
from sim import rig

_TIMEOUT_S = 0.1
_REQUESTS = 40
_RATE = 0.15  # of the messages in each direction
_ATTEMPTS = 40  # a script in cron would try as often
_LINE_FAULTS = (Exit.TIMEOUT, Exit.NO_DEVICE, Exit.BUSY)  # "again later" says each of them


@contextlib.contextmanager
def within(limit_s: float) -> Iterator[None]:
    """Fails when the body has not ended after `limit_s`: a host that hangs is the defect."""

    def too_long(*_: object) -> None:
        raise AssertionError(f"the host did not come back within {limit_s} s")

    before = signal.signal(signal.SIGALRM, too_long)
    signal.setitimer(signal.ITIMER_REAL, limit_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _persist(path: str, work: Callable[[ScannerLink], Any]) -> Any:
    """Try `work` anew until it succeeds, as a script does; errors must be those of the line."""
    for _ in range(_ATTEMPTS):
        try:
            with ScannerLink(path, timeout_s=_TIMEOUT_S) as link:
                return work(link)
        except GatescanError as fault:
            assert fault.exit_code in _LINE_FAULTS, fault
            assert rig.is_sentence(str(fault))
    raise AssertionError(f"nothing came of {_ATTEMPTS} attempts")


def test_every_request_ends_in_the_right_answer_or_a_clear_error(shared_gate, rng):
    faults = Faults(rng, _RATE, _TIMEOUT_S)
    right = 0
    with LineBetween(shared_gate.port, faults) as line, within(60):
        for number in range(_REQUESTS):
            text = "x" * rng.randrange(300) + str(number)
            try:
                with ScannerLink(line.path, timeout_s=_TIMEOUT_S) as link:
                    assert link.echo(text) == text
                    assert link.status()["device"] == shared_gate.scanner_id
                    right += 1
            except GatescanError as fault:
                assert fault.exit_code in _LINE_FAULTS, fault
                assert rig.is_sentence(str(fault))
    assert sum(faults.done.values()) > _REQUESTS // 4, "the line was not bad enough"
    assert right > _REQUESTS // 2


@pytest.mark.parametrize("kind", Faults.KINDS)
def test_one_connection_outlives_each_kind_of_fault(shared_gate, rng, kind):
    """After a late or doubled answer smpclient alone is one behind for ever."""
    faults = Faults(rng, 0.3, _TIMEOUT_S, (kind,))
    wrong = 0
    with LineBetween(shared_gate.port) as line, within(30):
        with ScannerLink(line.path, timeout_s=_TIMEOUT_S) as link:
            line.treat = faults
            for number in range(15):
                try:
                    assert link.echo(f"number {number}") == f"number {number}"
                except GatescanError as fault:
                    assert fault.exit_code is Exit.TIMEOUT
                    wrong += 1
            line.treat = unchanged
            assert link.echo("after all that") == "after all that"
    assert faults.done[kind], "the fault never happened"
    assert wrong < 10


def test_a_sync_through_it_ends_with_the_right_table(gate, rng):
    data = rig.table(2)
    old = gate.status()["table"]["seq"]

    def work(link: ScannerLink) -> dict[str, Any]:
        unlock(link, gate.key_file)
        link.set_time()
        if link.status()["table"]["seq"] != old:
            return link.status()  # the attempt before succeeded and its answer was lost
        return link.activate(link.upload(data))

    with LineBetween(gate.port, Faults(rng, _RATE, _TIMEOUT_S)) as line, within(60):
        _persist(line.path, work)
    report = gate.status()
    assert report["table"]["seq"] > old
    assert report["condition"] == "ok"
    assert "refusal" not in report
    assert gate.allows()


def test_a_damaged_table_does_not_pass_through_it(gate, rng):
    before = gate.status()["table"]
    with LineBetween(gate.port, Faults(rng, _RATE, _TIMEOUT_S)) as line, within(60):
        bad = rig.flip(rig.table(2), 8 * 9000)
        with pytest.raises(AssertionError, match="not the signed ones"):
            _persist(line.path, lambda link: (unlock(link, gate.key_file),
                                              link.activate(link.upload(bad))))  # fmt: skip
    assert gate.status()["table"] == before


def test_a_pull_through_it_is_whole(gate, rng):
    for _ in range(60):
        gate.scan(rig.VODKA)
    engine = open_store(gate.database)

    def work(link: ScannerLink) -> int:
        return pull(link, engine, unlock(link, gate.key_file)).last_seq

    with LineBetween(gate.port, Faults(rng, _RATE, _TIMEOUT_S)) as line, within(60):
        last = _persist(line.path, work)
    assert last >= 60
    assert history.verify(engine, gate.scanner_id).ok
    scans = [event for event in history.show(engine) if event["kind"] == "scan"]
    assert len(scans) == 60
    engine.dispose()


def test_provisioning_through_it_locks_nobody_out(new_gate, rng):
    """Whatever is lost on the way, the key file opens the scanner in the end."""
    gate = new_gate
    faults = Faults(rng, 0.3, _TIMEOUT_S, ("drop", "delay", "bit"))
    with LineBetween(gate.port, faults) as line, within(90):
        for _ in range(2):
            _persist(line.path, lambda link: provision(link, rig.public_key(), "vestre", "en",
                                                       gate.key_file))  # fmt: skip
    with gate.link() as link:
        unlock(link, gate.key_file)
        link.set_time()


def _lose_first_answer(command: int, group: int) -> Callable[[str, bytes], list[Any]]:
    """Treats a line so that the first answer of one command is lost."""
    lost: list[bytes] = []

    def treat(direction: str, message: bytes) -> list[Any]:
        if direction == TO_HOST and not lost and message[7] == command:
            if message[4] << 8 | message[5] == group and message[0] & 7 == 3:
                lost.append(message)
                return []
        return [(0.0, encode_lines(message))]

    return treat


@pytest.mark.parametrize(
    ("group", "command"),
    [(65, 0), (66, 1), (1, 1), (0, 4), (68, 0), (67, 1)],
    ids=["unlock", "activate", "upload", "time", "provision", "acknowledge"],
)
def test_a_change_whose_answer_is_lost_is_not_an_error(gate, group, command):
    """The host asks again and the scanner has done it already: both must see success."""
    engine = open_store(gate.database)
    with LineBetween(gate.port, _lose_first_answer(command, group)) as line, within(30):
        with ScannerLink(line.path, timeout_s=0.5) as link:
            key = unlock(link, gate.key_file)
            link.set_time()
            report = link.activate(link.upload(rig.table(2)))
            assert report["job"] == "active"
            pull(link, engine, key)
            provision(link, rig.public_key(), "vestre", "en", gate.key_file)
            assert link.retries == 1, "nothing was lost"
            assert link.status()["table"]["seq"] == report["table"]["seq"]
    engine.dispose()


# --- partners that are no scanner ---

Behaviour = Callable[[int, threading.Event], None]


@pytest.fixture
def partner():
    """A pty with a thread at its other end that may do whatever it likes with the master."""
    pty = Pty()
    stop = threading.Event()
    threads: list[threading.Thread] = []

    def behave(what: Behaviour) -> str:
        def run() -> None:
            while not stop.is_set():
                try:
                    what(pty.master, stop)
                except OSError:
                    stop.wait(0.001)

        threads.append(threading.Thread(target=run, daemon=True))
        threads[-1].start()
        return pty.path

    yield behave
    stop.set()
    for thread in threads:
        thread.join()
    pty.close()


def _read_and(reply: Callable[[int], bytes]) -> Behaviour:
    def what(master: int, stop: threading.Event) -> None:
        os.read(master, 4096)
        data = reply(master)
        if data:
            os.write(master, data)

    return what


_PARTNERS: dict[str, Behaviour] = {
    "silent": _read_and(lambda master: b""),
    "never reads": lambda master, stop: (stop.wait(), None)[1],
    "answers with noise": _read_and(lambda master: os.urandom(200) + b"\n"),
    "answers with broken base64": _read_and(lambda master: b"\x06\x09!!!!====\n\x04\x14AA\n"),
    "answers something else": _read_and(lambda master: encode_lines(b"\x03\0\0\1\0\0\0\0\xa0")),
}  # fmt: skip


@pytest.mark.parametrize("what", _PARTNERS)
def test_a_partner_that_is_no_scanner_cannot_hold_the_host(partner, what):
    path = partner(_PARTNERS[what])
    with within(8), pytest.raises(GatescanError) as fault:
        with ScannerLink(path, timeout_s=0.1) as link:
            link.status()
    assert fault.value.exit_code in (Exit.TIMEOUT, Exit.NO_DEVICE)
    assert rig.is_sentence(str(fault.value))


_FLOODS = {
    "text": b"boot: hello world\r\n" * 500,
    "frame starts": b"\x06\x09" * 5000,
    "answers to others": encode_lines(b"\x01\0\0\1\0\0\0\6\xa0") * 500,
}


@pytest.mark.parametrize("what", _FLOODS)
def test_a_partner_that_never_stops_talking_cannot_hold_the_host(what):
    """Behind socket:// the port is never found empty: timeouts must come all the same."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def flood() -> None:
            connection, _ = server.accept()
            connection.settimeout(1)
            with connection, contextlib.suppress(OSError):
                while not stop.is_set():
                    connection.sendall(_FLOODS[what])

        stop = threading.Event()
        talker = threading.Thread(target=flood)
        talker.start()
        address = f"socket://127.0.0.1:{server.getsockname()[1]}"
        with within(8), pytest.raises(GatescanError) as fault:
            with ScannerLink(address, timeout_s=0.1) as link:
                link.status()
        stop.set()
        talker.join()
        assert fault.value.exit_code in (Exit.TIMEOUT, Exit.NO_DEVICE)


def test_a_port_that_did_not_answer_is_given_back(partner):
    """The second try must not find the port busy with the first."""
    path = partner(_PARTNERS["silent"])
    kept = []
    for _ in range(2):
        link = ScannerLink(path, timeout_s=0.05)
        kept.append(link)
        with pytest.raises(GatescanError) as fault:
            link.__enter__()
        assert fault.value.exit_code is Exit.TIMEOUT


def test_the_line_that_is_closed_while_waiting(shared_gate):
    """The cable is pulled: an error at once, not after the timeout."""
    pulled = threading.Event()

    def treat(direction: str, message: bytes) -> list[Any]:
        pulled.set()
        return [(0.0, encode_lines(message))] if direction == TO_SCANNER else []

    line = LineBetween(shared_gate.port)
    line.__enter__()
    link = ScannerLink(line.path, timeout_s=20.0)
    link.__enter__()
    line.treat = treat
    closer = threading.Thread(target=lambda: (pulled.wait(), line.__exit__()))
    closer.start()
    with within(5), pytest.raises(GatescanError) as fault:
        link.status()
    assert fault.value.exit_code is Exit.NO_DEVICE
    assert "cable" in str(fault.value)
    closer.join()
    link.__exit__(None, None, None)
