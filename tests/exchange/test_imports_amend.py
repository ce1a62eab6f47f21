"""An import that makes accepted records drafts says so: how many before it is confirmed, and afterwards."""

from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.access.rules import Actor, scope_of
from portfolio.exchange.uploads import applying
from portfolio.exchange.uploads import queries as imports_queries
from portfolio.projects.queries import get_project
from portfolio.projects.states import standing
from tests.exchange.conftest import CODE, OTHER

HEAD = "project,item,year,required\n"
TWO = HEAD + f"{CODE},fund.tbd,2030,1\n{CODE},fund.own,2030,2\n{OTHER},fund.tbd,2030,3\n"


def office(engine: Engine) -> Actor:
    with Session(engine) as session:
        return Actor("office", role="project_office", unit=get_project(session, EVERYTHING, CODE)["office_unit"])


def upload(engine: Engine, folder: Path, actor: Actor, content: str) -> int:
    path = folder / "needs.csv"
    path.write_text(content, encoding="utf-8")
    number = applying.take_in(engine, actor, scope_of(actor), [(path, path.name)])
    applying.ended(engine, number)
    return number


def drafts(engine: Engine, number: int) -> int:
    with Session(engine) as session:
        return imports_queries.amended_by(session, imports_queries.get(session, number))


def states(engine: Engine) -> list[str]:
    with Session(engine) as session:
        return [standing(session, get_project(session, EVERYTHING, code)["id"]).state for code in (CODE, OTHER)]


def test_the_check_counts_the_records_that_confirming_makes_drafts(engine: Engine, tmp_path: Path) -> None:
    actor = office(engine)
    number = upload(engine, tmp_path, actor, TWO)
    assert (drafts(engine, number), states(engine)) == (2, ["accepted", "accepted"])
    applying.confirm(engine, actor, scope_of(actor), number)
    applying.ended(engine, number)
    assert (drafts(engine, number), states(engine)) == (2, ["draft", "draft"])
    again = upload(engine, tmp_path, actor, HEAD + f"{CODE},fund.tbd,2030,9\n{OTHER},fund.tbd,2030,3\n")
    assert drafts(engine, again) == 0


@pytest.mark.parametrize("content", [TWO + f"{CODE},fund.gold,2030,1\n", HEAD + f"{CODE},fund.gold,2030,1\n"])
def test_a_refused_file_makes_no_drafts(sqlite_engine: Engine, tmp_path: Path, content: str) -> None:
    assert drafts(sqlite_engine, upload(sqlite_engine, tmp_path, office(sqlite_engine), content)) == 0


def test_whoever_has_the_last_word_makes_no_drafts(sqlite_engine: Engine, tmp_path: Path) -> None:
    assert drafts(sqlite_engine, upload(sqlite_engine, tmp_path, LOCAL_OWNER, TWO)) == 0
