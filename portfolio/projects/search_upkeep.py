"""Bring the texts that searches look through up to today's rule, for records written under an earlier one."""

from sqlalchemy import select, update
from sqlmodel import Session

from portfolio.core import revision
from portfolio.core.plain_text import searchable
from portfolio.projects.tables import Project

PIECE = 5_000


def renew_search_texts(session: Session) -> int:
    """Write anew the search texts that are not as `searchable` makes them; how many there were. No fact changes."""
    table = Project.metadata.tables["projects"]
    rows = session.execute(select(table.c.id, table.c.search_text)).yield_per(PIECE)
    stale = {number: renewed for number, text in rows if (renewed := searchable(text)) != text}
    if stale:
        revision.touch(session, sorted(stale))
    for number, text in stale.items():
        session.execute(update(table).where(table.c.id == number).values(search_text=text))
    return len(stale)
