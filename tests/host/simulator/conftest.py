"""The gates of tests/sim serve here as well."""

from sim.conftest import equipped, extra_gate, gate, own_home  # noqa: F401 - fixtures by name
