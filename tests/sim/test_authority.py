"""Who may change a scanner: the holder of its key, once a nonce, one guess a second."""

import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from gatescan.app.link import auth_group
from gatescan.core.smp import cbor
from gatescan.core.smp.frame import encode_lines
from gatescan.core.smp.message import SmpError
from gatescan.core.smp.router import Router
from gatescan.core.trust import mac
from gatescan_host.errors import Exit, GatescanError
from gatescan_host.link import messages
from gatescan_host.link.provisioning import provision, unlock
from gatescan_host.link.session import GroupRefusal, ScannerLink
from host.link.line_between import TO_HOST, LineBetween
from in_slices import finish
from sim import rig

_GUESS_PAUSE_S = 1.1  # the scanner hears one guess a second
_WRONG_KEY = bytes(range(32))
_AUTH_NO_NONCE, _AUTH_BAD_MAC, _AUTH_NO_KEY = 1, 2, 3


def _changes(link: Any) -> dict[str, Any]:
    """Everything that needs an unlocked scanner."""
    return {
        "time": link.set_time,
        "activate": lambda: link.activate(bytes(32)),
        "journal": lambda: link.journal(1),
        "acknowledge": lambda: link.acknowledge(0, bytes(16)),
        "provision": lambda: link.provision(_WRONG_KEY, rig.public_key(), "vestre", "en"),
        "reset": link.reset,
    }


@pytest.mark.parametrize(
    "what", ["time", "activate", "journal", "acknowledge", "provision", "reset"]
)
def test_locked_scanner_refuses(shared_gate, what):
    before = shared_gate.status()
    with shared_gate.link() as link:
        with pytest.raises(GatescanError, match="unlocked first") as refusal:
            _changes(link)[what]()
        assert refusal.value.exit_code is Exit.NOT_AUTHORISED
    after = shared_gate.status()
    for name in ("boot", "site", "table", "provisioned"):
        assert after[name] == before[name]


@pytest.mark.parametrize("words", [("time", "--set"), ("log", "pull"), ("sync", "--table")])
def test_commands_without_a_key_end_with_5(shared_gate, tmp_path, words):
    arguments: list[str | Path] = list(words)
    if words[0] == "sync":
        file = tmp_path / "next.gst"
        file.write_bytes(rig.table(2))
        arguments.append(file)
    if words[0] == "log":
        arguments += ["--db", str(tmp_path / "events.sqlite")]
    done = rig.gatescan(*arguments, "--port", shared_gate.port, home=tmp_path)
    assert done.code == Exit.NOT_AUTHORISED, done
    assert "no key of scanner" in done.err and "provision" in done.err
    assert done.out == ""


def test_wrong_key_is_refused_logged_and_slowed_down(shared_gate):
    time.sleep(_GUESS_PAUSE_S)
    with shared_gate.link() as link:
        with pytest.raises(GroupRefusal) as refusal:
            link.unlock(_WRONG_KEY)
        assert (refusal.value.group, refusal.value.code) == (65, _AUTH_BAD_MAC)
        assert refusal.value.exit_code is Exit.NOT_AUTHORISED
        with pytest.raises(GatescanError) as slow:
            link.unlock(shared_gate.key_file.read_bytes())
        assert slow.value.exit_code is Exit.BUSY, "the right key has to wait as well"
        with pytest.raises(GatescanError, match="unlocked first"):
            link.set_time()
        time.sleep(_GUESS_PAUSE_S)
        link.unlock(shared_gate.key_file.read_bytes())
        link.set_time()
    shared_gate.pull()
    kinds = [event["kind"] for event in shared_gate.events()]
    assert kinds.count("unlock_failed") == 1, "the guess that came too early was not looked at"


def test_wrong_key_by_command(shared_gate, tmp_path):
    time.sleep(_GUESS_PAUSE_S)
    wrong = tmp_path / "wrong.key"
    wrong.write_bytes(_WRONG_KEY)
    done = rig.gatescan("time", "--set", "--port", shared_gate.port, "--device-key", wrong)
    assert done.code == Exit.NOT_AUTHORISED
    assert "does not accept this key" in done.err
    time.sleep(_GUESS_PAUSE_S)


