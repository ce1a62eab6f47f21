"""The gravest state of a project's gates stands wherever it stands for the programme or for money."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from docx import Document
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import Engine, func, select
from sqlmodel import Session, col

from dashboard.app import create_dashboard
from dashboard.context import Context
from dashboard.pages.programme.proposals import block
from portfolio.access.local import EVERYTHING
from portfolio.briefing.annual_book import write_annual_book
from portfolio.briefing.annual_document import write_annual_document
from portfolio.core.database import make_engine
from portfolio.core.formatting import headline_words
from portfolio.projects.tables import Project
from portfolio.screening.gates import gate_sheet, vetoed_sum, worst, worst_by_project
from tests.rolling.conftest import accept_all
from tests.support import half_filled as half
from tests.support import vetoed
from tests.support.api import api_client
from tests.support.databases import Databases
from tests.support.page_walk import ask

PERSON, PAPER, REASON = "李明", "桂发改函〔2026〕8号", "自治区重大事项"


@pytest.fixture(scope="module")
def engine(sqlite_databases: Databases) -> Iterator[Engine]:
    """A library of vetoed projects alone; the first is decided on."""
    made = make_engine(sqlite_databases.make("sqlite", "scheme"))
    vetoed.fill(made)
    with Session(made, expire_on_commit=False) as session:
        accept_all(session, vetoed.EDITION)
        vetoed.keep_vetoed(session, vetoed.EDITION)
        session.commit()
    yield made
    made.dispose()


@pytest.fixture(scope="module")
def client(engine: Engine) -> FlaskClient:
    opened: FlaskClient = create_dashboard(engine).server.test_client()
    return opened


@pytest.mark.parametrize(
    "address",
    [
        f"/projects/{vetoed.CODES[0]}",
        f"/editions/{vetoed.EDITION}?tab=board",
        f"/editions/{vetoed.EDITION}?tab=annual&table=continuing",
        f"/editions/{vetoed.EDITION}?tab=entry&project={vetoed.CODES[0]}",
        f"/finance?year={vetoed.YEAR}",
        f"/accounts?element=fund&year={vetoed.YEAR}",
        f"/finance/review?round={vetoed.REVIEW}",
    ],
)
@pytest.mark.parametrize(("lang", "word"), [("zh", "否决"), ("en", "Veto")])
def test_a_page_says_the_veto(client: FlaskClient, address: str, lang: str, word: str) -> None:
    page = ask(client, address, lang)
    assert not page.failed
    assert word in page.texts


def test_the_list_of_proposals_says_it(engine: Engine) -> None:
    server = create_dashboard(engine).server
    with server.test_request_context("/"):
        rows = block(Context("zh", "light"), vetoed.EDITION, 0, 20)["rowData"]
    assert {row["gate"] for row in rows if row["code"] in vetoed.CODES} == {"否决"}


def test_the_overview_counts_what_the_screening_page_lists(client: FlaskClient, engine: Engine) -> None:
    with Session(engine) as session:
        listed = gate_sheet(session, EVERYTHING).where("", "veto").codes
        amount = select(func.sum(col(Project.total_investment_yuan))).where(col(Project.code).in_(listed))
        counted = (len(listed), session.execute(amount).scalar_one())
        assert vetoed_sum(session, EVERYTHING) == counted == (7, 7 * vetoed.TOTAL)
    page = ask(client, "/", "zh")
    assert f"其中7项被否决，总投资{headline_words(7 * vetoed.TOTAL, 'money', 'zh')}" in page.texts
    assert "/screening?result=veto" in page.links


def test_the_approval_says_beforehand_what_waits(client: FlaskClient, engine: Engine) -> None:
    with Session(engine) as session:
        fresh = worst_by_project(session, vetoed.CODES)
    assert set(fresh.values()) == {"veto"}
    page = ask(client, f"/editions/{vetoed.EDITION}?tab=consultation", "zh")
    assert "被否决的项目（7项）" in page.texts
    assert page.texts.count("决定列入") == 7
    assert f"/editions/{vetoed.EDITION}?tab=entry&project={vetoed.CODES[6]}" in page.links


def test_workbook_and_document_print_the_decision(engine: Engine, tmp_path: Path) -> None:
    with Session(engine) as session:
        write_annual_book(session, EVERYTHING, tmp_path / "a.xlsx", vetoed.EDITION, "zh")
        write_annual_document(session, EVERYTHING, tmp_path / "a.docx", vetoed.EDITION, "zh")
    book = load_workbook(tmp_path / "a.xlsx")
    rows = list(book["否决事项"].iter_rows(min_row=5, values_only=True))
    assert [row[1] for row in rows] == list(vetoed.CODES)
    assert {row[4:] for row in rows[:6]} == {("否决", "占用永久基本农田", "决定列入", PERSON, PAPER, REASON)}
    table = book["续建"]
    place = [cell.value for cell in table[4]].index("审查结论")
    assert [row[place].value for row in table.iter_rows(min_row=6, max_row=12)] == ["否决"] * 7
    document = Document(str(tmp_path / "a.docx"))
    said = f"否决事项：占用永久基本农田，经{PERSON} {PAPER}决定列入，理由：{REASON}。"
    assert sum(said in paragraph.text for paragraph in document.paragraphs) >= 6
    assert sum(cell.text == "否决" for one in document.tables for row in one.rows for cell in row.cells) == 7


def test_the_api_says_the_state_and_the_decision(engine: Engine) -> None:
    with api_client(engine) as client:
        code = vetoed.EDITION
        for path in (
            f"editions/{code}/entries",
            f"editions/{code}/annual-list",
            f"rounds/{vetoed.REVIEW}/lines",
            "funding",
        ):
            items = client.get(f"/api/v1/{path}").json()["items"]
            mine = [one for one in items if (one.get("project") or one["code"]) in vetoed.CODES]
            assert {one["gate"] for one in mine} == {"veto"}, path
            assert len(mine) >= 7
        body = {"decision": "keep", "person": "王芳", "reason": "复核"}
        path = f"/api/v1/editions/{code}/entries/{vetoed.CODES[6]}/veto-decisions"
        made = client.post(path, json=body)
        assert made.status_code == 201, made.text
        listed = client.get(f"/api/v1/editions/{code}/vetoes").json()["items"]
        assert (listed[6]["undecided"], listed[6]["decided"]["person"]) == (False, "王芳")
        assert client.get(f"/api/v1/editions/{code}/vetoes?undecided=true").json()["items"] == []


def test_on_a_half_filled_library_every_state_is_the_gravest_of_the_gates(sqlite_databases: Databases) -> None:
    engine = make_engine(sqlite_databases.make("sqlite", "half"))
    with Session(engine) as session:
        sheet = gate_sheet(session, EVERYTHING)
        told = worst_by_project(session, sheet.codes)
        assert told == {code: worst(sheet.states[:, place].tolist()) for place, code in enumerate(sheet.codes)}
        assert worst_by_project(session, ["ZZ-2018-0001"]) == {}
        assert set(told.values()) == {"unknown"}
    client = create_dashboard(engine).server.test_client()
    for address in (f"/projects/{half.DATED}", f"/editions/{half.EDITION}?tab=board"):
        assert "未知" in ask(client, address, "zh").texts
    assert not [text for text in ask(client, "/", "zh").texts if "被否决" in text]
    engine.dispose()
