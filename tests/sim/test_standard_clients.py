"""Clients that others wrote talk to the scanner unmodified: smpmgr, smpclient's own classes."""

import asyncio
import hashlib
import shutil
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from smpclient import SMPClient
from smpclient.generics import error, success
from smpclient.requests.image_management import ImageStatesRead
from smpclient.requests.os_management import (
    DateTimeRead,
    EchoWrite,
    MCUMgrParametersRead,
    OSApplicationInfoRead,
    ResetWrite,
    TaskStatisticsRead,
)
from smpclient.transport.serial import SMPSerialTransport

from gatescan.core.trust import bundle
from sim import rig


@pytest.fixture(scope="module")
def smpmgr() -> str:
    """The program smpmgr: beside this Python, or on PATH."""
    beside = Path(sys.executable).parent / "smpmgr"
    found = str(beside) if beside.exists() else shutil.which("smpmgr")
    if found is None:
        pytest.skip("smpmgr is not installed (it comes with the test tools: make test)")
    return found


def _run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [program, *arguments], env=rig.environment(TERM="dumb", COLUMNS="200"),
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip


def _talk(port: str, work: Callable[[SMPClient], Awaitable[Any]]) -> Any:
    async def session() -> Any:
        async with SMPClient(SMPSerialTransport(), port, timeout_s=2.5) as client:
            return await work(client)

    return asyncio.run(session())


def test_smpmgr_echo(shared_gate, smpmgr):
    done = _run(smpmgr, "--port", shared_gate.port, "os", "echo", "hello")
    assert done.returncode == 0, done.stderr
    assert "hello" in done.stdout


def test_smpmgr_uploads_a_table_which_is_then_staged(gate, smpmgr, tmp_path):
    data = rig.table(2)
    file = tmp_path / "next.gst"
    file.write_bytes(data)
    done = _run(smpmgr, "--port", gate.port, "image", "upload", "--format=any", str(file))
    assert done.returncode == 0, done.stdout + done.stderr
    assert gate.status()["staged"] == len(data)
    assert gate.status()["table"]["seq"] < _seq(data), "an upload alone changes nothing"


def _seq(data: bytes) -> int:
    head = bundle.parse_head(data)
    assert head is not None
    return head.manifest.seq


def test_smpclient_echo_parameters_info_tasks(shared_gate):
    async def work(client: SMPClient) -> None:
        text = "blåbærgrød § 2, stk. 1 " + "x" * 1500
        answer = await client.request(EchoWrite(d=text))
        assert success(answer) and answer.r == text
        sizes = await client.request(MCUMgrParametersRead())
        assert success(sizes) and sizes.buf_size == 2048
        info = await client.request(OSApplicationInfoRead(format="a"))
        assert success(info) and "Gatescan" in info.output
        tasks = await client.request(TaskStatisticsRead())
        assert success(tasks)
        assert {"panel", "link", "barcode", "rfid", "buttons", "tables"} <= set(tasks.tasks)
        clock = await client.request(DateTimeRead())
        assert success(clock) and clock.datetime.startswith("20")

    _talk(shared_gate.port, work)


def test_smpclient_is_told_in_its_own_words_that_it_may_not_reset(shared_gate):
    async def work(client: SMPClient) -> None:
        answer = await client.request(ResetWrite())
        assert error(answer) and answer.rc == 11  # MGMT_ERR.EACCESSDENIED

    _talk(shared_gate.port, work)


def test_smpclient_uploads_with_sha_and_resumes_where_it_was_interrupted(gate):
    data = rig.table(2)

    async def first_half(client: SMPClient) -> int:
        last = 0
        async for offset in client.upload(data):
            last = offset
            if offset > len(data) // 2:
                break
        return last

    async def second_half(client: SMPClient) -> list[int]:
        return [offset async for offset in client.upload(data)]

    stopped_at = _talk(gate.port, first_half)
    assert len(data) // 2 < stopped_at < len(data)
    offsets = _talk(gate.port, second_half)
    assert offsets[0] == stopped_at, "the first answer says what is wanted next"
    assert offsets[-1] == len(data)

    async def states(client: SMPClient) -> Any:
        return await client.request(ImageStatesRead())

    images = {image.slot: image for image in _talk(gate.port, states).images}
    head = bundle.parse_head(rig.table())
    assert head is not None
    assert bytes(images[0].hash) == head.manifest.table_sha256
    assert images[0].active and images[0].confirmed
    assert bytes(images[1].hash) == hashlib.sha256(data).digest()
    assert not images[1].active


def test_smpclient_upload_without_sha_is_refused(shared_gate):
    async def work(client: SMPClient) -> None:
        with pytest.raises(Exception, match="rc"):
            async for _ in client.upload(rig.table(2), use_sha=False):
                pass

    _talk(shared_gate.port, work)
    assert shared_gate.status()["staged"] == 0
