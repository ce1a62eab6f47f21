"""docs/headings.md is today's list of what offices call their columns."""


from tests.support.scripts import script

headings = script("headings_list")


def test_the_list_is_that_of_the_tables() -> None:
    assert headings.TARGET.read_text(encoding="utf-8") == headings.content(), "run scripts/headings_list.py"
