"""The gates of tests/sim serve here as well."""

from sim.conftest import equipped, gate, new_gate, own_home, shared_gate  # noqa: F401 - by name
