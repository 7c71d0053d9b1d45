"""A bench: makes scanners of one kind, factory-new or equipped, a fresh one for each test."""

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from gatescan_host.link.provisioning import provision, unlock
from gatescan_host.link.session import Progress
from gatescan_host.table import commands
from gatescan_host.table.signed import site_salt
from hil.bench_table import PAPER_CARD, SITE_ID, Workshop
from hil.rig import Rig
from hil.targets.scanner import Mark, Scanner
from host_side import CARD, HostSide

LANGUAGE = "en"


class CablePulled(Exception):
    """The host's side ends in the middle of an upload."""


class Gate(HostSide):
    """A scanner on the bench and the host's things for it."""

    CablePulled = CablePulled

    def __init__(self, folder: Path, scanner: Scanner, workshop: Workshop) -> None:
        super().__init__(folder)
        self.scanner = scanner
        self.workshop = workshop
        self._told = 0  # events that `news` has returned

    def plugged(self) -> AbstractContextManager[str]:
        """The cable, for as long as it is in."""
        return self.scanner.plugged()

    def equip_for_tests(self) -> None:
        """Keys, clock and table, as an installer does it once."""
        with self.link() as link:
            provision(link, self.workshop.public_key, SITE_ID, LANGUAGE, self.key_file)
            link.set_time()
            link.activate(link.upload(self.workshop.table().data))

    def command(self, name: str) -> str:
        """The text of a command barcode, such as END, in this workshop's tables."""
        return commands.text_of(site_salt(self.workshop.key_folder), name)

    def code(self, told: str) -> str:
        """What to scan for `told`: itself, or the command's text for sheet:<name>."""
        kind, _, name = told.rpartition(":")
        return self.command(name) if kind == "sheet" else told

    def open_visit(self) -> Mark:
        """Scan the paper card of an inmate whose lists are known."""
        mark = self.scanner.scan(PAPER_CARD)
        self.scanner.shows(mark, word="VISIT", light="ready", tone="visit")
        return mark

    def news(self) -> list[dict[str, Any]]:
        """The events since the last call, fetched and their chain checked."""
        self.pull()
        events = self.events()
        new, self._told = events[self._told :], len(events)
        return new

    def rig_has(self, feature: str) -> bool:
        """Whether the rig has a feature of features.py."""
        return self.scanner.rig.has(feature)

    def reset(self) -> None:
        """Restart the scanner over the link."""
        with self.link() as link:
            unlock(link, self.key_file)
            link.reset()

    @staticmethod
    def pull_cable_at(offset: int) -> Progress:
        """For an upload: raises CablePulled once `offset` bytes have arrived."""

        def pull(done: int, total: int) -> None:
            if done >= offset:
                raise CablePulled

        return pull

    def open_visit_by_card(self, card: str = CARD) -> Mark:
        """The same with an RFID card: of the inmate who owns the registered things."""
        mark = self.scanner.present(card)
        self.scanner.shows(mark, word="VISIT", light="ready", tone="visit")
        return mark


class Bench(ABC):
    """Opened once a run."""

    def __init__(self, rig: Rig, work: Path, logs: Path) -> None:
        self.rig = rig
        self.work = work  # state of this run
        self.logs = logs  # one folder a test

    @abstractmethod
    def identity(self) -> tuple["str | None", str, str]:
        """(banner or None where it was not seen, board, build id) of the scanner at hand."""

    @abstractmethod
    def new(self, name: str) -> AbstractContextManager[Gate]:
        """A scanner without keys, for the test `name`."""

    @abstractmethod
    def equipped(self, name: str) -> AbstractContextManager[Gate]:
        """A scanner with keys, clock and table, no visit open, for the test `name`."""

    @abstractmethod
    def close(self) -> None:
        """Give everything back."""
