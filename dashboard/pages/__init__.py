"""One package a room; each says in `PAGES` which pages it has. A page of three files or fewer needs no package."""

from itertools import chain

from dashboard.page import Page
from dashboard.pages import (
    accounts,
    entry,
    exchange,
    finance,
    overview,
    people,
    programme,
    projects,
    readiness,
    reporting,
    scenarios,
    screening,
    tasks,
)

ROOMS = (
    overview,
    reporting,
    entry,
    projects,
    tasks,
    exchange,
    programme,
    screening,
    scenarios,
    finance,
    accounts,
    readiness,
    people,
)
PAGES: tuple[Page, ...] = tuple(chain.from_iterable(room.PAGES for room in ROOMS))
# The addresses that are the same in every library.
ADDRESSES = tuple(page.path for page in PAGES if page.fixed)


def page_at(path: str) -> tuple[Page, tuple[str, ...]] | None:
    """The page at `path` and what stands in it for the parts of its address; a fixed address goes first."""
    found = [(page, parts) for page in PAGES if (parts := page.parts(path)) is not None]
    return min(found, key=lambda one: len(one[1]), default=None)
