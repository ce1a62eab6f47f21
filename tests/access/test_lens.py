"""Whoever sees a part is never told that there is nothing: what is said is about the part, or true of the whole."""

from typing import Any

import pytest
from dash.development.base_component import Component
from flask import g
from sqlalchemy import text
from sqlmodel import Session

from dashboard import shell
from dashboard.app import create_dashboard
from dashboard.context import Context
from portfolio.access.local import EVERYTHING
from portfolio.access.rules import ROLES, scope_of
from portfolio.briefing.part_note import part_note
from portfolio.core.i18n import LANGUAGES, error_text
from portfolio.people.identity import Identity
from portfolio.rolling.annual import decomposition
from portfolio.vocabulary.codes import WHOLE_REGION
from tests.access.conftest import CODES, HERE, World, actor_of

WHOSE = {"project_office": "本单位填报", "city_reviewer": "本市", "lead_reviewer": "本单位填报或本单位牵头"}


def said(part: Any) -> str:
    if isinstance(part, list | tuple):
        return " ".join(map(said, part))
    return said(part.children) if isinstance(part, Component) else str(part or "")


@pytest.mark.parametrize("role", ROLES)
def test_the_frame_says_whose_projects_a_reader_sees(world: World, role: str) -> None:
    server = create_dashboard(world.engine).server
    with server.test_request_context("/"):
        g.identity = Identity(actor_of(role))
        words = {lang: said(shell._lens(Context(lang, "light"))) for lang in LANGUAGES}
    if role in WHOSE:
        assert f"您看到的是{WHOSE[role]}的项目" in words["zh"]
        assert "about those alone" in words["en"]
    else:
        assert words == {"zh": "", "en": ""}


@pytest.mark.parametrize("role", ROLES)
def test_a_file_says_when_it_holds_a_part(role: str) -> None:
    scope = scope_of(actor_of(role))
    assert bool(part_note(scope, "zh")) == (not scope.everything) == (role in WHOSE)


def entered(session: Session, code: str, task: str, city: str) -> None:
    """The entry of project `code` stands in the year's list of E1 for `task` in `city`."""
    statement = (
        "UPDATE edition_entries SET task_ids = :task, city_code = :city, decision = 'accepted' WHERE code = :code"
    )
    session.execute(text(statement), {"task": task, "city": city, "code": code})


def test_a_city_is_told_to_lack_a_task_only_when_it_does_and_to_who_sees_it(world: World) -> None:
    def without(role: str) -> set[str]:
        found = decomposition(session, scope_of(actor_of(role)), "E1")
        return set(next(one for one in found if one.task == task).without)

    with Session(world.engine) as session:
        responsible = {one.task: set(one.cities) for one in decomposition(session, EVERYTHING, "E1")}
        task = next(one for one, cities in responsible.items() if HERE in cities and len(cities) > 1)
        cities = responsible[task]
        assert (without("planner"), without("city_reviewer")) == (cities, {HERE})
        assert without("project_office") == without("lead_reviewer") == set()
        entered(session, CODES["foreign"], task, HERE)
        assert (without("planner"), without("city_reviewer")) == (cities - {HERE}, set())
        (one,) = [one for one in decomposition(session, scope_of(actor_of("project_office")), "E1") if one.task == task]
        assert (one.projects, one.nothing) == (0, False)
        entered(session, CODES["foreign"], task, WHOLE_REGION)  # counts for each city, also of who cannot see it
        assert without("planner") == without("city_reviewer") == set()


@pytest.mark.parametrize(
    "code",
    [
        "project.not_found",
        "ledger.pool_not_found",
        "ledger.entry_not_found",
        "attachment.not_found",
        "batch.not_found",
        "import.not_found",
        "finance.no_line",
        "rolling.no_entry",
    ],
)
def test_what_is_out_of_reach_is_not_said_not_to_be(code: str) -> None:
    params = dict.fromkeys(("code", "value", "id"), "X")
    assert "或不在您的查看范围内" in error_text(code, "zh", params)
    assert "or none that you may see" in error_text(code, "en", params)
