"""Read scores and gates of the portfolio, within a scope."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sqlmodel import Session

from portfolio.access.rules import Scope
from portfolio.core.errors import InvalidError, NotFoundError
from portfolio.projects.filters import NO_FILTERS, ProjectFilters
from portfolio.screening.facts import columns_of, fact_frame
from portfolio.screening.gates import gate_sheet
from portfolio.screening.policies import get_policy, policy_findings
from portfolio.screening.rules.gating import LIFT
from portfolio.screening.rules.policy import Policy
from portfolio.screening.rules.scoring import Sheet, ranking, score
from portfolio.screening.tables import GateAct

COLUMNS = ["project_id", "code", "points", "value", "vetoed", "missing", "rank"]


@dataclass(frozen=True)
class Scores:
    """Scores of projects with what they were made from; `order` holds places from first to last."""

    sheet: Sheet
    ids: "np.typing.NDArray[np.int64]"
    codes: list[str]
    facts: dict[str, Any]
    vetoed: "np.typing.NDArray[np.bool_]"
    order: "np.typing.NDArray[np.int64]"


def scores(session: Session, scope: Scope, policy: Policy, filters: ProjectFilters = NO_FILTERS) -> Scores:
    """The scores of the projects; raises `InvalidError` (`screening.invalid_policy`) with every finding."""
    faults = policy_findings(session, policy)
    if faults:
        raise InvalidError("screening.invalid_policy", faults)
    frame = fact_frame(session, scope, filters)
    facts, ids, codes = columns_of(frame), frame.index.to_numpy(np.int64), frame["code"].tolist()
    sectors = [sector if isinstance(sector, str) else None for sector in frame["sector"]]
    sheet = score(policy, facts, sectors)
    vetoed = gate_sheet(session, scope, filters).vetoed
    return Scores(sheet, ids, codes, facts, vetoed, ranking(sheet, facts, codes, vetoed))


def score_frame(session: Session, scope: Scope, policy: str, filters: ProjectFilters = NO_FILTERS) -> pd.DataFrame:
    """`COLUMNS` by rank; `policy` is `code` or `code@version`, `value` what the policy's expression makes of points.

    Vetoed projects come after all others, whatever their points.
    """
    found = scores(session, scope, get_policy(session, policy), filters)
    sheet, order = found.sheet, found.order
    return pd.DataFrame(
        {
            "project_id": found.ids[order],
            "code": np.array(found.codes, dtype=object)[order],
            "points": sheet.points[order],
            "value": sheet.value[order],
            "vetoed": found.vetoed[order],
            "missing": sheet.missing[order],
            "rank": np.arange(1, len(order) + 1),
        },
        columns=COLUMNS,
    )


def get_lift(session: Session, project_id: int, number: str) -> GateAct:
    """The act by which a veto of the project was lifted; raises `NotFoundError`."""
    found = session.get(GateAct, int(number)) if number.isdecimal() else None
    if found is None or (found.project_id, found.kind) != (project_id, LIFT):
        raise NotFoundError("screening.no_lift", id=number)
    return found
