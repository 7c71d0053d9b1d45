"""GATESCAN_PATIENCE: the host waits longer for a scanner that runs slower."""

import os
import time
import tty

import pytest

from gatescan_host.errors import Exit, GatescanError
from gatescan_host.link.patience import VARIABLE, patient
from gatescan_host.link.session import ScannerLink


@pytest.mark.parametrize(("text", "factor"), [(None, 1), ("", 1), ("1", 1), ("2.5", 2.5)])
def test_limits_are_multiplied(monkeypatch, text, factor):
    if text is None:
        monkeypatch.delenv(VARIABLE, raising=False)
    else:
        monkeypatch.setenv(VARIABLE, text)
    assert patient(3.0) == 3.0 * factor


@pytest.mark.parametrize("text", ["0", "0.5", "-1", "inf", "nan", "ten"])
def test_nonsense_is_told(monkeypatch, text):
    monkeypatch.setenv(VARIABLE, text)
    with pytest.raises(GatescanError, match="from 1 on") as refusal:
        patient(1.0)
    assert refusal.value.exit_code is Exit.USAGE


def test_a_silent_port_is_given_up_later(monkeypatch):
    """Three tries of 0.1 s each, times the factor."""

    master, slave = os.openpty()
    tty.setraw(slave)
    try:
        spent = []
        for factor in ("1", "4"):
            monkeypatch.setenv(VARIABLE, factor)
            begun_s = time.monotonic()
            with pytest.raises(GatescanError) as silence:
                with ScannerLink(os.ttyname(slave), timeout_s=0.1) as link:
                    link.echo("is anybody there?")
            spent.append(time.monotonic() - begun_s)
            assert silence.value.exit_code is Exit.TIMEOUT
    finally:
        os.close(master)
        os.close(slave)
    assert spent[0] < 0.9 < 1.2 <= spent[1]