def test_a_nonce_serves_once(shared_gate):
    key = shared_gate.key_file.read_bytes()
    with shared_gate.link() as link:
        challenge = link.ask(messages.Challenge())
        assert link.ask(messages.Challenge()).nonce == challenge.nonce, "unused, it stays"
        answer = mac.unlock_mac(key, challenge.device.encode(), challenge.nonce)
        link.ask(messages.Unlock(mac=answer))
        link.set_time()
        link.ask(messages.Unlock(mac=answer))  # a line that doubles: nothing happens
        link.set_time()
        link.ask(messages.Lock())
        with pytest.raises(GroupRefusal) as replay:
            link.ask(messages.Unlock(mac=answer))
        assert replay.value.code == _AUTH_NO_NONCE
        with pytest.raises(GatescanError, match="unlocked first"):
            link.set_time()
        again = link.ask(messages.Challenge())
        assert again.nonce != challenge.nonce
        with pytest.raises(GroupRefusal) as stale:
            link.ask(messages.Unlock(mac=answer))
        assert stale.value.code == _AUTH_BAD_MAC
    time.sleep(_GUESS_PAUSE_S)


def test_a_wrong_mac_uses_its_nonce_up(shared_gate):
    key = shared_gate.key_file.read_bytes()
    with shared_gate.link() as link:
        challenge = link.ask(messages.Challenge())
        with pytest.raises(GroupRefusal):
            link.ask(messages.Unlock(mac=bytes(32)))
        time.sleep(_GUESS_PAUSE_S)
        answer = mac.unlock_mac(key, challenge.device.encode(), challenge.nonce)
        with pytest.raises(GroupRefusal) as late:
            link.ask(messages.Unlock(mac=answer))
        assert late.value.code == _AUTH_NO_NONCE


def test_an_answer_for_another_scanner_does_not_unlock_this_one(shared_gate):
    key = shared_gate.key_file.read_bytes()
    with shared_gate.link() as link:
        challenge = link.ask(messages.Challenge())
        answer = mac.unlock_mac(key, b"0123456789abcdef", challenge.nonce)
        with pytest.raises(GroupRefusal) as refusal:
            link.ask(messages.Unlock(mac=answer))
        assert refusal.value.code == _AUTH_BAD_MAC
    time.sleep(_GUESS_PAUSE_S)


def test_the_next_program_on_the_port_does_not_find_it_unlocked(shared_gate):
    """A serial line has no end of a connection: the host says when it goes."""
    with shared_gate.link() as link:
        unlock(link, shared_gate.key_file)
        link.set_time()
    with shared_gate.link() as link, pytest.raises(GatescanError, match="unlocked first"):
        link.set_time()


def test_a_restart_ends_the_session(gate):
    with gate.link() as link:
        unlock(link, gate.key_file)
        gate.scanner.forget_events()
        link.reset()
        gate.scanner.wait_for("ready")
        with pytest.raises(GatescanError, match="unlocked first"):
            link.set_time()
    assert gate.status()["boot"] == 3, "on, reset: the second and third start of this flash"


# --- provisioning ---


def test_a_new_scanner_takes_the_first_host_and_no_second(new_gate, tmp_path):
    gate = new_gate
    with gate.link() as link:
        with pytest.raises(GroupRefusal) as refusal:
            link.ask(messages.Challenge())
        assert refusal.value.code == _AUTH_NO_KEY
        provision(link, rig.public_key(), "vestre", "en", gate.key_file)
        link.set_time()
    assert gate.status()["site"] == "vestre"
    with gate.link() as link:
        with pytest.raises(GatescanError) as second:
            provision(link, rig.public_key("other"), "nyborg", "en", tmp_path / "thief.key")
        assert second.value.exit_code is Exit.NOT_AUTHORISED
        with pytest.raises(GatescanError, match="unlocked first"):
            link.provision(_WRONG_KEY, rig.public_key("other"), "nyborg", "en")
    assert gate.status()["site"] == "vestre"


