"""The firmware's modules as deploy's name shorteners get them."""

from gatescan_host.build_id import shipped_sources
from gatescan_host.deploy.constants import fold


def texts() -> dict[str, str]:
    """Source by path in the Pico's package, without what stays source on a board."""
    return {
        name: path.read_text(encoding="utf-8")
        for name, path in shipped_sources("rpi_pico").items()
        if name not in ("boot.py", "main.py")
    }


def folded() -> dict[str, str]:
    """The same with constants folded."""
    return fold(texts())
