"""The form of a scenario's options gives back what it was shown, and leaves what it does not show alone."""

from dashboard.pages.scenarios.options import shown, typed_options
from portfolio.scenarios.options import Options, ShareOption

HELD = Options(2, 30.0, 0.005, 1.5, (ShareOption("450700", "fund", 10),))


def test_what_is_shown_is_what_is_typed() -> None:
    form = shown(HELD)
    values = {"delay": form.delay, "limit": form.limit, "gap": form.gap, "stability": form.stability}
    assert typed_options(HELD, values) == HELD


def test_no_limit_is_none_and_blank_is_nothing() -> None:
    typed = typed_options(HELD, {"delay": 1, "limit": 0, "gap": None, "stability": ""})
    assert typed == Options(1, None, 0.0, 0.0, HELD.shares)
