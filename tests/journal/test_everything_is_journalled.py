"""Whatever a service writes to any table, the same transaction journals: every service of every room, every table."""

import re
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, select
from sqlmodel import Session, SQLModel, col

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.access.tables import RecoveryCode, SignIn, Token, User
from portfolio.attachments.queries import attachments_of
from portfolio.attachments.service import attach, detach
from portfolio.core.database import transaction
from portfolio.core.i18n import has_text
from portfolio.demonstration.service import add_figures, remove_figures
from portfolio.exchange.rows.importing import Options, run_import
from portfolio.exchange.shapes.profile import Profile
from portfolio.exchange.uploads.profiles import drop_profile, save_profile
from portfolio.finance import financing
from portfolio.finance.envelopes import EnvelopeData, set_envelope
from portfolio.finance.granting import Grant, grant
from portfolio.finance.lines import LineFilters, line_ids
from portfolio.finance.rounds import Verdict, ask_again, close_round, decide, open_round
from portfolio.finance.workfunds import save_work_fund
from portfolio.finance.yearly import save_yearly
from portfolio.journal.queries import chain_status
from portfolio.journal.tables import JournalEntry
from portfolio.ledger.service import amend_pool, open_pool, reverse
from portfolio.needs.changes import NOT_APPLICABLE, NeedEdit
from portfolio.needs.details import DetailEdit, save_details
from portfolio.needs.removal import remove_illustrative, remove_project
from portfolio.needs.service import save_needs
from portfolio.people.secrets import digest
from portfolio.projects.service import create_project, update_project
from portfolio.projects.tables import ProjectData
from portfolio.readiness.service import remove_illustrative_steps, save_step
from portfolio.rolling import addressees, consultation, lists, targets
from portfolio.rolling.approval import approve
from portfolio.rolling.consultation import Said
from portfolio.rolling.deciding import add_entry, change_entry, override_category
from portfolio.rolling.lists import Act
from portfolio.rolling.queries import entry_frame
from portfolio.rolling.service import drop_edition, send_round
from portfolio.rolling.targets import Target
from portfolio.rolling.vetoes import Choice, decide_veto
from portfolio.scheme.service import save_task, save_unit
from portfolio.vocabulary import loader
from tests.journal import acts
from tests.ledger.conftest import DOC, FUND, LAND, OTHER, PROJECT, entry, pool, posted
from tests.rolling.conftest import accept_all, make
from tests.support.vetoed import FARMLAND

