"""Colour means one thing: a code has one colour in every chart, page and theme, and can be told without it."""

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from dashboard.app import create_dashboard
from dashboard.palette import MEANT, PLAIN, UNKNOWN, colour, palette, pattern
from portfolio.core.database import make_engine
from portfolio.finance.rules.funding import CERTAINTIES
from portfolio.rolling.rules.editions import CATEGORIES
from portfolio.rolling.rules.editions import STATES as EDITION_STATES
from portfolio.vocabulary.codes import entries, read_list
from tests.support.databases import Databases, Level
from tests.support.page_walk import Chart, walk

STANDS_OUT = 3.0
STYLES = Path(__file__).resolve().parents[2] / "dashboard" / "assets" / "app.css"
APART = 0.06
# How protan and deutan readers see red, green and blue (linear), by Machado, Oliveira and Fernandes (2009), full loss.
SEEN = (
    ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
)


@pytest.fixture(scope="module")
def charts(sqlite_databases: Databases) -> Iterator[Any]:
    """Every chart of the half filled library and the demonstration, by theme."""
    levels: tuple[Level, ...] = ("half", "demo")
    engines = [make_engine(sqlite_databases.make("sqlite", level)) for level in levels]
    found: dict[str, list[Chart]] = {"light": [], "dark": []}
    for engine in engines:
        client = create_dashboard(engine).server.test_client()
        for theme, held in found.items():
            client.set_cookie("theme", theme)
            held += [chart for page in walk(client, "zh") for chart in page.charts]
    yield found
    for engine in engines:
        engine.dispose()


def _linear(colour_: str) -> list[float]:
    parts = [int(colour_[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def _luminance(colour_: str) -> float:
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), _linear(colour_), strict=True))


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _distance(one: str, other: str, seen: Any) -> float:
    both = [[sum(w * p for w, p in zip(row, _linear(c), strict=True)) for row in seen] for c in (one, other)]
    return float(sum((a - b) ** 2 for a, b in zip(*both, strict=True)) ** 0.5)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_trace_has_the_colour_and_pattern_of_its_code(charts: Any, theme: str) -> None:
    wrong = list[str]()
    for chart in charts[theme]:
        for trace in chart.traces:
            meant = trace.get("meta")
            if meant is None:
                wrong.append(f"{chart.name}: a trace that says no code")
                continue
            expected = [colour(meant["of"], code) for code in meant["codes"]] if meant["of"] else [PLAIN]
            wrong += [f"{chart.name} {meant}: {one}" for one in _colours(trace) if one not in {*expected, UNKNOWN}]
            wrong += [f"{chart.name} {meant}: pattern" for one in _patterns(trace, meant) if not one]
    assert wrong == []


def _colours(trace: dict[str, Any]) -> list[str]:
    """The colours a trace fills with; those of scales and of ink are no code's."""
    if trace["type"] == "waterfall":
        return [trace[part]["marker"]["color"] for part in ("increasing", "decreasing", "totals")]
    if trace["type"] == "sankey":
        return list(trace["node"]["color"])
    if trace["type"] != "bar":
        held = trace.get("marker", {}).get("color") or trace.get("line", {}).get("color")
        return [held] if isinstance(held, str) and trace["meta"]["of"] else []
    held = trace["marker"]["color"]
    return held if isinstance(held, list) else [held]


def _patterns(trace: dict[str, Any], meant: Any) -> Iterator[bool]:
    if trace["type"] != "bar" or not meant["of"]:
        return
    # Otherwise a pattern is drawn in lines on nothing: in the ground's own colour it would not be seen at all.
    yield trace["marker"]["pattern"]["fillmode"] == "overlay"
    held = trace["marker"]["pattern"]["shape"]
    shapes = held if isinstance(held, list) else [held]
    yield shapes == [pattern(meant["of"], code) for code in meant["codes"]]


