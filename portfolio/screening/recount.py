"""Kept scores against their recomputation from their own inputs and policy version."""

from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np
from sqlalchemy import select
from sqlmodel import Session, col

from portfolio.screening.rules.policy import Policy, decode
from portfolio.screening.rules.scoring import score
from portfolio.screening.tables import PolicyVersion, Score, ScoreRun

TOLERANCE = 1e-6


def miscounted(session: Session) -> Iterator[str]:
    """`run project` of every kept score that its inputs and policy do not give again."""
    statement = select(col(ScoreRun.id), col(PolicyVersion.definition)).join(
        PolicyVersion, col(PolicyVersion.id) == col(ScoreRun.policy_id)
    )
    for run, definition in session.execute(statement).all():
        rows = session.execute(select(Score).where(col(Score.run_id) == run)).scalars().all()
        for place, row in enumerate(_again(decode(definition), rows)):
            if not row:
                yield f"{run} {rows[place].project_id}"


def _again(policy: Policy, rows: Any) -> list[bool]:
    """Whether each row is what its inputs give."""
    inputs = [msgspec.json.decode(row.inputs) for row in rows]
    names = {name for one in inputs for name in one}
    facts = {
        name: np.array([np.nan if one.get(name) is None else one[name] for one in inputs], np.float64) for name in names
    }
    sectors = _sector_of_profile(policy)
    sheet = score(policy, facts, [sectors.get(row.profile) for row in rows])
    found = []
    for place, row in enumerate(rows):
        parts = msgspec.json.decode(row.parts)
        same = [
            abs(parts.get(one.code, np.nan) - sheet.parts[number, place]) <= TOLERANCE
            for number, one in enumerate(policy.criteria)
        ]
        found.append(all(same) and abs(row.points - sheet.points[place]) <= TOLERANCE)
    return found


def _sector_of_profile(policy: Policy) -> dict[str, str | None]:
    """A sector that leads to each profile: one it names, or for the first none."""
    return {profile.code: next(iter(profile.sectors), None) for profile in policy.profiles}
