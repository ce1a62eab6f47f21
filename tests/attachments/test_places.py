"""Files of what is no project: who may change a pool or an entry lays files there, and whoever sees it reads them."""

from pathlib import Path

import pytest
from sqlmodel import Session

from portfolio.access.rules import Actor, scope_of
from portfolio.core.errors import ForbiddenError, NotFoundError
from portfolio.core.settings import get_settings
from portfolio.filing import service as attaching
from tests.attachments.files import PDF
from tests.ledger.conftest import DOC, FUND, LAND, PROJECT, pools, posted
from tests.ledger.conftest import entry as posting

__all__ = ["pools"]
FINANCE = Actor("treasury", role="finance", element="fund")
LAND_OFFICE = Actor("land", role="element_authority", element="land")
PLANNER = Actor("planner", role="planner")
LEADER = Actor("leader", role="leader")
OFFICE = Actor("office", role="project_office", unit="GX-DOT")


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(get_settings(), "attachments_dir", str(tmp_path / "files"))


def lay(session: Session, actor: Actor, kind: str, code: str) -> int:
    return attaching.lay(session, actor, scope_of(actor), kind, code, "文件.pdf", PDF)


def test_an_element_s_officers_lay_files_beside_their_pools_and_entries(pools: Session) -> None:
    (entry,) = posted(pools, posting("lock", 10, doc_no=DOC))
    for actor, places in {
        LAND_OFFICE: [("pool", LAND, True), ("entry", str(entry), True), ("pool", FUND, False)],
        FINANCE: [("pool", FUND, True), ("entry", str(entry), False), ("project", PROJECT, False)],
        LEADER: [("pool", LAND, False), ("project", PROJECT, False)],
    }.items():
        for kind, code, allowed in places:
            if allowed:
                number = lay(pools, actor, kind, code)
                assert attaching.found(pools, scope_of(LEADER), number).object_code == code
                attaching.take_away(pools, actor, scope_of(actor), number)
                continue
            with pytest.raises(ForbiddenError):
                lay(pools, actor, kind, code)


def test_files_of_what_one_does_not_see_are_not_there(pools: Session) -> None:
    number = lay(pools, PLANNER, "pool", LAND)
    with pytest.raises(NotFoundError, match=r"attachment\.not_found"):
        attaching.found(pools, scope_of(OFFICE), number)
    with pytest.raises(NotFoundError):
        attaching.listed(pools, scope_of(OFFICE), "pool", LAND)
    with pytest.raises(NotFoundError, match=r"attachment\.no_such_kind"):
        lay(pools, PLANNER, "person", "li")
