"""A project's criteria as bars."""

from typing import Any

import pandas as pd

from dashboard.figures.scores import tornado
from portfolio.core.formatting import points
from portfolio.core.i18n import t


def bars_figure(lang: str, theme: str, score: float, bars: Any, names: dict[str, str]) -> Any:
    """A tornado of `bars` around `score`."""
    rows = [
        {
            "label": names[bar.group],
            "low": bar.low_points - score,
            "high": bar.high_points - score,
            "low_text": t("policy-end", lang, points=points(bar.low_points, lang), rank=str(bar.low_rank)),
            "high_text": t("policy-end", lang, points=points(bar.high_points, lang), rank=str(bar.high_rank)),
        }
        for bar in bars
    ]
    words = (t("policy-lower", lang), t("policy-higher", lang))
    return tornado(pd.DataFrame(rows), words, theme)
