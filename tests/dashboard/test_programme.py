"""Where editions stand in the timeline, where bars stand in the schedule, and what the filters of an address mean."""

from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from dashboard.app import create_dashboard
from dashboard.context import Context
from dashboard.figures.editions import placed, timeline
from dashboard.pages.programme.editions import suggested
from dashboard.pages.programme.parts import filters_of
from dashboard.pages.programme.proposals import why
from dashboard.pages.programme.schedule import rows
from dashboard.questions import edition_acts
from portfolio.core.errors import InvalidError
from portfolio.rolling.schedule import Line

COLUMNS = ["code", "parent", "base_year", "batch", "state"]
EDITIONS = pd.DataFrame(
    [
        ("2026", None, 2026, "annual", "superseded"),
        ("2026-1", "2026", 2026, "supplement-1", "draft"),
        ("2027-b", "2026", 2027, "annual", "draft"),
        ("2027", "2026", 2027, "annual", "issued"),
        ("2027-m", "2027", 2027, "midyear", "draft"),
    ],
    columns=COLUMNS,
)


def test_a_year_goes_on_in_its_line_and_the_rest_branch_off() -> None:
    found = placed(EDITIONS).set_index("code")
    assert found["y"]["2026"] == found["y"]["2027"] == 0
    branches = found["y"][["2026-1", "2027-b", "2027-m"]]
    assert sorted(branches) == [1, 2, 3]
    assert found["x"]["2027-m"] > found["x"]["2027"] == 2027


def test_every_state_of_the_timeline_has_a_shape_and_its_words() -> None:
    frame = EDITIONS.assign(words=EDITIONS["code"], link="/editions/" + EDITIONS["code"])
    figure = timeline(frame, {"superseded": "a", "issued": "b", "draft": "c"}, "light")
    marked = {trace.name: trace for trace in figure.data if trace.name}
    assert {name: trace.marker.symbol for name, trace in marked.items()} == {
        "a": "circle-dot",
        "b": "circle",
        "c": "circle-open",
    }
    assert marked["a"].marker.opacity < marked["b"].marker.opacity
    assert list(marked["c"].customdata) == ["/editions/2026-1", "/editions/2027-b", "/editions/2027-m"]


def drawn(monkeypatch: pytest.MonkeyPatch, line: Line) -> dict[str, object]:
    monkeypatch.setattr("dashboard.pages.programme.schedule.references", lambda: None)
    return rows(Context("zh", "light"), "2027", [line], (2026, 2029))[0]


def test_a_bar_is_cut_at_the_range_and_shows_what_slipped(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = (("封顶", "2027-12", None), ("开工", "2020-01", "2020-01"))
    line = Line("A", "甲", "", None, "continuing", "2020-01", "2028-12", "2020-01", "2027-12", steps)
    row = drawn(monkeypatch, line)
    assert (row["bar"], row["was"], row["slip"]) == ([0.0, 75.0], [0.0, 50.0], "+12")
    assert row["marks"] == [[50.0, False, "封顶 2027-12"]]


def test_a_bar_that_did_not_move_has_no_ghost_and_no_month_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    same = Line("A", "甲", "", None, "continuing", "2026-01", "2026-12", "2026-01", "2026-12", ())
    assert (drawn(monkeypatch, same)["was"], drawn(monkeypatch, same)["slip"]) == (None, "")
    bare = Line("A", "甲", "", None, "preparatory", None, None, None, None, ())
    assert drawn(monkeypatch, bare)["bar"] is None


def test_filters_of_an_address_leave_out_what_is_not_known() -> None:
    query = {"category": ("continuing", "gold"), "decision": ("proposed",), "city": ("450500",), "standing": ("1",)}
    found = filters_of(Context("zh", "light", "/editions/x", query))
    assert (found.category, found.decision, found.city_code) == (("continuing",), ("proposed",), ("450500",))
    assert found.standing


def test_a_rule_is_told_with_the_figures_it_went_by() -> None:
    entry: Any = {"rule": "exit_idle_years", "idle_years": 3, "ready_percent": 60, "complete_percent": 80}
    context = Context("zh", "light")
    assert "连续3年" in why(context, entry)
    entry["rule"] = "join_ready"
    ready = why(context, entry)
    assert "60%" in ready
    assert "80%" in ready


def test_a_project_is_named_by_code_name_or_a_part_only_one_has(demo_engine: Engine) -> None:
    server = create_dashboard(demo_engine).server
    with Session(demo_engine) as session, server.test_request_context("/"):
        assert edition_acts.named(session, "GX-2018-0207") == "GX-2018-0207"
        assert edition_acts.named(session, "北海邮轮码头") == "GX-2018-0207"
        assert edition_acts.named(session, "邮轮码头") == "GX-2018-0207"
        for unclear in ("码头", "没有的项目", ""):
            with pytest.raises(InvalidError) as caught:
                edition_acts.named(session, unclear)
            assert [one.code for one in caught.value.fields] == ["rolling.unclear_project"]


@pytest.mark.parametrize(
    ("batch", "year", "code"),
    [("annual", 2028, "2028"), ("supplement-2", 2027, "2027-2"), ("midyear", 2027, "2027-m")],
)
def test_the_form_suggests_year_and_code(batch: str, year: int, code: str) -> None:
    assert suggested(2027, batch) == (year, code)
