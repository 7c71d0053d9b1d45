"""The gates of tests/sim serve here as well."""

from host_side import own_home  # noqa: F401 - by name
from sim.conftest import equipped, gate, new_gate, shared_gate  # noqa: F401 - by name
