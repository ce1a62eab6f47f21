"""Beside a total: how many projects are proposals only, and so are not in it; it opens their list."""

from typing import Any

import dash_mantine_components as dmc

from dashboard.behind import led
from dashboard.context import Context
from dashboard.data import never_accepted
from portfolio.core.formatting import number


def also_proposed(context: Context) -> Any:
    """The words with their list; None when there are none, or none that the reader enters or reviews."""
    count = never_accepted()
    if not count:
        return None
    words = context.text("proposed-beside", count=number(count, context.lang))
    return dmc.Anchor(words, **led("overview.proposed", count, standing="new"), size="sm", id="also-proposed")