def test_provisioning_anew_ends_the_session_and_replaces_the_key(gate):
    old_key = gate.key_file.read_bytes()
    with gate.link() as link:
        unlock(link, gate.key_file)
        link.provision(_WRONG_KEY, rig.public_key(), "vestre", "da")
        with pytest.raises(GatescanError, match="unlocked first"):
            link.set_time()
        with pytest.raises(GroupRefusal):
            link.unlock(old_key)
        time.sleep(_GUESS_PAUSE_S)
        link.unlock(_WRONG_KEY)
    assert gate.status()["table"], "same site, same table key: the table still holds"
    assert gate.allows()


def test_another_table_key_takes_the_table_out_of_use(gate):
    with gate.link() as link:
        provision(link, rig.public_key("other"), "vestre", "en", gate.key_file)
    report = gate.status()
    assert "table" not in report and report["condition"] == "no_table"
    assert gate.scan(rig.VODKA)["verdict"] == "manual_inspection"
    gate.sync(rig.table(1, "other"))
    assert gate.allows()


@pytest.mark.parametrize(
    ("key", "public", "site", "lang"),
    [
        (b"short", b"x" * 56, "vestre", "en"),
        (b"k" * 32, b"x" * 55, "vestre", "en"),
        (b"k" * 32, b"x" * 56, "", "en"),
        (b"k" * 32, b"x" * 56, "v" * 33, "en"),
        (b"k" * 32, b"x" * 56, "vestre", "xx"),
    ],
)
def test_malformed_settings_change_nothing(new_gate, key, public, site, lang):
    with new_gate.link() as link, pytest.raises(GroupRefusal) as refusal:
        link.provision(key, public, site, lang)
    assert refusal.value.group == 68
    assert new_gate.status()["provisioned"] is False


@pytest.mark.parametrize("known", [False, True], ids=["new scanner", "known scanner"])
def test_a_provisioning_that_is_cut_off_locks_nobody_out(gate, new_gate, known):
    """The host dies after the scanner has taken the new key and before it is stored as such."""
    gate = gate if known else new_gate

    def lose(direction: str, message: bytes) -> list[Any]:
        if direction == TO_HOST and message[5] == 68:
            return []
        return [(0.0, encode_lines(message))]

    with LineBetween(gate.port, lose) as line:
        with ScannerLink(line.path, timeout_s=0.3) as link, pytest.raises(GatescanError):
            provision(link, rig.public_key(), "vestre", "en", gate.key_file)
    assert gate.status()["provisioned"]
    with gate.link() as link:
        unlock(link, gate.key_file)
        link.set_time()
    assert not gate.key_file.with_name("device.key.new").exists()
    with gate.link() as link:
        provision(link, rig.public_key(), "vestre", "en", gate.key_file)


# --- reports ---


def _rewrite(change: Any) -> Any:
    """Treats a line so that status reports reach the host changed by `change(map)`."""

    def treat(direction: str, message: bytes) -> list[Any]:
        if direction == TO_HOST and message[4:6] == bytes((0, 66)) and message[7] == 0:
            body = cbor.encode(change(cbor.decode(message[8:])))
            message = message[:2] + len(body).to_bytes(2, "big") + message[4:8] + body
        return [(0.0, encode_lines(message))]

    return treat


def _status_through(gate: rig.Gate, treat: Any) -> rig.Done:
    with LineBetween(gate.port, treat) as line:
        return rig.gatescan("status", "--json", "--port", line.path,
                            "--device-key", gate.key_file)  # fmt: skip


def test_an_authentic_report_says_so(shared_gate):
    done = _status_through(shared_gate, _rewrite(lambda report: report))
    assert done.code == 0, done.err
    assert done.answer["authentic"] is True


