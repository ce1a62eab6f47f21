"""Scenarios side by side, and an answer beside the ranked cut: who changes, and what it comes to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any

import pandas as pd
from sqlmodel import Session

from portfolio.access.rules import Scope
from portfolio.core.errors import InvalidError
from portfolio.core.frames import absent_as_none, frame_of
from portfolio.scenarios.queries import AREAS, pool_rows, project_frame, scenario_head, values_by_rung
from portfolio.scenarios.records import ScenarioHead, ScenarioPoolRecord
from portfolio.vocabulary.codes import sector_of

MOST = 4
OUT = -1
BY_RUNG = ["rung", "scenario", "projects", "value"]
CHANGES = "changes"
ROUNDING = 1e-4
Worth = Mapping[str, tuple[int, float]]
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
class ChangedLimit:
    """A pool whose limit is not the same in all scenarios: scenario → base units, None where it has no such pool."""

    pool: ScenarioPoolRecord
    quantities: dict[str, int | None]


@dataclass(frozen=True)
class Precedence:
    """`lower` is worth less in all than `higher`, by `less` points, though its `rung` is worth `more`: rungs come one
    after another, and a higher one is not traded for gains of lower ones."""

    lower: str
    higher: str
    rung: str
    more: float
    less: float


@dataclass(frozen=True)
class Comparison:
    """Scenarios by code: heads; `rungs` a row a rung and scenario as `BY_RUNG`, best rung first; `limits` the pools
    that have not the same limit in all; `precedence` why one is worth less in all.

    `changes` a row a project whose delay (-1: out) is not the same in all, a column a scenario; totals by city and
    sector as `TOTALS`; `years` supported needs by element and year; pools in use.
    """

    heads: dict[str, ScenarioHead]
    rungs: pd.DataFrame
    limits: list[ChangedLimit]
    precedence: list[Precedence]
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
    worth = {code: values_by_rung(session, scope, code) for code in chosen}
    ladder = _ladder(heads, worth)
    return Comparison(
        heads,
        _by_rung(heads, worth, ladder),
        _limits({code: pool_rows(session, scope, code) for code in chosen}),
        list(_precedence(heads, worth, ladder)),
        _changes(frames),
        _totals(frames, "city_code"),
        _totals(frames, "sector"),
        _years(heads),
        _pools(session, scope, chosen),
    )


def _ladder(heads: Mapping[str, ScenarioHead], worth: Mapping[str, Worth]) -> list[str]:
    """Every rung that is supported anywhere, best first, in the order in which the answers took them."""
    found = {rung for of in worth.values() for rung in of}
    longest = max((head["outcome"]["rungs"] for head in heads.values()), key=len)
    taken = dict.fromkeys(str(one.get("rung", "")) for one in longest)
    return [rung for rung in taken if rung in found] + sorted(found - set(taken))


def _by_rung(heads: Mapping[str, ScenarioHead], worth: Mapping[str, Worth], ladder: Sequence[str]) -> pd.DataFrame:
    """A row a rung and scenario; last, under `CHANGES`, what deciding otherwise than approved took off, if anything."""
    rows: list[list[Any]] = [
        [rung, code, *worth[code].get(rung, (0, 0.0))]
        for rung in ladder
        for code in heads
        if heads[code]["value"] is not None
    ]
    for code, head in heads.items():
        off = round(float(head["value"] or 0.0) - sum(value for _, value in worth[code].values()), 6)
        if head["value"] is not None and abs(off) > 1e-4:
            rows.append([CHANGES, code, None, off])
    return frame_of(rows, BY_RUNG)


def _limits(pools: Mapping[str, Sequence[ScenarioPoolRecord]]) -> list[ChangedLimit]:
    known = {row["pool"]: row for rows in pools.values() for row in rows}
    held = {code: {row["pool"]: row["quantity"] for row in rows} for code, rows in pools.items()}
    found = [ChangedLimit(row, {code: held[code].get(pool) for code in pools}) for pool, row in known.items()]
    return [one for one in found if len(set(one.quantities.values())) > 1]


def _precedence(
    heads: Mapping[str, ScenarioHead], worth: Mapping[str, Worth], ladder: Sequence[str]
) -> Iterator[Precedence]:
    """Pairs of which one is worth less in all though the first rung that differs is worth more."""
    values = {code: float(head["value"]) for code, head in heads.items() if head["value"] is not None}
    for lower, higher in permutations(values, 2):
        less = round(values[higher] - values[lower], 6)
        changes = ((rung, _worth(worth[lower], rung) - _worth(worth[higher], rung)) for rung in ladder)
        rung, more = next(((rung, change) for rung, change in changes if abs(change) > ROUNDING), ("", 0.0))
        if less > 0 and more > 0:
            yield Precedence(lower, higher, rung, round(more, 6), less)


def _worth(of: Worth, rung: str) -> float:
    return of.get(rung, (0, 0.0))[1]


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
    """Those whom the smallest addition of quota would admit, smallest first: rows of `frame` with `admission`
    (`allocation.search.admitting.Admission`)."""
    told = {one["project"]: one for one in head["outcome"]["next"]}
    known = frame[frame["code"].isin(list(told))].set_index("code", drop=False)
    found = known.loc[[code for code in told if code in known.index]].head(count)
    return found.assign(admission=[told[code] for code in found["code"]])


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
