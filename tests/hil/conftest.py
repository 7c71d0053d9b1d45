"""The suite's plumbing: which target and rig, which tests they allow, what a failure tells."""

import os
import re
import shutil
import sys
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest

from gatescan_host.build_id import build_id
from gatescan_host.errors import GatescanError
from hil import checks, features
from hil.rig import Rig, RigError, choose, kind_of
from hil.targets import open_bench
from hil.targets.bench import Bench, Gate
from host_side import own_home as own_home

HERE = Path(__file__).resolve().parent
LOGS = Path(os.environ.get("GATESCAN_HIL_LOGS") or HERE.parents[1] / "build" / "hil")
_RIG: pytest.StashKey[Rig] = pytest.StashKey()


def pytest_configure(config: pytest.Config) -> None:
    """Read the rig before anything is collected."""
    config.addinivalue_line("markers", "needs(*features): what the rig must have (features.py)")
    try:
        config.stash[_RIG] = choose(config.getoption("--target"), config.getoption("--rig"))
    except RigError as fault:
        raise pytest.UsageError(str(fault)) from None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what the rig cannot do, saying how it could; factory-new scanners come first."""
    mine = [item for item in items if HERE in item.path.parents]
    for item in mine:
        _skip_unfit(item, config.stash[_RIG])
    # A real scanner is new only once, so the order matters; other folders keep their places.
    ordered = iter(sorted(mine, key=lambda item: "new_gate" not in item.fixturenames))
    places = {id(item) for item in mine}
    items[:] = [next(ordered) if id(item) in places else item for item in items]


def _skip_unfit(item: pytest.Item, rig: Rig) -> None:
    needed = {name for mark in item.iter_markers("needs") for name in mark.args}
    if "new_gate" in item.fixturenames:
        needed.add("factory_new")
    strange = needed - features.NAMES
    if strange:
        raise pytest.UsageError(f"{item.nodeid} needs an unknown feature: {', '.join(strange)}")
    for feature in sorted(needed - rig.features):
        item.add_marker(pytest.mark.skip(reason=features.reason(rig.name, feature)))


@pytest.fixture(scope="session")
def rig(request: pytest.FixtureRequest) -> Rig:
    return request.config.stash[_RIG]


@pytest.fixture(scope="session")
def bench(
    request: pytest.FixtureRequest, rig: Rig, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Bench]:
    """The scanners of this run. A wrong board or build ends the run before its first test."""
    target = request.config.getoption("--target")
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")  # the logs of each have their own folder
    logs = LOGS / f"{kind_of(target)}{worker and '-' + worker}"
    shutil.rmtree(logs, ignore_errors=True)
    try:
        bench = open_bench(
            target, rig, tmp_path_factory.mktemp("bench"), logs, _teller(request.config)
        )
    except GatescanError as fault:
        pytest.exit(f"tests/hil: {fault}", returncode=int(fault.exit_code))
    reason = checks.objection(*bench.identity(), rig.board, build_id(rig.board))
    if reason:
        bench.close()
        pytest.exit(f"tests/hil: {reason}.", returncode=pytest.ExitCode.INTERNAL_ERROR)
    yield bench
    bench.close()


def _teller(config: pytest.Config) -> Callable[[str], None]:
    """Prints to the terminal, past pytest's capture."""
    capture = config.pluginmanager.getplugin("capturemanager")

    def tell(line: str) -> None:
        with capture.global_and_fixture_disabled():
            print(line, file=sys.stderr, flush=True)

    return tell


@pytest.fixture
def gate(bench: Bench, request: pytest.FixtureRequest) -> Iterator[Gate]:
    """A scanner with keys, clock and table; no visit is open."""
    with bench.equipped(_folder_name(request.node)) as gate:
        yield gate


@pytest.fixture
def new_gate(bench: Bench, request: pytest.FixtureRequest) -> Iterator[Gate]:
    """A factory-new scanner: no keys, no table, no time."""
    with bench.new(_folder_name(request.node)) as gate:
        yield gate


def _folder_name(item: pytest.Item) -> str:
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", f"{item.path.stem}.{item.name}").strip("-")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, object]:
    """A failure also tells what the scanner shows, what it printed last, where the log is."""
    report = yield
    values = getattr(item, "funcargs", {})
    gate = values.get("gate") or values.get("new_gate")
    if report.when == "call" and report.failed and isinstance(gate, Gate):
        try:
            account = gate.scanner.account()
        except Exception as fault:  # the account must not hide the failure itself
            account = f"(the scanner cannot be looked at: {fault!r})\nlog: {gate.scanner.folder}"
        report.sections.append(("the scanner at the end", account))
    return report
