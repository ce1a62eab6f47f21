"""What the policy page asks: rankings under weights as they are being set, robustness, and saving a version."""

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
import pandas as pd
from sqlmodel import Session

from dashboard.data import me, mine, read, write
from portfolio.core.errors import FieldError, InvalidError
from portfolio.core.frames import records
from portfolio.core.plain_text import seen
from portfolio.finance.plan import named_projects
from portfolio.screening.explaining import explained, score_runs
from portfolio.screening.policies import get_policy, list_policies, policy_findings, save_policy
from portfolio.screening.queries import Scores, scores
from portfolio.screening.records import PolicyRecord, RunRecord
from portfolio.screening.rules.policy import Policy, Profile, decode
from portfolio.screening.rules.robust import Bar, Limit
from portfolio.screening.rules.weights import hundred
from portfolio.screening.service import keep_scores
from portfolio.screening.sureness import core_around

TOP = 20
Weights = Mapping[str, float]


@dataclass(frozen=True)
class PolicyPage:
    """A policy, every version there is, and the findings about it."""

    policy: Policy
    policies: list[PolicyRecord]
    findings: list[FieldError]
    runs: list[RunRecord]


def policy_page(policy: str) -> PolicyPage:
    """The policy `code` or `code@version`."""

    def question(session: Session) -> PolicyPage:
        held = get_policy(session, policy)
        return PolicyPage(held, list_policies(session), policy_findings(session, held), score_runs(session))

    return read(question)


def reweighed(policy: Policy, profile: str, weights: Weights) -> Policy:
    """The policy with `weights` in one profile, or in every one when none is named."""
    return _profiles(policy, lambda one: {**one.weights, **weights} if profile in ("", one.code) else one.weights)


def scaled(policy: Policy) -> Policy:
    """The policy with each profile's weights brought to 100 in proportion, to rank while they are being set."""
    return _profiles(policy, _hundred)


def _profiles(policy: Policy, change: Any) -> Policy:
    profiles = tuple(msgspec.structs.replace(one, weights=change(one)) for one in policy.profiles)
    return msgspec.structs.replace(policy, profiles=profiles)


def _hundred(profile: Profile) -> dict[str, float]:
    given = [max(0.0, weight) for weight in profile.weights.values()]
    parts = hundred(given if sum(given) > 0 else [1.0] * len(given))
    return {name: float(part) for name, part in zip(profile.weights, parts, strict=True)}


@dataclass(frozen=True)
class Ranking:
    """The first `TOP` under the weights being set, each with its rank before, and their points by group."""

    findings: list[FieldError]
    rows: list[dict[str, Any]]
    moved: int
    groups: pd.DataFrame


def ranking(policy: str, profile: str, weights: Weights) -> Ranking:
    """How the ranking moves from the policy as it is held to the weights being set."""

    def question(session: Session) -> Ranking:
        held = get_policy(session, policy)
        wanted = reweighed(held, profile, weights)
        before, after = scores(session, mine(), held), scores(session, mine(), scaled(wanted))
        ranks = _ranks(before)
        now = _ranks(after)
        top = [place for place in after.order.tolist() if not after.vetoed[place]][:TOP]
        names = {row["project"]: row for row in records(named_projects(session, [int(after.ids[n]) for n in top]))}
        rows = [
            {
                **names[int(after.ids[place])],
                "rank": int(now[place]),
                "before": int(ranks[place]),
                "points": float(after.sheet.points[place]),
                "missing": int(after.sheet.missing[place]),
            }
            for place in top
        ]
        return Ranking(policy_findings(session, wanted), rows, int((ranks != now).sum()), _groups(after, rows, top))

    return read(question)


def _ranks(found: Scores) -> "np.typing.NDArray[np.int64]":
    ranks = np.empty(len(found.order), np.int64)
    ranks[found.order] = np.arange(1, len(found.order) + 1)
    return ranks


def _groups(found: Scores, rows: list[dict[str, Any]], top: list[int]) -> pd.DataFrame:
    """`code`, `group`, `points`: the points of each group for each of the first."""
    group_of = [criterion.group for criterion in found.sheet.policy.criteria]
    frame = pd.DataFrame(found.sheet.parts[:, top], index=group_of, columns=[row["code"] for row in rows])
    frame = frame.groupby(level=0).sum().rename_axis("group").reset_index()
    return frame.melt(id_vars="group", var_name="code", value_name="points")


@dataclass(frozen=True)
class Core:
    """The projects around the cut, with names, and how many make it in at least nine draws of ten.

    `drawn` is how many projects were ranked in every draw: all that are not vetoed.
    """

    rows: list[dict[str, Any]]
    sure: int
    open: int
    drawn: int


def core(policy: str, profile: str, weights: Weights, limit: Limit, asker: str) -> Core | None:
    """The robust core under the weights being set; None while it is worked out for the page `asker`."""

    def question(session: Session) -> Core | None:
        wanted = scaled(reweighed(get_policy(session, policy), profile, weights))
        found = core_around(session, mine(), wanted, limit, asker)
        if found is None:
            return None
        ids = [int(number) for number in found.frame["project_id"]]
        names = {row["project"]: row for row in records(named_projects(session, ids))}
        rows = [{**names[int(row["project_id"])], **row} for row in records(found.frame)]
        return Core(rows, found.sure, found.open, found.drawn)

    return read(question)


def swings(policy: str, profile: str, weights: Weights, code: str) -> tuple[int, float, tuple[Bar, ...]]:
    """A project's rank, points, and what each weight ±20 % does to them, under the weights being set."""

    def question(session: Session) -> tuple[int, float, tuple[Bar, ...]]:
        wanted = scaled(reweighed(get_policy(session, policy), profile, weights))
        found = explained(session, mine(), wanted, code)
        return found.rank, found.points, found.bars

    return read(question)


def save(policy: str, profile: str, weights: Weights, code: str, note: str) -> Policy:
    """Save the weights as the next version of `code`."""

    def action(session: Session) -> Policy:
        wanted = reweighed(get_policy(session, policy), profile, weights)
        return save_policy(session, me(), msgspec.structs.replace(wanted, code=code), note)

    return write(action)


def keep(policy: str, note: str) -> int:
    """Keep the scores of a policy version as they now are."""
    return write(lambda session: keep_scores(session, me(), mine(), policy, note=note))


def check(definition: str) -> list[FieldError]:
    """What is wrong with a policy's text."""
    return read(lambda session: policy_findings(session, decode(definition)))


def policy_text(contents: str) -> str:
    """The text of an uploaded file (a data URL); raises `InvalidError` when it is no text."""
    try:
        return seen(b64decode(contents.partition(",")[2]).decode("utf-8-sig"))
    except ValueError as error:
        raise InvalidError("screening.bad_definition", why=str(error)) from None


def save_definition(definition: str, note: str) -> Policy:
    """Save a policy's text as the next version of its code."""
    return write(lambda session: save_policy(session, me(), decode(definition), note))
