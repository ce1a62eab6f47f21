"""The lines of a scenario's table for a meeting, the same in the workbook and the document."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlmodel import Session

from portfolio.access.rules import Scope
from portfolio.core.formatting import NONE_MARK, headline, headline_words, number, percent, signed
from portfolio.core.frames import records
from portfolio.core.i18n import t
from portfolio.core.units import from_base, outer_number
from portfolio.scenarios.comparing import Sums, beside_ranked_cut, next_in_line
from portfolio.scenarios.queries import AREAS, explanations, pool_rows, project_frame, scenario_head
from portfolio.scenarios.records import ScenarioHead, ScenarioPoolRecord
from portfolio.scenarios.words import Names, admission_words, names_of, reason_words, waiting_words

IN_COLUMNS = ("place", "code", "name", "rung", "points", "delay", "fund", "land", "sea", "forest")
OUT_COLUMNS = ("place", "code", "name", "rung", "points", "fund", "land", "sea", "forest", "reason")
NEXT_COLUMNS = ("place", "code", "name", "rung", "points", "addition")
POOL_COLUMNS = ("pool", "original", "limit", "carried_in", "used", "left", "unit")
NEXT_LISTED = 50


@dataclass(frozen=True)
class Lines:
    """What the table says: head lines, and the projects and pools as mappings of column → cell."""

    head: ScenarioHead
    names: Names
    summary: tuple[str, ...]
    inside: list[dict[str, Any]]
    out: list[dict[str, Any]]
    waiting: list[dict[str, Any]]
    pools: list[dict[str, Any]]

    @property
    def title(self) -> str:
        """What stands above the table."""
        return t("scenario-book-title", self.names.lang, edition=self.head["edition"])


def lines(session: Session, scope: Scope, code: str, lang: str) -> Lines:
    """The table of a scenario in a language."""
    head, names = scenario_head(session, scope, code), names_of(session, scope, code, lang)
    frame = project_frame(session, scope, code)
    told = explanations(session, scope, code)
    known = {subject: found for (kind, subject), found in told.items() if kind == "project"}
    inside = [_project(row, place, names) for place, row in enumerate(records(frame[frame["delay"] >= 0]), 1)]
    out = [_project(row, place, names) for place, row in enumerate(records(frame[frame["delay"] < 0]), 1)]
    for line in out:
        if line["code"] in known:
            line["reason"] = " ".join(admission_words(known[line["code"]], names))
    waiting = [
        _project(row, place, names) | {"addition": waiting_words(row["admission"], names)}
        for place, row in enumerate(records(next_in_line(head, frame, NEXT_LISTED)), 1)
    ]
    pools = [_pool(row, names) for row in pool_rows(session, scope, code)]
    return Lines(head, names, tuple(_summary(head, frame, lang)), inside, out, waiting, pools)


def _project(row: dict[str, Any], place: int, names: Names) -> dict[str, Any]:
    reason = row["pin_reason"] or reason_words(row["reason"], names)
    return {
        "place": place,
        "code": row["code"],
        "name": names.projects[row["code"]],
        "rung": t(f"allocation-rung-{row['rung']}", names.lang),
        "points": round(float(row["points"]), 2),
        "delay": row["delay"],
        "fund": float(from_base(int(row["fund_yuan"]), "wan_yuan")),
        **{name.removesuffix("_m2"): hectares(row[name]) for name in AREAS},
        "reason": reason,
    }


def _pool(row: ScenarioPoolRecord, names: Names) -> dict[str, Any]:
    held = {"original": row["original"], "limit": row["quantity"], "used": row["used"], "left": row["left"]}
    held["carried_in"] = row["carried_in"] or 0
    unit = t("unit-wan_yuan" if row["dimension"] == "money" else "unit-ha", names.lang)
    numbers = {name: outer_number(value, row["dimension"]) for name, value in held.items()}
    return {"pool": names.pools[row["pool"]], "unit": unit, **numbers}


def _summary(head: ScenarioHead, frame: pd.DataFrame, lang: str) -> list[str]:
    answer, cut = beside_ranked_cut(frame)
    made = {"code": head["code"], "policy": head["policy"], "maker": head["maker"]}
    status = t(f"allocation-status-{head['status']}", lang)
    figures = {"value": number(head["value"], lang, 2), "bound": number(head["bound"], lang, 2)}
    said = [
        t("scenario-book-made", lang, **made),
        t("scenario-book-status", lang, status=status, **figures, gap=number((head["gap"] or 0) * 100, lang, 2)),
        t("scenario-book-sums", lang, projects=str(answer.projects), **_amounts(answer, lang)),
        t("scenario-book-cut", lang, **gained(answer, cut, lang)),
    ]
    if head["state"] in ("approved", "superseded"):
        approved = {"person": head["approver"], "doc": head["doc_no"], "day": head["approved_on"]}
        said.append(t("scenario-book-approved", lang, **approved))
    return said


def hectares(area_m2: int | None) -> float | None:
    """An area as tables hold it; None where it is not known."""
    return None if area_m2 is None else float(from_base(int(area_m2), "ha"))


def areas_words(areas_m2: Mapping[str, int | None], lang: str) -> str:
    """Land, sea and forest, each by itself: they are not one area."""
    named = {name: t(f"element-{name.removesuffix('_m2')}", lang) for name in areas_m2}
    parts = [f"{named[name]} {headline_words(value, 'area', lang)}" for name, value in areas_m2.items()]
    return (", " if lang == "en" else "、").join(parts)


def _amounts(found: Sums, lang: str) -> dict[str, str]:
    return {"money": " ".join(headline(found.fund_yuan, "money", lang)), "area": areas_words(found.areas_m2, lang)}


def gained(answer: Sums, cut: Sums, lang: str) -> dict[str, str]:
    """What the answer carries beyond the ranked cut, as texts: value, per cent, projects, hectares of each element."""
    more = answer.value - cut.value
    return {
        "value": signed(more, lang, 2),
        "percent": percent(round(more * 1000), round(cut.value * 1000), lang),
        "projects": signed(answer.projects - cut.projects, lang),
        "area": (", " if lang == "en" else "、").join(_more(name, answer, cut, lang) for name in AREAS),
    }


def _more(name: str, answer: Sums, cut: Sums, lang: str) -> str:
    now, before = answer.areas_m2[name], cut.areas_m2[name]
    more = NONE_MARK if now is None or before is None else signed(from_base(now - before, "ha"), lang, 2)
    element = name.removesuffix("_m2")
    return f"{t(f'element-{element}', lang)} {more}"
