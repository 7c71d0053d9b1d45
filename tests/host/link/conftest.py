"""The gates of tests/sim serve here as well."""

from sim.conftest import (  # noqa: F401 - fixtures are found by name
    equipped,
    gate,
    new_gate,
    own_home,
    shared_gate,
)
