"""Mistakes and faults that end a command: one sentence for people, one exit code for scripts."""

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of every `gatescan` command."""

    OK = 0
    FAILED = 1
    USAGE = 2
    NO_DEVICE = 3
    BUSY = 4
    NOT_AUTHORISED = 5
    TABLE_REJECTED = 6
    CHAIN_BROKEN = 7
    TIMEOUT = 8


class GatescanError(Exception):
    """What happened and what to do, in one sentence; `exit_code` for scripts."""

    exit_code = Exit.FAILED

    def __init__(self, sentence: str, exit_code: Exit | None = None) -> None:
        super().__init__(sentence)
        if exit_code is not None:
            self.exit_code = exit_code
