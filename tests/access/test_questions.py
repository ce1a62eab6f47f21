"""Every question the pages ask, found in the modules themselves: none tells a limited reader of a foreign project."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import is_dataclass
from datetime import UTC, date, datetime
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import numpy as np
import pandas as pd
import pytest
from flask import g
from sqlmodel import SQLModel

from dashboard import data, questions
from dashboard.app import create_dashboard
from dashboard.view import GateView, View
from portfolio.core.errors import PortfolioError
from portfolio.finance.lines import LineFilters
from portfolio.journal.queries import JournalFilters
from portfolio.people.identity import Identity
from portfolio.projects.filters import ProjectFilters
from portfolio.projects.rules.profile import BLANK
from portfolio.reporting.queries import QueueFilters
from portfolio.rolling.queries import EntryFilters
from portfolio.rolling.rules.editions import CATEGORIES
from portfolio.screening.rules.books import built_in
from portfolio.screening.rules.policy import encode
from portfolio.screening.rules.robust import Limit
from tests.access.conftest import CODES, SECRET, World, actor_of, data_of

FOREIGN = CODES["foreign"]
LIMITED = ("project_office", "city_reviewer", "lead_reviewer")
# What a `code` may stand for: the foreign project, an edition and a round that hold it.
OF_CODE = (FOREIGN, "E1", "R1")
GIVEN: dict[str, Any] = {
    "after": "E1",
    "asker": "page",
    "at": datetime(2026, 12, 31, tzinfo=UTC),
    "band": 0,
    "before": "E1",
    "by": "city",
    "codes": ("S1",),
    "definition": encode(built_in()["default"]),
    "edition": "E1",
    "editions_": ("E1",),
    "element": "land",
    "filters": None,
    "first": 0,
    "found": (),
    "gate": "",
    "group": "item",
    "item": "fund",
    "lang": "zh",
    "last": 100,
    "limit": Limit(5),
    "limits": dict.fromkeys(CATEGORIES, 5),
    "line": 1,
    "name": SECRET,
    "number": 1,
    "policy": "default",
    "pool": "LAND-2019",
    "profile": "all",
    "project": FOREIGN,
    "projects": (FOREIGN,),
    "recovered_by": date(2026, 12, 31),
    "sort": "code",
    "start": 0,
    "state": "",
    "stated": {**data_of("foreign").model_dump(), **BLANK},
    "states": ("accepted", "draft", "submitted"),
    "stop": 500,
    "table": "new",
    "weights": {},
    "year": 2026,
    "years": (),
}
VIEWS = {View: View(), GateView: GateView(View())}
FILTERS = (EntryFilters, JournalFilters, LineFilters, ProjectFilters, QueueFilters)
# Asked by others alone, with a session, a question, a policy or a record of theirs; or about the request itself.
NOT_ASKED = {
    "data.barred",
    "data.knock",
    "data.may",
    "data.read",
    "data.load_edition",
    "data.revive_jobs",
    "edition_acts.named",
    "entrance.pending",
    "entrance.unfinished",
    "policy.policy_text",
    "policy.reweighed",
    "policy.scaled",
}


class Written(Exception):
    """A function that was called would have written."""


def modules() -> Iterable[Any]:
    yield data
    for found in iter_modules(questions.__path__):
        yield import_module(f"{questions.__name__}.{found.name}")


def asked() -> dict[str, Callable[..., Any]]:
    """Every public function of the modules, by `<module>.<name>`."""
    found: dict[str, Callable[..., Any]] = {}
    for module in modules():
        short = module.__name__.rpartition(".")[2]
        for name, one in inspect.getmembers(module, inspect.isfunction):
            if one.__module__ == module.__name__ and not name.startswith("_") and f"{short}.{name}" not in NOT_ASKED:
                found[f"{short}.{name}"] = one
    return found


def arguments(one: Callable[..., Any], code: str) -> dict[str, Any] | None:
    """A value for each parameter that must be given; None for a function that only a form calls with its values."""
    values = {**GIVEN, "code": code}
    given = {}
    for name, parameter in inspect.signature(one).parameters.items():
        of_filters = [kind for kind in FILTERS if parameter.annotation is kind]
        if of_filters:
            given[name] = LineFilters("R1") if of_filters == [LineFilters] else of_filters[0]()
        elif parameter.annotation in VIEWS:
            given[name] = VIEWS[parameter.annotation]
        elif parameter.default is parameter.empty and name not in values:
            return None
        elif parameter.default is parameter.empty:
            given[name] = values[name]
    return given


def told(value: Any) -> str:
    """All a value says, frames and records to their last cell."""
    if isinstance(value, pd.DataFrame | pd.Series):
        return told(value.to_dict("records") if isinstance(value, pd.DataFrame) else value.to_dict())
    if isinstance(value, np.ndarray):
        return told(value.tolist())
    if isinstance(value, SQLModel):
        return told(value.model_dump())
    if is_dataclass(value) and not isinstance(value, type):
        return told(vars(value))
    if isinstance(value, Mapping):
        return " ".join(told(part) for pair in value.items() for part in pair)
    if isinstance(value, list | tuple | set | frozenset):
        return " ".join(map(told, value))
    return str(value)


@pytest.fixture
def no_writing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever writes says so instead: the services' own refusals are walked elsewhere."""

    def refuse(_: Any) -> Any:
        raise Written

    for module in modules():
        for name in ("write", "handed"):
            if hasattr(module, name):
                monkeypatch.setattr(module, name, refuse)


@pytest.fixture(scope="module")
def pages(world: World) -> Any:
    return create_dashboard(world.engine).server


def answers(pages: Any, role: str) -> tuple[dict[str, str], set[str]]:
    """What each question tells the role, and which could not be asked for want of an argument."""
    found: dict[str, str] = {}
    unasked = set()
    for name, one in asked().items():
        for code in OF_CODE:
            given = arguments(one, code)
            if given is None:
                unasked.add(name)
                break
            with pages.test_request_context("/"):
                g.identity = Identity(actor_of(role))
                try:
                    found[name] = found.get(name, "") + told(one(**given))
                except (PortfolioError, Written):
                    continue
            if "code" not in given:
                break
    return found, unasked


@pytest.mark.parametrize("role", LIMITED)
def test_no_question_tells_of_a_foreign_project(pages: Any, no_writing: None, role: str) -> None:
    found, _ = answers(pages, role)
    assert {name for name, words in found.items() if SECRET in words or FOREIGN in words} == set()
    assert len(found) > 45


def test_who_reads_all_is_told_of_it_by_the_same_walk(pages: Any, no_writing: None) -> None:
    """Else silence above could come from questions that find nothing; and a new question must be asked here."""
    found, unasked = answers(pages, "planner")
    telling = {name for name, words in found.items() if SECRET in words or FOREIGN in words}
    assert {"data.library", "data.project_page", "edition.consultation_round", "rolling.compared"} <= telling
    assert len(telling) > 20
    reads = {name for name in unasked if "write(" not in inspect.getsource(asked()[name])}
    assert {name for name in reads if "handed(" not in inspect.getsource(asked()[name])} == set()