ME = (LOCAL_OWNER, EVERYTHING)
WRITES = re.compile(r"^\s*(?:INSERT (?:OR \w+ )?INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.IGNORECASE)
# What only serves the others: numbers of revisions, what they touched, the journal itself.
BOOKKEEPING = {"revision", "changes", "journal", "journal_head"}
# Totals that postings move: the entries that move them are journalled, `portfolio check` recomputes them.
MOVED = {"ledger_accounts"}
# Written by `init` alone, whose own test is below.
LOADED = {"code_lists", "items", "regions"}
UPGRADED = {"displaced_codes"}  # what a migration set aside, which journals it itself
# What is no fact of the library, with the reason: what a person has typed and not saved (decision 0015), counters of
# tries, sign-ins on their way through the provider, what a check of a file found without writing it, and how far a
# search has come.
NO_FACTS = {"drafts", "throttles", "handshakes", "import_previews", "allocation_progress"}
WAN = 10_000


@pytest.fixture
def written(sqlite_engine: Engine) -> Iterator[set[str]]:
    """The tables that statements since the last clearing wrote to."""
    found: set[str] = set()

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        match = WRITES.match(statement)
        if match:
            found.add(match.group(1))

    event.listen(sqlite_engine, "before_cursor_execute", note)
    yield found
    event.remove(sqlite_engine, "before_cursor_execute", note)


def line(session: Session, item: str) -> int:
    (found,) = line_ids(session, EVERYTHING, LineFilters("R", item=item))
    return found


def _needs_file(session: Session, folder: Path) -> None:
    path = folder / "needs.csv"
    path.write_text(f"project,item,year,required\n{OTHER},fund.own,2027,3\n", encoding="utf-8")
    assert run_import(session, *ME, [path], Options(kind="needs")).applied


def library(session: Session, folder: Path) -> list[tuple[str, Callable[[], object]]]:
    """What offices do to units, projects, needs, steps and files."""
    needs = [NeedEdit("fund.local_budget.region", 2019, 300 * WAN), NeedEdit("fund.tbd", 2019, 100 * WAN)]
    made = ProjectData(
        code="GX-2018-9001", name_zh="甲", region_codes=("450500",), task_ids=("T22",), units=("GX-DOT",)
    )
    closed = NeedEdit("forest", None, NOT_APPLICABLE, "illustrative")
    done = {"status": "approved", "actual_on": "2024-06-01", "doc_no": DOC}
    land = DetailEdit("land", "offset_capacity", "5")
    return [
        ("unit", lambda: save_unit(session, LOCAL_OWNER, {"code": "GX-DOT", "name_en": "Transport"})),
        ("task", lambda: save_task(session, LOCAL_OWNER, {"id": "T22", "title_en": "Waterways"}, ["GX-DOT"])),
        ("create", lambda: create_project(session, LOCAL_OWNER, made)),
        ("update", lambda: update_project(session, *ME, PROJECT, {"owner": "甲", "region_codes": ("450500",)})),
        ("needs", lambda: save_needs(session, *ME, PROJECT, [*needs, closed])),
        ("profile", lambda: save_profile(session, LOCAL_OWNER, "计划表", Profile())),
        ("another profile", lambda: save_profile(session, LOCAL_OWNER, "月报", Profile())),
        ("forget", lambda: drop_profile(session, LOCAL_OWNER, "月报")),
        ("details", lambda: save_details(session, *ME, PROJECT, [land])),
        ("import", lambda: _needs_file(session, folder)),
        ("step", lambda: save_step(session, *ME, PROJECT, "eia", done | {"basis": "illustrative"})),
        ("attach", lambda: attach(session, LOCAL_OWNER, "project", PROJECT, "批复.pdf", b"%PDF-1.7")),
        ("detach", lambda: detach(session, LOCAL_OWNER, attachments_of(session, "project", PROJECT)[0]["id"])),
        ("illustrative", lambda: remove_illustrative(session, LOCAL_OWNER)),
        ("illustrative steps", lambda: remove_illustrative_steps(session, LOCAL_OWNER)),
        ("remove", lambda: remove_project(session, *ME, made.code)),
    ]


def money(session: Session) -> list[tuple[str, Callable[[], object]]]:
    """What planners and finance do to pools, reviews, records."""
    budget = pool(FUND, "fund.local_budget", 400 * WAN, kind="budget")
    bond = {"instrument": "general_bond", "amount_yuan": 5 * WAN, "first_year": 2026, "status": "planned"}
    region = "fund.local_budget.region"
    work = {"asked_yuan": 5}
    return [
        ("pool", lambda: open_pool(session, *ME, pool(LAND, "land", 100, valid_until="2019-12-31"))),
        ("budget", lambda: open_pool(session, *ME, budget)),
        ("amend", lambda: amend_pool(session, *ME, pool(LAND, "land", 120, name="用地"))),
        ("post", lambda: posted(session, entry("lock", 10))),
        ("reverse", lambda: reverse(session, *ME, posted(session, entry("lock", 5))[0], "2019-04-01", DOC)),
        ("round", lambda: open_round(session, *ME, "R", 2019)),
        ("return", lambda: decide(session, *ME, [line(session, "fund.tbd")], Verdict("return", reason="not_ready"))),
        ("again", lambda: ask_again(session, *ME, [line(session, "fund.tbd")], "已补")),
        ("decide", lambda: decide(session, *ME, [line(session, region)], Verdict("propose", 300 * WAN))),
        ("grant", lambda: grant(session, *ME, [line(session, region)], Grant(FUND, DOC, "2019-05-01"))),
        ("close", lambda: close_round(session, LOCAL_OWNER, "R")),
        ("envelope", lambda: set_envelope(session, LOCAL_OWNER, EnvelopeData("region", 2019, 9, DOC))),
        ("capacity", lambda: financing.set_capacity(session, LOCAL_OWNER, "450500", 2019, 5, DOC)),
        ("work fund", lambda: save_work_fund(session, LOCAL_OWNER, "GX-DOT", 2019, "feasibility", work)),
        ("financing", lambda: financing.save_record(session, *ME, PROJECT, bond)),
        ("yearly", lambda: save_yearly(session, *ME, PROJECT, {("to_date", 2025): 5, ("expected", 2026): 1})),
        ("no financing", lambda: financing.remove_record(session, *ME, PROJECT, 1)),
    ]


def programme(session: Session) -> list[tuple[str, Callable[[], object]]]:
    """What planners do to editions."""
    curve = dict.fromkeys((3, 6, 9), 0) | {12: 5}
    target = Target(annual_yuan=5, curve=curve, milestones=[("开工", "2026-06", None)])
    listed = Act(PROJECT, "coordinated", 2026, "included", "2026-01-10", doc_no=DOC)

    def first() -> str:
        return str(entry_frame(session, EVERYTHING, "2026")["code"].iloc[0])

    def vetoed(decision: str) -> None:
        decide_veto(session, *ME, "2026", PROJECT, Choice(decision, "李明", "选址论证"))

    return [
        ("running", lambda: update_project(session, *ME, PROJECT, {"stage": "under_construction"})),
        ("asking", lambda: save_needs(session, *ME, PROJECT, [NeedEdit("fund.own", y, 100) for y in (2026, 2027)])),
        ("farmland", lambda: save_needs(session, *ME, PROJECT, [NeedEdit(FARMLAND, 2026, 5)])),
        ("roll", lambda: make(session, "2026", 2026)),
        ("target", lambda: targets.set_target(session, LOCAL_OWNER, "2026", first(), target)),
        ("category", lambda: override_category(session, LOCAL_OWNER, "2026", first(), "new_start", "专题会议")),
        ("accept", lambda: accept_all(session, "2026")),
        ("leave out", lambda: vetoed("leave_out")),
        ("keep", lambda: vetoed("keep")),
        ("send", lambda: send_round(session, LOCAL_OWNER, "2026")),
        ("remind", lambda: addressees.remind(session, LOCAL_OWNER, "2026")),
        ("no objection", lambda: addressees.answer_no_objection(session, LOCAL_OWNER, "2026", "GX-DOT")),
        ("comment", lambda: consultation.comment(session, LOCAL_OWNER, "2026", Said(first(), "GX-DOT", "同意"))),
        ("answer", lambda: consultation.answer(session, LOCAL_OWNER, "2026", 1, "已采纳")),
        ("approve", lambda: approve(session, *ME, "2026", DOC, "2026-01-15", "审定人")),
        ("no farmland", lambda: save_needs(session, *ME, PROJECT, [NeedEdit(FARMLAND, 2026, 0)])),
        ("list", lambda: lists.say(session, *ME, listed)),
        ("draft", lambda: make(session, "2027", 2027, "2026")),
        ("add", lambda: add_entry(session, *ME, "2027", OTHER, "急需")),
        ("change", lambda: change_entry(session, *ME, "2027", first(), "suspended", "halted", "停建")),
        ("drop", lambda: drop_edition(session, LOCAL_OWNER, "2027")),
    ]


def test_what_a_service_writes_its_transaction_journals(
    sqlite_engine: Engine, written: set[str], tmp_path: Path
) -> None:
    seen: set[str] = set()
    with Session(sqlite_engine, expire_on_commit=False) as session:
        held = chain_status(session, 1).rows
        rooms = (library(session, tmp_path), money(session), programme(session), acts.entry_and_review(session))
        above = (acts.screening(session), acts.planning(session), acts.importing(session, tmp_path))
        for name, act in chain(*rooms, *above, acts.accounts(session, person := acts.Person(session))):
            written.clear()
            act()
            session.commit()
            assert written - BOOKKEEPING, f"{name} wrote nothing"
            held, before = chain_status(session, 1).rows, held
            assert held > before, f"{name} wrote {sorted(written)} without a journal entry"
            seen |= written
    tables = set(SQLModel.metadata.tables)
    assert tables - seen - BOOKKEEPING - NO_FACTS == MOVED - seen | LOADED | UPGRADED
    with Session(sqlite_engine) as session:
        assert chain_status(session).whole
        rows = session.execute(select(col(JournalEntry.room), col(JournalEntry.action)).distinct())
        wordless = {f"action-{room}-{action}" for room, action in rows if not has_text(f"action-{room}-{action}")}
    assert wordless == set()
    assert secrets_in_the_journal(sqlite_engine, person.secrets) == set()


# Columns that hold what opens a door, or what stands for it.
SECRET_COLUMNS = {
    User: ("password_hash", "totp_secret"),
    SignIn: ("key", "csrf"),
    Token: ("key",),
    RecoveryCode: ("key",),
}


def secrets_in_the_journal(engine: Engine, typed: set[str]) -> set[str]:
    """Secrets that were typed or shown, their digests, and what is kept of any, that some entry holds."""
    with Session(engine) as session:
        kept = {
            str(value)
            for table, names in SECRET_COLUMNS.items()
            for row in session.execute(select(*(getattr(table, name) for name in names)))
            for value in row
            if value
        }
        entries = session.execute(select(JournalEntry)).scalars()
        told = "\n".join(f"{row.subject} {row.before} {row.after} {row.reason}" for row in entries)
    assert "$argon2" not in told
    assert len(typed) > 25
    assert kept
    return {secret for secret in typed | {digest(one) for one in typed} | kept if secret in told}


def test_figures_for_demonstration_are_journalled(sqlite_engine: Engine, written: set[str]) -> None:
    for act in (add_figures, remove_figures):
        written.clear()
        with transaction(sqlite_engine) as session:
            act(session, *ME)
        assert {"journal", "code_lists"} <= written


def test_code_lists_are_journalled_when_they_are_loaded(
    sqlite_engine: Engine, written: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from portfolio.upkeep import setup

    monkeypatch.setattr(loader, "list_version", lambda name: f"{name} of tomorrow")
    setup.initialise(sqlite_engine, "bare")
    assert {"journal", "code_lists"} <= written
