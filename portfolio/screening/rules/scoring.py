"""Scores: points by criterion of every project at once, from facts and a policy alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portfolio.screening.rules.language import Facts, Floats, parse
from portfolio.screening.rules.policy import Policy, PolicyCriterion, Profile

DECIMALS = 6


@dataclass(frozen=True)
class Sheet:
    """Scores of projects (columns of the arrays) by criterion (rows) in the policy's order.

    `percents` is what a criterion earned of its weight, `weights` its weight, `parts` its points; `unknown` marks what
    was scored at the floor for want of facts; `points` are the sums under the policy's cap, `value` what is maximised.
    """

    policy: Policy
    profiles: NDArray[np.int64]
    percents: Floats
    weights: Floats
    parts: Floats
    unknown: NDArray[np.bool_]
    points: Floats
    value: Floats

    @property
    def missing(self) -> NDArray[np.int64]:
        """How many weighed criteria of each project were not known."""
        found: NDArray[np.int64] = (self.unknown & (self.weights > 0)).sum(axis=0)
        return found


def score(policy: Policy, facts: Facts, sectors: Sequence[str | None]) -> Sheet:
    """The sheet of projects with `facts`; Σ of a project's parts is its points unless the cap holds it."""
    size = len(sectors)
    profiles = profile_places(policy, sectors)
    percents, unknown = percentages(policy, facts, size)
    weights = np.stack([criterion_weights(policy, profile) for profile in policy.profiles])[profiles].T
    parts = np.round(weights * percents / 100.0, DECIMALS)
    for place, criterion in enumerate(policy.criteria):
        if criterion.cap is not None:
            parts[place] = np.minimum(parts[place], criterion.cap)
    points = np.round(parts.sum(axis=0), DECIMALS)
    if policy.cap is not None:
        points = np.minimum(points, policy.cap)
    return Sheet(policy, profiles, percents, weights, parts, unknown, points, _value(policy, facts, points))


def profile_places(policy: Policy, sectors: Sequence[str | None]) -> NDArray[np.int64]:
    """The place of each project's profile."""
    place = {profile.code: number for number, profile in enumerate(policy.profiles)}
    of = {sector: place[policy.profile_of(sector).code] for sector in set(sectors)}
    return np.array([of[sector] for sector in sectors], np.int64)


def percentages(policy: Policy, facts: Facts, size: int) -> tuple[Floats, NDArray[np.bool_]]:
    """Per cent each criterion earns (rows) for each project, and where it is the floor for want of facts."""
    found = [_percent(criterion, facts, size) for criterion in policy.criteria]
    if not found:
        return np.zeros((0, size)), np.zeros((0, size), np.bool_)
    percents = np.stack(found)
    unknown = np.isnan(percents)
    floors = np.array([criterion.floor for criterion in policy.criteria])
    return np.where(unknown, floors[:, None], percents), unknown


def _percent(criterion: PolicyCriterion, facts: Facts, size: int) -> Floats:
    return criterion.curve.percents(parse(criterion.value).values(facts, size))


def criterion_weights(policy: Policy, profile: Profile) -> Floats:
    """Points at 100 per cent of each criterion: its group's weight (or bonus) times its share in the profile."""
    of_group = group_weights(policy, profile.weights)
    return np.array([of_group[one.group] * profile.shares.get(one.code, 0.0) / 100.0 for one in policy.criteria])


def group_weights(policy: Policy, weights: Mapping[str, float]) -> dict[str, float]:
    """The weight of every group, a bonus group's being its bonus."""
    return {group.code: weights.get(group.code, 0.0) if group.bonus is None else group.bonus for group in policy.groups}


def _value(policy: Policy, facts: Facts, points: Floats) -> Floats:
    found = parse(policy.value).values({**facts, "points": points}, len(points))
    return np.where(np.isnan(found), points, found)


def ranking(sheet: Sheet, facts: Facts, codes: Sequence[str], vetoed: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Places of projects from first to last: not vetoed first, then points, then the policy's ties, then the code."""
    return np.lexsort([np.array(codes, dtype=str), *_ties(sheet.policy, facts), -sheet.points, vetoed])


def _ties(policy: Policy, facts: Facts) -> list[Floats]:
    """Sort keys of the ties, the last of them first as `lexsort` wants it; what is not known comes last."""
    return [-np.nan_to_num(facts[name], nan=-np.inf) for name in reversed(policy.ties)]
