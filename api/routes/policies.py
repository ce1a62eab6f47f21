"""Scoring policies, the scores they give, how robust a ranking is, kept runs, and ways to weights."""

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Query, Response
from pydantic import Field

from api.door.context import By, Language, Reading, Within, Writing
from api.door.lane import reads
from api.door.shapes import answer, page
from api.routes.narrowing import ProjectParameters, project_filters
from api.schemas.answers.listed import Listed
from api.schemas.answers.screening import (
    PolicyLine,
    PolicyOut,
    PolicySaved,
    RobustOut,
    RunLine,
    RunOut,
    RunScore,
    ScoreDetail,
    ScoreOut,
    WeightsOut,
)
from api.schemas.records import FieldProblem
from api.schemas.screening import DefinitionIn, KeepIn, PolicyIn, WeightsIn
from api.schemas.values import MOST, Number
from portfolio.core.errors import FieldError, InvalidError
from portfolio.core.frames import records
from portfolio.core.i18n import error_text
from portfolio.core.paging import MAX_LIMIT
from portfolio.screening.explaining import explained, run_scores, score_runs
from portfolio.screening.policies import get_policy, list_policies, policy_findings, save_policy
from portfolio.screening.queries import score_frame
from portfolio.screening.rules.policy import decode
from portfolio.screening.rules.robust import DRAWS, Limit
from portfolio.screening.rules.weights import SCALE, centroid, hundred, matrix, most_contrary, pairwise
from portfolio.screening.service import keep_scores
from portfolio.screening.sureness import robust_core

router = APIRouter(tags=["policies"])


class ScoreParameters(ProjectParameters):
    """The page of a ranking: `limit` rows after rank `after`."""

    limit: int = Field(200, ge=1, le=MAX_LIMIT)
    after: int = Field(0, ge=0, le=MOST)


class CoreParameters(ProjectParameters):
    """What makes the cut: the first `top`, or what `envelope_wan` (万元) pays; and how many draws."""

    top: int = Field(50, ge=1, le=1_000_000)
    envelope_wan: float | None = Field(None, gt=0)
    draws: int = Field(DRAWS, ge=100, le=DRAWS)


@router.get("/policies", response_model=Listed[PolicyLine], operation_id="list_policies")
@reads
def policies(session: Reading) -> Response:
    """Every policy version with its state: built_in, draft or frozen."""
    rows = list_policies(session)
    return page(rows, None, len(rows))


@router.get("/policies/{policy}", response_model=PolicyOut, operation_id="get_policy")
@reads
def shown(policy: str, session: Reading) -> Response:
    """A policy: `code` is its newest version, `code@version` that one."""
    return answer(msgspec.to_builtins(get_policy(session, policy)))


@router.post("/policies", status_code=201, response_model=PolicySaved, operation_id="save_policy")
def save(body: PolicyIn, session: Writing, actor: By) -> Response:
    """Save a policy as its code's next version, or over a draft; a policy with findings is refused with all of them."""
    saved = save_policy(session, actor, decode({"version": 0, **body.definition}), body.note, body.over)
    return answer({"policy": saved.key, "code": saved.code, "version": saved.version}, 201)


@router.post("/policies/validation", response_model=Listed[FieldProblem], operation_id="validate_policy")
@reads
def validate(body: DefinitionIn, session: Reading, lang: Language) -> Response:
    """What is wrong with a policy, each finding with its remedy; nothing is written."""
    found = policy_findings(session, decode({"version": 0, **body.definition}))
    items = [{"field": one.field, "code": one.code, "message": error_text(one.code, lang, one.params)} for one in found]
    return page(items, None, len(items))


