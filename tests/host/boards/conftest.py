"""Each real board, imported with the recording `machine`."""

from collections.abc import Iterator

import pytest

from host.boards.recorded import PORTS, Recorded, recorded


@pytest.fixture(params=sorted(PORTS))
def board(request: pytest.FixtureRequest) -> Iterator[Recorded]:
    with recorded(request.param) as found:
        yield found
