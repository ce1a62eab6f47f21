"""What axe-core finds of a page for people who use a keyboard or a screen reader, or see little."""

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

SCRIPT = Path(__file__).parent / "vendor" / "axe.min.js"
GRAVE = ("serious", "critical")

# Grids come into being, and draw their heads and cells, a moment after the page has settled.
DRAWN = """() => {
    const wanted = (JSON.stringify(window.store.getState().layout).match(/"type":"AgGrid"/g) || []).length;
    const grids = [...document.querySelectorAll('.ag-root')];
    const drawn = one => one.querySelector('.ag-header-cell') && one.querySelector('.ag-cell, .ag-overlay');
    return grids.length >= wanted && grids.filter(one => one.offsetParent).every(drawn);
}"""
FOUND = """async () => {
    const {violations} = await axe.run(document, {resultTypes: ['violations']});
    return violations.flatMap(one => one.nodes.map(node => [one.impact, one.id, node.html.slice(0, 200)]));
}"""


@cache
def _script() -> str:
    return SCRIPT.read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """The serious and critical findings of a page as it stands, each with the element it is about."""
    page.wait_for_function(DRAWN)
    page.evaluate(_script())
    return [f"{impact} {rule}: {html}" for impact, rule, html in page.evaluate(FOUND) if impact in GRAVE]
