"""What `gatescan site init` writes."""

from pathlib import Path

_EXAMPLE = Path(__file__).with_name("example.yaml")


def example_text() -> str:
    """A complete, commented site file."""
    return _EXAMPLE.read_text(encoding="utf-8")
