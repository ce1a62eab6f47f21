"""Scenarios side by side, and an answer beside the ranked cut: who changes, and what it comes to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlmodel import Session

from portfolio.access.rules import Scope
from portfolio.core.errors import InvalidError
from portfolio.core.frames import absent_as_none, frame_of
from portfolio.scenarios.queries import AREAS, pool_rows, project_frame, scenario_head
from portfolio.scenarios.records import ScenarioHead, ScenarioPoolRecord
from portfolio.vocabulary.codes import sector_of

MOST = 4
OUT = -1
TOTALS = ["group", "scenario", "projects", "fund_yuan", *AREAS, "value"]


@dataclass(frozen=True)
class Sums:
    """What some of the candidates come to: how many, points, yuan and m² of what they still need.

    Areas by `AREAS`; one is None where an answer of before does not tell it of each of them.
    """

    projects: int
    value: float
    fund_yuan: int
    areas_m2: dict[str, int | None]


@dataclass(frozen=True)
class Comparison:
    """Scenarios by code: heads; `changes` a row a project whose delay (-1: out) is not the same in all, a column a
    scenario; totals by city and sector as `TOTALS`; `years` supported needs by element and year; pools in use."""

    heads: dict[str, ScenarioHead]
    changes: pd.DataFrame
    by_city: pd.DataFrame
    by_sector: pd.DataFrame
    years: pd.DataFrame
    pools: pd.DataFrame


def compare_scenarios(session: Session, scope: Scope, codes: Sequence[str]) -> Comparison:
    """Two to four scenarios side by side; raises `InvalidError` for fewer or more."""
    chosen = list(dict.fromkeys(codes))
    if not 2 <= len(chosen) <= MOST:
        raise InvalidError("allocation.compare_two_to_four", most=str(MOST))
    heads = {code: scenario_head(session, scope, code) for code in chosen}
    frames = {code: project_frame(session, scope, code) for code in chosen}
    for frame in frames.values():
        frame["sector"] = [sector_of(kind) for kind in frame["kind"]]
    return Comparison(
        heads,
        _changes(frames),
        _totals(frames, "city_code"),
        _totals(frames, "sector"),
        _years(heads),
        _pools(session, scope, chosen),
    )


def _changes(frames: dict[str, pd.DataFrame]) -> pd.DataFrame:
    names = pd.concat([frame[["code", "name_zh", "name_en", "rung", "points"]] for frame in frames.values()])
    wide = names.drop_duplicates("code").set_index("code")
    for code, frame in frames.items():
        wide[code] = frame.set_index("code")["delay"].reindex(wide.index).fillna(OUT).astype(int)
    differs = wide[list(frames)].nunique(axis=1) > 1
    return absent_as_none(wide[differs].sort_values("points", ascending=False).reset_index())


def _totals(frames: dict[str, pd.DataFrame], by: str) -> pd.DataFrame:
    rows = []
    for code, frame in frames.items():
        for group, part in frame[frame["delay"] >= 0].groupby(by, dropna=False):
            found = sums(part)
            rows.append([group, code, found.projects, found.fund_yuan, *found.areas_m2.values(), found.value])
    return frame_of(rows, TOTALS)


def _years(heads: dict[str, ScenarioHead]) -> pd.DataFrame:
    rows = [
        [need["item"].partition(".")[0], need["year"], code, need["quantity"]]
        for code, head in heads.items()
        for need in head["outcome"]["needs"]
    ]
    frame = pd.DataFrame(rows, columns=["element", "year", "scenario", "quantity"])
    summed: pd.DataFrame = frame.groupby(["element", "year", "scenario"], as_index=False)[["quantity"]].sum()
    return summed


def _pools(session: Session, scope: Scope, codes: Sequence[str]) -> pd.DataFrame:
    rows = [{**row, "scenario": code} for code in codes for row in pool_rows(session, scope, code)]
    return frame_of(rows, list(rows[0]) if rows else [])


def sums(frame: pd.DataFrame) -> Sums:
    """What the projects of `frame` come to."""
    value = sum(float(worth) for worth in frame["value"])
    areas = {name: None if frame[name].isna().any() else sum(map(int, frame[name])) for name in AREAS}
    return Sums(len(frame), value, sum(map(int, frame["fund_yuan"])), areas)


def beside_ranked_cut(frame: pd.DataFrame) -> tuple[Sums, Sums]:
    """The answer, and what cutting the ranked list would have carried of the same pools."""
    ranked = frame[frame["ranked"].astype(bool)]
    return sums(frame[frame["delay"] >= 0]), sums(ranked.assign(value=ranked["points"]))


def next_in_line(head: ScenarioHead, frame: pd.DataFrame, count: int = 15) -> pd.DataFrame:
    """Those whom the smallest addition of quota would let in, smallest first: rows of `frame` with `addition` (pool →
    base units)."""
    addition = {one["project"]: one["addition"] for one in head["outcome"]["next"]}
    known = frame[frame["code"].isin(list(addition))].set_index("code", drop=False)
    found = known.loc[[code for code in addition if code in known.index]].head(count)
    return found.assign(addition=[addition[code] for code in found["code"]])


def timeline(head: ScenarioHead, pools: Sequence[ScenarioPoolRecord]) -> pd.DataFrame:
    """By element and year: what the supported need, how much of it pools cover, and the limits of the pools.

    `limit` is NaN (not zero) where the year has no pool of the element.
    """
    rows: dict[tuple[str, int], dict[str, Any]] = {}
    for need in head["outcome"]["needs"]:
        key = (need["item"].partition(".")[0], need["year"])
        row = rows.setdefault(key, {"needed": 0, "limit": None, "covered": 0})
        row["needed"] += need["quantity"]
    for pool in pools:
        row = rows.setdefault((pool["element"], pool["year"]), {"needed": 0, "limit": None, "covered": 0})
        row["limit"] = (row["limit"] or 0) + pool["quantity"]
        row["covered"] += pool["used"] or 0
    found = [{"element": element, "year": year, **row} for (element, year), row in sorted(rows.items())]
    frame = pd.DataFrame(found, columns=["element", "year", "needed", "limit", "covered"])
    return frame.astype({"limit": "float64"})
