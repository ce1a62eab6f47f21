"""Child processes kept over the tests of the room."""

from collections.abc import Iterator

import pytest

from portfolio.allocation.processes import Crew


@pytest.fixture(scope="session")
def crew() -> Iterator[Crew]:
    with Crew() as kept:
        yield kept
