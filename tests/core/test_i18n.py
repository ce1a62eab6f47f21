"""Texts in two languages: which one is chosen, and that a missing text or place is never passed over."""

import pytest

from portfolio.core.i18n import choose_language, error_text, has_text, t


@pytest.mark.parametrize(
    ("asked", "chosen"),
    [
        (None, "zh"),
        ("", "zh"),
        ("en", "en"),
        ("EN-gb", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("fr-FR, en;q=0.5, zh;q=0.4", "en"),
        ("de,fr", "zh"),
    ],
)
def test_the_language_of_who_asks(asked: str | None, chosen: str) -> None:
    assert choose_language(asked) == chosen


def test_a_text_and_its_places() -> None:
    assert (t("unit-ha", "zh"), t("unit-ha", "en"), t("unit-ha")) == ("公顷", "ha", "公顷")
    assert t("format-month", "zh", year="2019", month="3", month_key="m3") == "2019年3月"
    assert has_text("unit-ha", "en") and not has_text("no-such-text", "zh")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_missing_is_a_fault_of_ours(lang: str) -> None:
    with pytest.raises(KeyError, match="no-such-text"):
        t("no-such-text", lang)
    with pytest.raises(KeyError, match="format-month"):
        t("format-month", lang)


def test_an_error_is_named_by_its_code() -> None:
    assert "GX-1" in error_text("project.not_found", "zh", {"code": "GX-1"})
    assert error_text("list.bad_cursor", "zh", {}) != error_text("list.bad_cursor", "en", {})
