"""A scenario's answer as the contract gives one: the `--json` object and a row a project."""

from collections.abc import Iterator
from typing import Any

from sqlmodel import Session

from portfolio.access.rules import Scope
from portfolio.core.frames import records
from portfolio.core.records import picked
from portfolio.core.units import outer_number
from portfolio.scenarios.queries import pool_rows, project_frame, scenario_head
from portfolio.scenarios.records import ScenarioPoolRecord
from portfolio.scenarios.words import Names, finding_words, names_of, reason_words

HEADING = ("project", "supported", "delay", "value", "rung", "reason")
UNIT = {"money": "wan_yuan", "area": "ha"}


def result_record(session: Session, scope: Scope, code: str, lang: str) -> dict[str, Any]:
    """The answer as an object; quantities in 万元 and 公顷, the unit beside them."""
    head, names = scenario_head(session, scope, code), names_of(session, scope, code, lang)
    inside = [row for row in records(project_frame(session, scope, code)) if row["delay"] >= 0]
    outcome = head["outcome"]
    figures = picked(head, ("status", "value", "bound", "gap", "seconds", "greedy_value"))
    return {
        "scenario": code,
        **figures,
        "supported": sorted(row["code"] for row in inside),
        "delays": {row["code"]: row["delay"] for row in inside if row["delay"]},
        "rungs": outcome["rungs"],
        "pools": [_pool(row) for row in pool_rows(session, scope, code)],
        "conflict": [{**one, "text": reason_words(one, names)} for one in outcome["conflict"]],
        "findings": [{**one, "text": "  →  ".join(finding_words(one, lang))} for one in outcome["findings"]],
    }


def _pool(row: ScenarioPoolRecord) -> dict[str, Any]:
    held = {"limit": row["quantity"], "original": row["original"], "used": row["used"], "left": row["left"]}
    numbers = {name: outer_number(value, row["dimension"]) for name, value in held.items()}
    head = picked(row, ("pool", "item", "year", "region_code", "level"))
    return {**head, "unit": UNIT[row["dimension"]], **numbers}


def result_rows(session: Session, scope: Scope, code: str, lang: str) -> Iterator[list[Any]]:
    """A row a project under `HEADING`, by code, the reason in words."""
    names = names_of(session, scope, code, lang)
    for row in sorted(records(project_frame(session, scope, code)), key=lambda row: str(row["code"])):
        yield project_row(row, names)


def project_row(row: dict[str, Any], names: Names) -> list[Any]:
    """One candidate under `HEADING`."""
    inside = row["delay"] >= 0
    value = round(float(row["value"]), 6)
    words = reason_words(row["reason"], names)
    return [row["code"], int(inside), row["delay"] if inside else "", value, row["rung"], words]
