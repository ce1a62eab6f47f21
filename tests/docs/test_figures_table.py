"""docs/figures.md is today's table of figures."""


from tests.support.scripts import script

written = script("figures_table")


def test_the_page_is_todays_table() -> None:
    assert written.PAGE.read_text(encoding="utf-8") == written.table(), "run scripts/figures_table.py"