@pytest.mark.parametrize(
    "change",
    [
        lambda report: {**report, "condition": "expired"},
        lambda report: {**report, "journal": {**report["journal"], "seq": 1}},
        lambda report: {**report, "table": {**report["table"], "seq": 99}},
        lambda report: {**report, "mac": bytes(32)},
        lambda report: {**report, "mac": b""},
        lambda report: {name: report[name] for name in report if name != "mac"},
        lambda report: {name: report[name] for name in report if name != "table"},
        lambda report: {**report, "device": "0123456789abcdef"},
    ],
    ids=["condition", "journal", "table", "zero mac", "empty mac", "no mac", "less", "device"],
)
def test_a_forged_report_is_refused(shared_gate, change):
    done = _status_through(shared_gate, _rewrite(change))
    assert done.code == Exit.NOT_AUTHORISED, done
    assert done.out == ""
    assert "not signed with its key" in done.err


def test_a_replayed_report_is_refused(shared_gate):
    """An answer that was true once: its mac binds the nonce of that question."""
    kept: list[dict[str, Any]] = []

    def keep(report: dict[str, Any]) -> dict[str, Any]:
        if "mac" in report:
            kept.append(report)
        return kept[0] if "mac" in report else report

    treat = _rewrite(keep)
    assert _status_through(shared_gate, treat).code == 0
    done = _status_through(shared_gate, treat)
    assert len(kept) == 2 and done.code == Exit.NOT_AUTHORISED, done


# --- time, which comes round again ---


_HOUR_MS = 3_600_000
_TICKS = 1 << 30  # after so many milliseconds, 12.4 days, ticks_ms begins again on the RP2040


class _Part:
    """As much of a scanner as a session has to do with."""

    def __init__(self) -> None:
        self.router = Router(2048)
        self.settings = SimpleNamespace(
            provisioned=True, damaged=False, device_id="00", device_key=b"k" * 32
        )

    def log(self, kind: int, **fields: int) -> int:
        return 1


class _Weeks:
    """A session over weeks of uptime, its clock in our hands."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now_ms = 0
        monkeypatch.setattr(auth_group, "ticks_ms", lambda: self.now_ms % _TICKS)
        monkeypatch.setattr(auth_group, "ticks_diff", self._diff)
        part = _Part()
        self.auth = auth_group.Auth(part)  # type: ignore[arg-type]
        self.auth.answer(part.router)
        self._router = part.router

    @staticmethod
    def _diff(end: int, start: int) -> int:
        """As MicroPython's: negative when more than half a period lies between."""
        return (end - start + _TICKS // 2) % _TICKS - _TICKS // 2

    def ask(self, op: int, **arguments: Any) -> dict[str, Any]:
        body = cbor.encode(arguments)
        head = bytes((op | 8, 0, 0, len(body), 0, 65, 0, 0))
        answer = finish(self._router.respond(memoryview(head + body)))
        assert answer is not None
        return cbor.decode(answer[8:])

    def opens(self, key: bytes = b"k" * 32) -> bool:
        nonce = self.ask(0)["nonce"]
        return "idle_ms" in self.ask(2, mac=mac.unlock_mac(key, b"00", nonce))

    def is_open(self) -> bool:
        try:
            self.auth.required()
        except SmpError:
            return False
        return True

    def pass_hours(self, hours: int) -> None:
        for _ in range(hours):
            self.now_ms += _HOUR_MS
            self.auth.tick(self.now_ms % _TICKS)  # the scanner does it every 100 ms


def test_sessions_end_and_guesses_are_forgotten_when_the_ticks_wrap(monkeypatch):
    """After 6 days a difference of ticks is negative: nothing old may look fresh then."""
    weeks = _Weeks(monkeypatch)
    for day in range(27):
        assert weeks.opens(), f"day {day}: the right key is not taken"
        assert weeks.is_open()
        weeks.pass_hours(24)
        assert not weeks.is_open(), f"day {day}: the session is open still"
    assert weeks.opens()
    weeks.pass_hours(7 * 24)
    assert not weeks.is_open(), "a session that nobody used for a week"
    assert not weeks.opens(b"x" * 32)
    weeks.pass_hours(7 * 24)
    assert weeks.opens(), "a wrong guess of last week still counts"


def test_the_first_unlock_after_a_week_of_uptime(monkeypatch):
    weeks = _Weeks(monkeypatch)
    weeks.pass_hours(7 * 24)
    assert weeks.opens()