@router.get("/policies/{policy}/scores", response_model=Listed[ScoreOut], operation_id="list_scores")
@reads
def ranked(policy: str, parameters: Annotated[ScoreParameters, Query()], session: Reading, scope: Within) -> Response:
    """Projects by rank under a policy: points, value, whether vetoed, how many facts were missing."""
    frame = score_frame(session, scope, policy, project_filters(parameters, session))
    part = frame.iloc[parameters.after : parameters.after + parameters.limit]
    rows = records(part.drop(columns="project_id").rename(columns={"code": "project"}))
    last = parameters.after + len(rows)
    return page(rows, str(last) if last < len(frame) else None, len(frame))


@router.get("/policies/{policy}/scores/{code}", response_model=ScoreDetail, operation_id="explain_score")
@reads
def explain(policy: str, code: str, session: Reading, scope: Within) -> Response:
    """A project's score broken down to its evidence, and what each weight ±20 % does to its place."""
    found = explained(session, scope, get_policy(session, policy), code)
    parts, bars = ([vars(one) for one in rows] for rows in (found.parts, found.bars))
    head = {n: getattr(found, n) for n in ("rank", "projects", "points", "vetoed", "profile")}
    return answer({"policy": found.policy.key, **head, "parts": parts, "tornado": bars})


@router.get("/policies/{policy}/robustness", response_model=Listed[RobustOut], operation_id="robust_core")
def core(policy: str, parameters: Annotated[CoreParameters, Query()], session: Reading, scope: Within) -> Response:
    """In what share of draws (weights ±20 %) each project makes the cut, and its 5 %–95 % span of ranks.

    A long list takes a while: this waits in the wide pool of threads, not in the lane of the reads.
    """
    limit = Limit(parameters.top, parameters.envelope_wan)
    filters = project_filters(parameters, session)
    frame = robust_core(session, scope, get_policy(session, policy), limit, filters, parameters.draws)
    rows = records(frame.drop(columns="project_id").rename(columns={"code": "project"}))
    return page(rows, None, len(rows))


@router.post("/policies/{policy}/runs", status_code=201, response_model=RunOut, operation_id="keep_scores")
def keep(policy: str, body: KeepIn, session: Writing, scope: Within, actor: By) -> Response:
    """Keep the scores as they now are; the policy version is frozen."""
    return answer({"run": keep_scores(session, actor, scope, policy, note=body.note)}, 201)


@router.get("/score-runs", response_model=Listed[RunLine], operation_id="list_score_runs")
@reads
def runs(session: Reading) -> Response:
    """Kept scores, the newest first."""
    rows = score_runs(session)
    return page(rows, None, len(rows))


@router.get("/score-runs/{run}", response_model=Listed[RunScore], operation_id="get_score_run")
@reads
def run(run: Number, session: Reading, scope: Within) -> Response:
    """The scores of a run with their inputs and points by criterion."""
    rows = records(run_scores(session, scope, run))
    return page(rows, None, len(rows))


@router.post("/policies/weights", response_model=WeightsOut, operation_id="derive_weights")
@reads
def weights(body: WeightsIn) -> Response:
    """Weights adding up to 100: from pairwise judgements with their consistency ratio, or from an order alone.

    When the ratio reaches 0.1, `contrary` is the judgement [i, j, value the others imply] to look at first.
    """
    if body.judgements is None:
        return answer(_weights(centroid(body.size), None))
    faults = [
        FieldError(f"judgements.{place}", "screening.bad_judgement", {"value": f"{value:g}"})
        for place, (row, column, value) in enumerate(body.judgements)
        if not (1 / SCALE <= value <= SCALE and 0 <= row < body.size and 0 <= column < body.size and row != column)
    ]
    if faults:
        raise InvalidError("request.invalid", faults)
    table = matrix(body.size, {(row, column): value for row, column, value in body.judgements})
    found = pairwise(table)
    told: dict[str, Any] = {"consistent": found.consistent}
    if not found.consistent:
        told["contrary"] = most_contrary(table)
    return answer(_weights(found.weights, found.ratio) | told)


def _weights(shares: tuple[float, ...], ratio: float | None) -> dict[str, Any]:
    return {"weights": [float(weight) for weight in hundred(shares)], "ratio": ratio}
