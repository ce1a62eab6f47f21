"""What the page of tasks asks about the leads that persons set."""

from dashboard.data import me, mine, read, write
from portfolio.projects import leading
from portfolio.scheme import queries
from portfolio.scheme.directory import unit_directory


def following(task: str) -> list[str]:
    """The projects that follow the lead of a task."""
    return read(lambda session: leading.following(session, mine(), queries.task(session, mine(), task)))


def set_lead(task: str, lead: leading.Lead) -> list[str]:
    """Set who leads a task."""
    return write(lambda session: leading.set_task_lead(session, me(), task, lead))


def unit_name(code: str | None, lang: str) -> str:
    """A unit by name."""
    return read(lambda session: unit_directory(session).name(code, lang))
