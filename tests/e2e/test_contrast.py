"""Texts, labels, alerts and buttons stand out in both themes: 4.5 to 1 at least."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.support.chromium import settled
from tests.support.contrast import faint

pytestmark = pytest.mark.e2e
PATHS = ("/", "/home", "/projects/new", "/projects/GX-2018-0207", "/accounts?element=land&year=2026", "/readiness")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", PATHS)
def test_every_text_stands_out(open_page: Callable[..., Page], path: str, theme: str) -> None:
    page = open_page(path, theme=theme)
    settled(page)
    assert faint(page) == []
