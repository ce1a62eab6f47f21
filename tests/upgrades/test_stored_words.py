"""What was stored with the words and the parameters of another day is shown by pages and the API; never a 500."""

import orjson
import pytest
from sqlalchemy import Engine, text

from portfolio.core.database import make_engine
from portfolio.core.stored_words import stored_name, stored_text
from portfolio.exchange.sheets.findings import Finding
from portfolio.scenarios import options
from portfolio.scenarios.words import Names, admission_words, finding_words, reason_words
from portfolio.upkeep import migrate
from tests.support.databases import Databases
from tests.support.lived import Lived
from tests.support.revisions import give
from tests.support.walking import answers, pages

PARAMS = {"what": "旧", "places": ["A", "B"]}
OLD = {"code": "of_another_day", "params": PARAMS}
TOLD = "当时的记录：of_another_day（what 旧; places A, B）"
PARTLY = {"code": "allocation_uncovered", "params": {"value": "fund.own"}}
ITS_DAY = {"code": "allocation_uncovered", "params": {"value": "fund.own", "year": "2027", "count": "3"}}
NAMES = Names("zh", {}, {}, {})


def test_todays_text_is_used_where_it_fits() -> None:
    assert stored_text("error", "schema.empty", "zh", {}) == "数据库是空的，请运行 portfolio init。"
    assert stored_name("edition", "draft", "en") != "draft"


def test_what_does_not_fit_is_shown_as_it_was_kept() -> None:
    assert stored_text("finding", "of_another_day", "zh", PARAMS) == TOLD
    assert stored_text("error", "schema.older", "en", {"held": "1"}) == "As recorded then: schema.older (held 1)"
    assert (stored_name("rule", "gone", "zh"), stored_name("rule", "", "zh")) == ("gone", "")


def test_a_finding_of_its_day_is_told_in_todays_words() -> None:
    reason, remedy = finding_words(ITS_DAY, "zh")
    assert "2027 (3)" in reason
    assert "资金/企业自有资金" in reason
    assert "指标池" in remedy
    assert finding_words(PARTLY, "en")[0].startswith("As recorded then: allocation_uncovered (value ")
    assert reason_words(OLD, NAMES) == TOLD.replace("A, B", "A、B")
    found = Finding("project.of_another_day", "a.xlsx", params={"a": 1})
    assert "project.of_another_day" in found.reason("zh")
    assert Finding("gone", "a.xlsx").remedy("en").startswith("An earlier version recorded this.")


def test_options_and_explanations_of_another_version_are_read() -> None:
    kept = options.decode('{"max_delay": 2, "gap": "wide", "weather": "dry", "shares": [{"city": "450100"}]}')
    assert kept == options.Options(max_delay=2)
    assert admission_words({"refusing": ["A"]}, NAMES)


# What rooms keep as a code with parameters, as JSON, or by a name of its day.
STALE = (
    "UPDATE scenarios SET outcome = :outcome, options = :options",
    "UPDATE scenario_projects SET reason = :reason",
    "UPDATE scenario_explanations SET content = :empty",
    "UPDATE allocation_jobs SET state = 'failed', fault = 'allocation.of_another_day', detail = '旧'",
    "UPDATE imports SET state = 'refused', note = 'import.of_another_day', note_words = :words",
    "UPDATE import_previews SET content = :preview",
    "UPDATE drafts SET content = :words, base = :empty",
)


@pytest.fixture(scope="module")
def stale(sqlite_databases: Databases, lived: Lived) -> Engine:
    """The lived-in database, everything that was stored replaced by what no version of today would store."""
    url = sqlite_databases.empty("sqlite")
    migrate.upgrade(url)
    give(url, lived)
    row = {"kind": "needs", "sheet": "", "row": 2, "key": {"gone": "1"}, "fields": {"gone": ["1", "2"]}}
    finding = {"code": "of_another_day", "file": "a.xlsx", "row": 2, "params": {"a": 1}, "severity": "gone"}
    preview = {"rows": {"new": [row], "changed": [row]}, "findings": [finding], "warnings": [finding | {"code": "a.b"}]}
    given = {
        "outcome": {"findings": [OLD, PARTLY, ITS_DAY], "conflict": [OLD], "rungs": [], "gone": 1},
        "options": {"max_delay": 1, "weather": "dry"},
        "reason": OLD,
        "words": {"what": "旧"},
        "preview": preview,
        "empty": {},
    }
    engine = make_engine(url)
    with engine.begin() as connection:
        for statement in STALE:
            kept = {name: orjson.dumps(value).decode() for name, value in given.items() if f":{name}" in statement}
            connection.execute(text(statement), kept)
    return engine


def test_the_api_answers(stale: Engine) -> None:
    found = answers(stale)
    assert {name for name, (status, _) in found.items() if status >= 500} == set()
    assert "当时的记录：of_another_day" in found["/api/v1/scenarios/S1/result"][1].decode()
    assert "当时的记录：of_another_day" in found["/api/v1/imports/1/findings"][1].decode()


def test_the_pages_open(stale: Engine) -> None:
    found = pages(stale, "/allocation?scenario=S1", "/allocation?scenario=S1&project=GX-2018-0206")
    assert "当时的记录：of_another_day" in found["zh /allocation?scenario=S1"]
    assert "As recorded then: of_another_day" in found["en /exchange/1"]
