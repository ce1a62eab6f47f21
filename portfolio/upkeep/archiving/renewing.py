"""A library that was put in another's place: nothing that was held of the other is taken for something of its own."""

from sqlalchemy import delete, func, select
from sqlmodel import Session

from portfolio.access.local import LOCAL_OWNER
from portfolio.access.tables import SignIn
from portfolio.core import revision
from portfolio.journal import service as journal
from portfolio.projects.search_upkeep import renew_search_texts
from portfolio.upkeep.archiving.manifest import Manifest

SUBJECT = "library"


def renewed(session: Session, above: int, manifest: Manifest, name: str) -> None:
    """Raise the revision past `above`, renew what is searched, end every session of a browser, journal the origin.

    A session that was ended, or whose account was disabled, after the backup was made would otherwise be open again.
    """
    revision.renew(session, above)
    renew_search_texts(session)  # an archive of an earlier version has them as that version wrote them
    ended = session.execute(select(func.count()).select_from(SignIn)).scalar_one()
    session.execute(delete(SignIn))
    after = {
        "file": name[:200],
        "made_at": manifest.made_at,
        "version": manifest.version,
        "schema": manifest.schema,
        "revision": manifest.revision,
        "journal_rows": manifest.journal.rows,
        "sessions_ended": int(ended),
    }
    journal.record(session, LOCAL_OWNER, "archiving", [journal.Entry(SUBJECT, "restore", None, after)])
