"""The plain SQLModel-and-FastAPI way: a token, ORM rows, `response_model`, offset pages, a count each time."""

import hashlib
import os
from collections.abc import Iterator
from typing import Any

from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlmodel import Field, Session, SQLModel, col, create_engine, func, select

engine = create_engine(os.environ["DATABASE_URL"], connect_args={"check_same_thread": False})
app = FastAPI()


class ProjectBase(SQLModel):
    """The facts of the list."""

    code: str
    national_code: str | None = None
    name_zh: str
    name_en: str
    kind: str | None = None
    nature: str | None = None
    approval_type: str | None = None
    capacity_zh: str
    section: str
    lead_unit: str | None = None
    owner: str
    stage: str | None = None
    stage_basis: str | None = None
    start_month: str | None = None
    finish_month: str | None = None
    schedule_basis: str | None = None
    total_investment_yuan: int | None = None
    investment_basis: str | None = None
    cross_province: bool | None = None
    co_agreed: bool | None = None
    co_agreed_doc: str
    sea_related: bool | None = None
    lon: float | None = None
    lat: float | None = None
    source: str
    city_code: str | None = None
    version: int
    needs_version: int


class Project(ProjectBase, table=True):
    """The same table."""

    __tablename__ = "projects"
    id: int | None = Field(default=None, primary_key=True)


class ProjectRegion(SQLModel, table=True):
    """The same link table."""

    __tablename__ = "project_regions"
    project_id: int = Field(primary_key=True)
    position: int = Field(primary_key=True)
    region_code: str


class ProjectTask(SQLModel, table=True):
    """The same link table."""

    __tablename__ = "project_tasks"
    project_id: int = Field(primary_key=True)
    position: int = Field(primary_key=True)
    task_id: str


class ProjectUnit(SQLModel, table=True):
    """The same link table."""

    __tablename__ = "project_units"
    project_id: int = Field(primary_key=True)
    position: int = Field(primary_key=True)
    unit_code: str


class ProjectOut(ProjectBase):
    """With its linked codes."""

    region_codes: list[str]
    task_ids: list[str]
    units: list[str]


class ProjectPage(SQLModel):
    """A page."""

    items: list[ProjectOut]
    total: int


class Token(SQLModel, table=True):
    """Who holds a token, kept as its digest."""

    __tablename__ = "bench_tokens"
    digest: str = Field(primary_key=True)
    name: str
    city_code: str


def get_session() -> Iterator[Session]:
    with Session(engine) as session:
        yield session


def holder(
    shown: HTTPAuthorizationCredentials = Depends(HTTPBearer()), session: Session = Depends(get_session)
) -> Token:
    """The holder of a bearer token."""
    held = session.get(Token, hashlib.sha256(shown.credentials.encode()).hexdigest())
    if held is None:
        raise HTTPException(401)
    return held


def linked(session: Session, table: Any, column: str, ids: list[int]) -> dict[int, list[str]]:
    """Linked codes by project, in one query."""
    found: dict[int, list[str]] = {}
    rows = session.exec(select(table).where(table.project_id.in_(ids)).order_by(table.project_id, table.position))
    for row in rows:
        found.setdefault(row.project_id, []).append(getattr(row, column))
    return found


@app.get("/api/health")
def health() -> dict[str, str]:
    return {"status": "alive"}


@app.get("/projects", response_model=ProjectPage, dependencies=[Depends(holder)])
def projects(
    stage: str, city: str, sort: str, limit: int = 50, offset: int = 0, session: Session = Depends(get_session)
) -> ProjectPage:
    """Filtered, sorted, a page."""
    name = {"total_investment": "total_investment_yuan"}.get(sort.removeprefix("-"), sort.removeprefix("-"))
    column = getattr(Project, name)
    wanted = (Project.stage == stage, Project.city_code == city)
    total = session.exec(select(func.count()).select_from(Project).where(*wanted)).one()
    order = (column.desc(), col(Project.id).desc()) if sort.startswith("-") else (column, col(Project.id))
    rows = session.exec(select(Project).where(*wanted).order_by(*order).offset(offset).limit(limit)).all()
    ids = [row.id or 0 for row in rows]
    regions = linked(session, ProjectRegion, "region_code", ids)
    tasks = linked(session, ProjectTask, "task_id", ids)
    units = linked(session, ProjectUnit, "unit_code", ids)
    items = [
        ProjectOut(
            **row.model_dump(exclude={"id"}),
            region_codes=regions.get(row.id or 0, []),
            task_ids=tasks.get(row.id or 0, []),
            units=units.get(row.id or 0, []),
        )
        for row in rows
    ]
    return ProjectPage(items=items, total=total)
