"""What queries give is of the shape they name: the type checker takes their word for it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from api.routes import jobs
from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.access.tables import SignIn, Token, User
from portfolio.attachments.queries import attachments_of
from portfolio.attachments.records import AttachmentRecord
from portfolio.core.clock import utc_now
from portfolio.core.database import make_engine
from portfolio.finance import lines, workfunds
from portfolio.finance.as_of import money_as_of
from portfolio.finance.financing_beside import records as financing_records
from portfolio.finance.records import (
    DecisionRecord,
    FinancingFacts,
    FinancingRecord,
    LineDecision,
    LineRecord,
    RoundRecord,
    WorkFundRecord,
    YearlyRecord,
)
from portfolio.finance.rounds import Verdict, decide
from portfolio.finance.yearly import list_yearly
from portfolio.ledger.queries import get_entry, get_pool, iterate_entries, list_entries, list_pools
from portfolio.ledger.records import EntryRecord, PoolRecord
from portfolio.needs.as_of import project_as_of
from portfolio.needs.queries import get_need
from portfolio.needs.records import NeedRecord
from portfolio.people import queries as people
from portfolio.people import service as accounts
from portfolio.people.records import AccountFields, SignInRecord, TokenRecord, UserRecord
from portfolio.projects.filters import NO_FILTERS
from portfolio.projects.queries import get_project, slice_projects
from portfolio.projects.records import ProjectRecord
from portfolio.projects.service import update_project
from portfolio.readiness.as_of import steps_as_of
from portfolio.readiness.project import project_readiness
from portfolio.readiness.queries import stored_steps
from portfolio.readiness.records import ChecklistStep, StepRecord, StepSaid
from portfolio.readiness.service import save_step
from portfolio.rolling.detail import entry_detail
from portfolio.rolling.entry_pages import entry_slice
from portfolio.rolling.entry_pages import list_entries as entries_of
from portfolio.rolling.inputs import read_chunks
from portfolio.rolling.queries import EVERY_ENTRY, edition_head, get_edition, list_editions
from portfolio.rolling.records import EditionEntryRecord, EditionRecord, HeldEntry, PlacedEntry
from portfolio.rolling.rules.roll import Calendar
from portfolio.scenarios import pins
from portfolio.scenarios import queries as scenarios
from portfolio.scenarios.records import JobRecord, PinRecord, ScenarioHead, ScenarioPoolRecord, ScenarioRecord
from portfolio.scenarios.solving.jobs import ask
from portfolio.scheme import queries as scheme
from portfolio.scheme.records import TaskRecord, UnitRecord
from portfolio.screening.explaining import project_scores, score_runs
from portfolio.screening.gates import project_gates
from portfolio.screening.policies import list_policies
from portfolio.screening.records import GateRecord, PolicyRecord, RunRecord, ScoreRecord
from portfolio.screening.service import Act, answer_gate
from tests.support.api import lent_api
from tests.support.databases import Databases
from tests.support.filled import OTHER, PROJECT, fill
from tests.support.shapes import faults

ALL = EVERYTHING
ME = (LOCAL_OWNER, EVERYTHING)
ROUND = lines.LineFilters("R1")
Ask = Callable[[Session], Any]


@pytest.fixture(scope="module")
def held(sqlite_databases: Databases) -> Iterator[Session]:
    engine = make_engine(sqlite_databases.make("sqlite", "scheme"))
    with lent_api(engine) as lent, pytest.MonkeyPatch.context() as patch:
        patch.setattr(jobs, "revive", lambda engine: None)
        with TestClient(lent) as client:
            fill(client)
        with Session(engine) as session:
            _more(session)
            yield session
    engine.dispose()


def _more(session: Session) -> None:
    """What the filled library has none of yet."""
    save_step(session, *ME, PROJECT, "proposal", {"status": "approved", "actual_on": "2026-02-01", "doc_no": "1号"})
    line = lines.list_lines(session, ALL, ROUND)[0][0]
    decide(session, *ME, [line["id"]], Verdict("propose", line["asked"]))
    workfunds.save_work_fund(session, LOCAL_OWNER, "GX-DOT", 2026, "差旅", {"asked_yuan": 5})
    answer_gate(session, *ME, PROJECT, "owner", Act("justify", "李明", words="正在组建项目公司"))
    pins.pin_project(session, *ME, "S1", PROJECT, False, "改期")
    ask(session, LOCAL_OWNER, "S1")
    account, now = session.execute(select(User)).scalar_one(), utc_now()
    who, later = int(account.id or 0), datetime.now(UTC) + timedelta(days=1)
    session.add(Token(user_id=who, name="t", key="k", hint="h", actions="", created_at=now, expires_at=later))
    session.add(SignIn(key="s", user_id=who, stage="full", csrf="c", started_at=now, seen_at=now, address="", agent=""))
    session.commit()


def _who(session: Session) -> int:
    return int(session.execute(select(User)).scalar_one().id or 0)


def _id(session: Session) -> int:
    return get_project(session, ALL, PROJECT)["id"]


def _parents(session: Session) -> list[Any]:
    parent = get_edition(session, "E1")
    return [
        one for chunk in read_chunks(session, ALL, parent, Calendar(2027, 3, 2026)) for one in chunk.parent.values()
    ]


ASKED: list[tuple[str, Any, Ask]] = [
    ("project", ProjectRecord, lambda s: [get_project(s, ALL, PROJECT)]),
    ("projects", ProjectRecord, lambda s: slice_projects(s, ALL, NO_FILTERS, "code", 0, 2)[0]),
    ("changed", ProjectRecord, lambda s: [update_project(s, *ME, OTHER, {"name_en": "Road"})]),
    ("then", ProjectRecord, lambda s: [project_as_of(s, ALL, PROJECT, utc_now()).project]),
    ("need", NeedRecord, lambda s: [get_need(s, ALL, PROJECT, "fund.own", 2026)]),
    ("pools", PoolRecord, lambda s: [*list_pools(s, ALL), get_pool(s, ALL, "LAND-2026")]),
    ("entries", EntryRecord, lambda s: [*list_entries(s, ALL), *iterate_entries(s, ALL), get_entry(s, ALL, "1")]),
    ("users", UserRecord, lambda s: [*people.list_users(s, LOCAL_OWNER), people.get_user(s, LOCAL_OWNER, "li")]),
    ("account", AccountFields, lambda s: [accounts.change_user(s, LOCAL_OWNER, "li", {"full_name": "李"})]),
    ("tokens", TokenRecord, lambda s: people.own_tokens(s, _who(s))),
    ("sign-ins", SignInRecord, lambda s: people.own_sign_ins(s, _who(s))),
    ("files", AttachmentRecord, lambda s: attachments_of(s, "project", PROJECT)),
    ("task", TaskRecord, lambda s: [scheme.task(s, ALL, "T22")]),
    ("unit", UnitRecord, lambda s: [scheme.unit(s, ALL, "GX-DOT")]),
    ("editions", EditionRecord, lambda s: [*list_editions(s, ALL), edition_head(s, ALL, "E1")]),
    ("entry page", EditionEntryRecord, lambda s: entries_of(s, ALL, "E1").rows),
    ("entry slice", PlacedEntry, lambda s: entry_slice(s, ALL, "E1", EVERY_ENTRY, 0, 5)[0]),
    ("entry", PlacedEntry, lambda s: [entry_detail(s, ALL, "E1", PROJECT).entry]),
    ("parent", HeldEntry, _parents),
    ("steps", StepRecord, lambda s: stored_steps(s, _id(s)).values()),
    ("steps then", StepSaid, lambda s: steps_as_of(s, ALL, PROJECT, utc_now()).values()),
    ("checklist", ChecklistStep, lambda s: project_readiness(s, ALL, PROJECT, utc_now().date()).steps),
    ("rounds", RoundRecord, lambda s: lines.list_rounds(s, ALL)),
    ("lines", LineRecord, lambda s: lines.list_lines(s, ALL, ROUND)[0]),
    ("decisions", DecisionRecord, lambda s: lines.decisions(s, ALL, lines.line_ids(s, ALL, ROUND)[0])),
    ("decisions then", LineDecision, lambda s: money_as_of(s, ALL, PROJECT, utc_now()).decisions),
    ("yearly", YearlyRecord, lambda s: list_yearly(s, ALL, PROJECT)),
    ("financing", FinancingRecord, lambda s: financing_records(s, _id(s))),
    ("financing then", FinancingFacts, lambda s: money_as_of(s, ALL, PROJECT, utc_now()).records),
    ("work funds", WorkFundRecord, lambda s: workfunds.list_work_funds(s, ALL)),
    ("scenarios", ScenarioRecord, lambda s: scenarios.list_scenarios(s, ALL)),
    ("scenario", ScenarioHead, lambda s: [scenarios.scenario_head(s, ALL, "S1")]),
    ("scenario's pools", ScenarioPoolRecord, lambda s: scenarios.pool_rows(s, ALL, "S1")),
    ("pins", PinRecord, lambda s: scenarios.pin_rows(s, ALL, "S1")),
    ("jobs", JobRecord, lambda s: scenarios.scenario_jobs(s, ALL, "S1")),
    ("gates", GateRecord, lambda s: project_gates(s, ALL, PROJECT)),
    ("policies", PolicyRecord, lambda s: list_policies(s)),
    ("runs", RunRecord, lambda s: score_runs(s)),
    ("scores", ScoreRecord, lambda s: project_scores(s, _id(s))),
]


@pytest.mark.parametrize(("shape", "asked"), [one[1:] for one in ASKED], ids=[one[0] for one in ASKED])
def test_what_a_query_gives_is_of_its_shape(held: Session, shape: Any, asked: Ask) -> None:
    found = list(asked(held))
    assert found
    assert [fault for one in found for fault in faults(one, shape)] == []


def test_a_record_of_another_shape_is_told() -> None:
    need = {"project": "P", "item": "land", "year": "2026", "required": 1, "basis": "reported", "revision": None}
    assert faults(need, NeedRecord) == ["NeedRecord: dimension", "NeedRecord.year: '2026' is no <class 'int'>"]
