"""What a list does not know of the years before it, in words: how many items did not report, so no sum has them."""

from collections.abc import Sequence

from sqlmodel import Session

from portfolio.access.rules import Scope
from portfolio.core.formatting import headline_words
from portfolio.core.i18n import t
from portfolio.rolling.annual import Row
from portfolio.rolling.closing import untold


def untold_notes(session: Session, scope: Scope, code: str, rows: Sequence[Row], lang: str) -> list[str]:
    """A line a kind of what is not known of the items of an edition; none when everything is."""
    found = untold(session, scope, code)
    told = [("unreported", found.unreported, found.unreported_yuan), ("running", found.running, found.running_yuan)]
    notes = [
        t(f"prog-untold-{name}", lang, count=str(count), amount=headline_words(yuan, "money", lang))
        for name, count, yuan in told
        if count
    ]
    silent = sum(row.completed_yuan is None for row in rows)
    return [*notes, *([t("annual-completed-untold", lang, count=str(silent))] if silent else [])]
