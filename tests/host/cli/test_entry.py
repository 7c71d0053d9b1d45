"""Ctrl-C while the program loads: one sentence, like anywhere else."""

import builtins

import pytest

from gatescan_host.cli import entry


def test_an_interruption_while_loading_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real = builtins.__import__

    def interrupted(name: str, *rest: object) -> object:
        if name == "gatescan_host.cli.main":
            raise KeyboardInterrupt
        return real(name, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", interrupted)
    with pytest.raises(SystemExit) as end:
        entry.main()
    assert end.value.code == 1
    assert capsys.readouterr().err == "gatescan: interrupted before it began; start again.\n"
