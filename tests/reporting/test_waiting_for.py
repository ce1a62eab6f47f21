"""The projects a step holds up are one list: every lane of the readiness board, and together all that has not begun."""

import pytest
from sqlmodel import Session

from portfolio.access.local import EVERYTHING
from portfolio.core.clock import today
from portfolio.core.errors import InvalidError
from portfolio.projects.filters import ProjectFilters
from portfolio.projects.queries import count_projects
from portfolio.readiness.queries import readiness_frame
from portfolio.reporting.narrowing import ANY_STEP, narrowings, waiting_key


def listed(session: Session, waits: str) -> int:
    return count_projects(session, EVERYTHING, ProjectFilters(narrowing=tuple(narrowings(session, waits=waits))))


def test_each_lane_is_its_list(session: Session) -> None:
    frame = readiness_frame(session, EVERYTHING, today())
    waiting = frame[~frame["started"]]
    lanes = waiting.groupby(["holding", "authority"]).size()
    counts = {key: listed(session, waiting_key(str(key[0]), int(key[1]))) for key in lanes.index}
    assert counts == lanes.to_dict()
    assert listed(session, ANY_STEP) == len(waiting) == sum(counts.values()) > 0


def test_a_step_nobody_waits_for_is_refused(session: Session) -> None:
    for waits in ("no_step.-1", "no_place", "code.x"):
        with pytest.raises(InvalidError):
            narrowings(session, waits=waits)
