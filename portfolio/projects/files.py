"""Files beside a project's record: its approvals and images, and the documents of what it agreed with neighbours."""

from typing import Any

from sqlmodel import Session

from portfolio.access.rules import Actor, Scope, require, require_some, row_of
from portfolio.attachments import service
from portfolio.attachments.queries import attachment, attachments_of
from portfolio.core import revision
from portfolio.core.errors import NotFoundError
from portfolio.projects.gate import require_open
from portfolio.projects.queries import get_project

# 项目本身, 三省区共同议定的文件, 跨省区协调的文件: each an object of its own kind under the project's code.
KINDS = ("project", "co_agreed", "cross_province")


def project_files(session: Session, scope: Scope, code: str) -> list[dict[str, Any]]:
    """The files beside a project's record, by kind; raises `NotFoundError`."""
    get_project(session, scope, code)
    return [one for kind in KINDS for one in attachments_of(session, kind, code)]


def add_file(session: Session, actor: Actor, scope: Scope, code: str, kind: str, name: str, content: bytes) -> int:
    """Lay a file beside a project's record; returns its number.

    Raises `ConflictError` (`workflow.…`) while the record is barred, and what `attachments.service.attach` raises.
    """
    revision.bump(session)
    _require(session, actor, scope, code, "attachment.add", kind)
    return service.attach(session, actor, kind, code, name, content)


def drop_file(session: Session, actor: Actor, scope: Scope, code: str, number: int, reason: str | None = None) -> None:
    """Take a file away from a project's record; one of any other object is not there."""
    revision.bump(session)
    found = attachment(session, number)
    if found.object_code != code or found.object_kind not in KINDS:
        raise NotFoundError("attachment.not_found", id=str(number))
    _require(session, actor, scope, code, "attachment.remove", found.object_kind)
    service.detach(session, actor, number, reason)


def _require(session: Session, actor: Actor, scope: Scope, code: str, action: str, kind: str) -> None:
    if kind not in KINDS:
        raise NotFoundError("attachment.no_such_kind", value=kind, allowed=" ".join(KINDS))
    require_some(actor, action)
    project = get_project(session, scope, code)
    require(actor, action, row_of(project))
    require_open(session, actor, project)
