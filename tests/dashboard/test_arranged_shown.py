"""What an approved scenario arranged stands in the edition, the annual list and its files, in review and API."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from docx import Document
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import Engine
from sqlmodel import Session

from dashboard.app import create_dashboard
from dashboard.context import Context
from dashboard.pages.programme.proposals import block
from portfolio.access.local import EVERYTHING
from portfolio.briefing.annual_book import write_annual_book
from portfolio.briefing.annual_document import write_annual_document
from portfolio.core.database import make_engine
from portfolio.scenarios.following.arranged import arrangements
from tests.support import arranged as made
from tests.support.api import api_client
from tests.support.databases import Databases
from tests.support.page_walk import Page, ask

EDITION = f"/editions/{made.EDITION}"


def told(page: Page) -> str:
    assert not page.failed
    return "\n".join(page.texts)


def leads(page: Page) -> str:
    return "\n".join(unquote(one) for one in page.links)


@pytest.fixture(scope="module")
def engine(sqlite_databases: Databases) -> Iterator[Engine]:
    opened = make_engine(sqlite_databases.make("sqlite", "scheme"))
    made.fill(opened)
    yield opened
    opened.dispose()


@pytest.fixture(scope="module")
def client(engine: Engine) -> FlaskClient:
    opened: FlaskClient = create_dashboard(engine).server.test_client()
    return opened


@pytest.fixture(scope="module")
def split(engine: Engine) -> tuple[list[str], str]:
    """The two supported projects and the refused one."""
    with Session(engine) as session:
        found = arrangements(session, EVERYTHING, made.EDITION).projects
    (out,) = (code for code, one in found.items() if not one.supported)
    return sorted(code for code, one in found.items() if one.supported), out


@pytest.mark.parametrize(
    ("lang", "yes", "no"), [("zh", "拟安排", "该项目拟不安排：额度不足"), ("en", "To be supported", "Not supported: ")]
)
def test_the_entry_says_what_is_arranged(
    client: FlaskClient, split: tuple[list[str], str], lang: str, yes: str, no: str
) -> None:
    (first, _), out = split
    page = ask(client, f"{EDITION}?tab=entry&project={first}", lang)
    assert yes in told(page) and made.DOC in told(page)
    assert f"/allocation?scenario={made.SCENARIO}" in leads(page)
    page = ask(client, f"{EDITION}?tab=entry&project={out}", lang)
    assert no in told(page)


def test_the_proposals_list_says_it(engine: Engine, split: tuple[list[str], str]) -> None:
    with create_dashboard(engine).server.test_request_context("/"):
        rows = {row["code"]: row for row in block(Context("zh", "light"), made.EDITION, 0, 20)["rowData"]}
    assert [rows[code]["arranged"] for code in split[0]] == ["拟安排", "拟安排"]
    assert rows[split[1]]["arranged"].startswith("拟不安排：额度不足：2026年")


def test_the_annual_list_marks_the_refused(client: FlaskClient) -> None:
    page = ask(client, f"{EDITION}?tab=annual&table=continuing", "zh")
    assert f"情景 {made.SCENARIO}（{made.DOC}）：拟安排 2 项，拟不安排 1 项。" in told(page)
    assert told(page).count("拟不安排：额度不足") == 1


def test_workbook_and_document_mark_them_too(engine: Engine, split: tuple[list[str], str], tmp_path: Path) -> None:
    with Session(engine) as session:
        write_annual_book(session, EVERYTHING, tmp_path / "a.xlsx", made.EDITION, "zh")
        write_annual_document(session, EVERYTHING, tmp_path / "a.docx", made.EDITION, "zh")
        sql = {code: made.proposed(session, made.SCENARIO, code).get((made.MONEY, made.YEAR), 0) for code in made.CODES}
    book = load_workbook(tmp_path / "a.xlsx", data_only=True)
    sheet = list(book["续建"].iter_rows(min_row=4, values_only=True))
    words, funds = (sheet[0].index(name) for name in ("情景安排", "情景拟安排资金（万元）"))
    rows = {row[1]: row for row in sheet[1:] if row[1] in made.CODES}
    assert {code: row[funds] for code, row in rows.items()} == {code: yuan / made.WAN for code, yuan in sql.items()}
    assert sheet[-1][funds] == sum(sql.values()) / made.WAN == 200
    assert [rows[code][words] for code in split[0]] == ["拟安排"] * 2
    assert str(rows[split[1]][words]).startswith("拟不安排：额度不足")
    (refused,) = book["拟不安排的项目"].iter_rows(min_row=5, values_only=True)
    assert refused[1] == split[1]
    document = Document(str(tmp_path / "a.docx"))
    assert sum(f"{split[1]}: 拟不安排：额度不足" in one.text for one in document.paragraphs) == 1
    cells = [cell.text for one in document.tables for row in one.rows for cell in row.cells]
    assert (cells.count("拟安排"), cells.count("拟不安排")) == (2, 1)


def test_finance_sees_defaults_and_reserves(client: FlaskClient, split: tuple[list[str], str]) -> None:
    page = ask(client, f"/finance/review?round={made.REVIEW}", "zh")
    assert told(page).count(f"拟安排 · {made.SCENARIO}") == 2
    assert "拟不安排：额度不足" in told(page)
    page = ask(client, "/finance/reserves?year=2026", "zh")
    assert told(page).count(made.DOC) == 2
    assert "/allocation?scenario=" in leads(page) and f"/projects/{split[0][0]}?tab=finance" in leads(page)


@pytest.mark.parametrize("address", [EDITION, f"/allocation?scenario={made.SCENARIO}"])
@pytest.mark.parametrize(("lang", "said"), [("zh", "下一步：征求意见。"), ("en", "Next: Consult.")])
def test_the_step_bar_says_what_is_next(client: FlaskClient, address: str, lang: str, said: str) -> None:
    page = ask(client, address, lang)
    assert said in told(page)
    for place in ("?tab=consultation", "/finance/review?round=", "/screening", "/allocation?scenario="):
        assert place in leads(page), place


def test_the_api_says_the_same(engine: Engine, split: tuple[list[str], str]) -> None:
    with api_client(engine) as client:
        for path in (f"editions/{made.EDITION}/entries", f"editions/{made.EDITION}/annual-list"):
            items = {one["code"]: one["arranged"] for one in client.get(f"/api/v1/{path}").json()["items"]}
            assert {code: items[code]["supported"] for code in made.CODES} == {
                **dict.fromkeys(split[0], True),
                split[1]: False,
            }
            assert items[split[1]]["reason"].startswith("额度不足") and items[split[1]]["amounts"] == []
            assert {"item": made.MONEY, "year": made.YEAR, "quantity": 100} in items[split[0][0]]["amounts"]
        lines = client.get(f"/api/v1/rounds/{made.REVIEW}/lines").json()["items"]
        shown = {one["project"]: (one["reserved_wan"], one["arranged"]["default_wan"]) for one in lines}
        assert shown == {**dict.fromkeys(split[0], (100, 100)), split[1]: (0, 0)}
        held = client.get("/api/v1/reserves?element=fund").json()["items"]
        assert [(one["project"], one["reserved"], one["note"], one["doc_no"]) for one in held] == [
            (code, 100, made.SCENARIO, made.DOC) for code in split[0]
        ]
        way = client.get(f"/api/v1/editions/{made.EDITION}/way").json()
        assert (way["next"], way["scenario"], way["round"]) == ("consult", made.SCENARIO, made.REVIEW)
        assert [one["state"] for one in way["steps"]] == ["done", "now", "done", "done", "ahead", "ahead", "ahead"]
        body = {"kind": "arranged", "filter": {}, "expected": 3}
        assert client.post(f"/api/v1/rounds/{made.REVIEW}/decisions", json=body).json() == {"decided": 3, "left": 0}
        number = next(one["id"] for one in lines if one["project"] == split[0][0])
        body = {"lines": [number], "doc_no": made.DOC, "on_date": made.DAY}
        granted = client.post(f"/api/v1/rounds/{made.REVIEW}/grants", json=body).json()
        assert (granted["from_reserve_wan"], granted["from_free_wan"], len(granted["ids"])) == (100, 0, 1)
    with Session(engine) as session:
        assert made.funds_held(session, split[0][0], made.YEAR) == (0, 100 * made.WAN)
