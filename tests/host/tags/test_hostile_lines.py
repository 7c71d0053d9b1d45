"""What no reader of lines may trip over: bytes that are no text, numbers that are no JSON."""

import json
import subprocess

import pytest

from sim import rig

COMMANDS = (("tags", "parse"), ("seals", "check"))


def run(command: tuple[str, str], data: bytes) -> tuple[int, list[dict[str, object]], str]:
    done = subprocess.run(
        rig.command(*command), input=data,
        capture_output=True, timeout=60, check=False,
        env=rig.environment(PYTHONIOENCODING="utf-8:strict"),
    )  # fmt: skip
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], str(
        done.stderr, "utf-8", "replace"
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_every_line_is_answered(command: tuple[str, str]) -> None:
    lines = (
        b'{"id":1,"barcode":"\xff\xfe"}', b'\xef\xbb\xbf{"id":2}', b'{"id":NaN}', b'{"id":1e999}',
        b'{"id":3,"id":4}', b"[" * 100_000, b'{"id":"' + b"x" * (1 << 19) + b'"}', b'{"id":5}',
    )  # fmt: skip
    code, answers, errors = run(command, b"\n".join(lines) + b"\n")
    assert (code, errors) == (1, "")
    assert [answer["id"] for answer in answers] == [1, 2, None, None, None, None, None, 5]
    assert not any(answer["ok"] for answer in answers)
