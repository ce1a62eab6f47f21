"""Everything an office states has a name and reads as words, in both languages: its reviewers meet all of it."""

from typing import Any

import pytest

from dashboard.context import Context
from dashboard.pages.reporting import queue as review_queue
from dashboard.words import stated_values
from portfolio.core.i18n import has_text
from portfolio.projects.rules.profile import BLANK
from portfolio.projects.tables import FACTS, LINKS
from portfolio.reporting.records import QUIET

BASES = {"plan": {"words": "国土空间规划", "doc_no": ""}, "policy": {"words": "鼓励类", "doc_no": "〔2024〕1号"}}
STATED = sorted({*FACTS, *LINKS, *BLANK} - QUIET)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", STATED)
def test_every_field_that_may_differ_is_called_something(lang: str, name: str) -> None:
    words = stated_values.input_name(Context(lang, "light"), name)
    assert words
    assert not has_text(words, lang)
    assert "_" not in words


def test_a_first_submission_is_shown_whole() -> None:
    assert set(review_queue._stated_names()) <= set(STATED)
    assert set(STATED) - set(review_queue._stated_names()) == {"section", "office_unit", "source"}


def test_lists_read_as_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stated_values, "references", lambda: None)
    context = Context("zh", "light")
    assert (
        stated_values.shown(context, "bases", BASES)
        == "符合产业政策（依据）：鼓励类 〔2024〕1号、符合规划（依据）：国土空间规划"
    )
    contacts = [{"role": "responsible", "name": "张示例", "phone": "13800001234", "email": ""}]
    assert stated_values.shown(context, "contacts", contacts) == "张示例 13800001234"
    assert stated_values.shown(context, "affiliation", "central") == context.text("affiliation-central")
    assert stated_values.shown(context, "total_investment_yuan", 120_000_000) == "12,000 万元"
    nothing: tuple[Any, ...] = ({}, None, "")
    assert [stated_values.shown(context, "bases", empty) for empty in nothing] == ["—"] * 3