def test_no_code_has_two_colours(charts: Any) -> None:
    found = defaultdict(set)
    for held in charts.values():
        for trace in (trace for chart in held for trace in chart.traces if trace["type"] == "bar"):
            codes, colours = trace["meta"]["codes"], _colours(trace)
            for code, one in zip(codes, colours * (len(codes) if len(colours) == 1 else 1), strict=True):
                found[trace["meta"]["of"], code].add(one)
    assert {code: sorted(colours) for code, colours in found.items() if len(colours) > 1} == {}
    assert {("sources", "fund.loan"), ("elements", "land"), ("stages", None), ("life", "granted")} <= found.keys()


def test_every_chart_says_what_it_is_in_which_unit_and_from_when(charts: Any) -> None:
    drawn = {chart.name for chart in charts["light"]}
    assert {"map", "funds", "areas", "stages", "finance-heat", "accounts", "path", "policy-bars"} <= drawn
    unsaid = [chart.name for chart in charts["light"] if not chart.label or "单位：" not in chart.said]
    assert unsaid == []
    assert [chart.said for chart in charts["light"] if "截至20" not in chart.said or "单位： " in chart.said] == []


def test_what_is_coloured_by_number_shows_its_scale(charts: Any) -> None:
    """The map has its scale beside it, `test_the_map_shows_its_scale`."""
    scaled = [t for chart in charts["light"] for t in chart.traces if "colorscale" in {**t, **t.get("marker", {})}]
    assert scaled
    assert all(trace.get("showscale") or trace["marker"]["showscale"] for trace in scaled)


def test_the_map_shows_its_scale(sqlite_databases: Databases) -> None:
    engine = make_engine(sqlite_databases.make("sqlite", "demo"))
    client = create_dashboard(engine).server.test_client()
    answer = client.get("/_dash-layout", headers={"Referer": "http://localhost/"}).get_data(as_text=True)
    engine.dispose()
    low, high = (shade for _, shade in palette("light").scale)
    assert "map-scale" in answer
    assert f"linear-gradient(to right, {low}, {high})" in answer


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_colour_stands_out_from_the_ground(theme: str) -> None:
    ground = palette(theme).edge
    faint = {code: one for of in MEANT.values() for code, (one, _) in of.items() if _contrast(one, ground) < STANDS_OUT}
    assert faint == {}


@pytest.mark.parametrize("of", sorted(MEANT))
def test_codes_of_one_list_are_told_apart_by_colour_blind_readers(of: str) -> None:
    alike = [
        (one, other)
        for (one, (first, shape)), (other, (second, mark)) in combinations(MEANT[of].items(), 2)
        if shape == mark and any(_distance(first, second, seen) < APART for seen in SEEN)
    ]
    assert [pair for pair in alike if set(pair) not in ALIKE.get(of, [])] == []


# These never stand in one chart, or are marked by a shape of their own (the symbols of editions, a line for the limit).
ALIKE: dict[str, list[set[str]]] = {
    "life": [{"asked", "needed"}, {"granted", "covered"}],
    "groups": [{"strategy", "panel"}],
}


def test_the_style_sheet_draws_categories_in_the_same_colours() -> None:
    drawn = dict(re.findall(r"\.plan-(\w+) \{ --plan: (#\w+); \}", STYLES.read_text(encoding="utf-8")))
    assert drawn == {code: shade for code, (shade, _) in MEANT["categories"].items()}


def test_every_code_that_ships_has_its_colour() -> None:
    sources = {row["code"] for row in read_list("items") if row["parent"] == "fund"}
    assert MEANT["sources"].keys() == sources
    assert MEANT["elements"].keys() == {row["code"] for row in read_list("items") if not row["parent"]}
    assert MEANT["stages"].keys() == entries("stages").keys()
    assert MEANT["certainties"].keys() == set(CERTAINTIES)
    assert MEANT["editions"].keys() == set(EDITION_STATES)
    assert MEANT["categories"].keys() == set(CATEGORIES)
    assert MEANT["forms"].keys() == entries("forms").keys()
