"""The one version of rp2040py that the patches were made for."""

from importlib import metadata

WANTED = "0.3.6"


def require(installed: str | None = None) -> None:
    """Refuse any other rp2040py: a patch on a changed model would falsify measurements unseen.

    `installed` is the version found; None looks it up. Raises RuntimeError with the remedy.
    """
    if installed is None:
        try:
            installed = metadata.version("rp2040py")
        except metadata.PackageNotFoundError:
            installed = "none"
    if installed != WANTED:
        raise RuntimeError(
            f"the emulated Pico needs rp2040py {WANTED}, found {installed}: "
            f"install it with `pip install rp2040py=={WANTED}`"
        )
