"""What the page of tasks asks about the leads that persons set."""

from dashboard.data import me, mine, read, write
from portfolio.projects import leading
from portfolio.scheme import queries


def following(code: str) -> list[str]:
    """The projects that follow the lead of the task `code`."""
    return read(lambda session: leading.following(session, mine(), queries.task(session, mine(), code)))


def set_lead(task: str, lead: leading.Lead) -> list[str]:
    """Set who leads a task."""
    return write(lambda session: leading.set_task_lead(session, me(), task, lead))
