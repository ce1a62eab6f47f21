"""A section of the entry form with everything in it in sight, as a person opens it from the index."""

from playwright.sync_api import Page, expect


def unfold(page: Page, *sections: str) -> None:
    """Open the sections by their links in the form's index."""
    for name in sections:
        page.locator(f".entry-jump[data-section={name}]").click()
        expect(page.locator(f".entry-section.open [aria-controls='{CARD.get(name, f'entry-{name}')}']")).to_have_count(
            1
        )


CARD = {"needs": "entry-needs-card"}
