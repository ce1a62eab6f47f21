"""What the routes of gates, criteria, policies and scores answer."""

from pydantic import BaseModel, Field


class ProjectGates(BaseModel):
    """A project with the state of each gate."""

    project: str
    worst: str
    gates: dict[str, str]


class MissingFact(BaseModel):
    """A fact that is not stated, for a gate."""

    gate: str
    fact: str
    source: str
    projects: int


class GateTotal(BaseModel):
    """How many projects are in each state at a gate."""

    gate: str
    list_: str = Field(alias="list")
    pass_: int = Field(alias="pass")
    not_concerned: int
    explain: int
    unknown: int
    veto: int
    justified: int
    lifted: int


class GateOut(BaseModel):
    """A gate: its expressions, source and date of validity."""

    code: str
    list_: str = Field(alias="list")
    outcome: str
    applies: str
    breach: str
    excuse: str
    valid_from: str | None
    source: str
    source_en: str
    name_zh: str
    name_en: str
    remedy_zh: str
    remedy_en: str
    facts: list[str]
    version: str


class FactOut(BaseModel):
    """A named fact."""

    code: str
    unit: str
    source: str
    name_zh: str
    name_en: str
    note_zh: str
    note_en: str


class GateAct(BaseModel):
    """What a person did at a gate; `holds` while the evidence is as it was."""

    gate: str
    person: str
    words: str
    rules_version: str
    actor: str
    id: int
    kind: str
    doc_no: str
    evidence: str
    at: str
    holds: bool


class GateState(BaseModel):
    """The state of a gate for a project, with its evidence and what persons did."""

    gate: str
    list_: str = Field(alias="list")
    state: str
    raw: str
    evidence: dict[str, float | None]
    illustrative: list[str]
    missing: list[str]
    acts: list[GateAct]
    source: str
    version: str


class ActOut(BaseModel):
    """The number of the act."""

    id: int


class CriterionOut(BaseModel):
    """What was stated of a criterion."""

    criterion: str
    value: float
    basis: str


class OutcomeOut(BaseModel):
    """What became of the statement: `changed` or `unchanged`."""

    outcome: str


class PolicyLine(BaseModel):
    """A version of a policy."""

    code: str
    version: int
    name_zh: str
    name_en: str
    state: str
    note: str
    at: str | None
    actor: str


class PolicySaved(BaseModel):
    """Which version was saved."""

    policy: str
    code: str
    version: int


class PolicyGroup(BaseModel):
    """What is weighed as one."""

    code: str
    name_zh: str
    name_en: str
    bonus: float | None


class CurveOut(BaseModel):
    """Points by value."""

    kind: str
    points: list[list[float]]


class PolicyCriterion(BaseModel):
    """What is scored, and how."""

    code: str
    group: str
    name_zh: str
    name_en: str
    value: str
    curve: CurveOut
    floor: float
    cap: float | None


class PolicyProfile(BaseModel):
    """Weights for some sectors."""

    code: str
    name_zh: str
    name_en: str
    sectors: list[str]
    weights: dict[str, float]
    shares: dict[str, float]


class PolicyOut(BaseModel):
    """A policy as it scores."""

    code: str
    version: int
    name_zh: str
    name_en: str
    groups: list[PolicyGroup]
    criteria: list[PolicyCriterion]
    profiles: list[PolicyProfile]
    source: str
    source_en: str
    cap: float
    decay: float
    stability: float
    rungs: list[str]
    co_agreed_first: bool
    value: str
    ties: list[str]


class ScoreOut(BaseModel):
    """A project in its place under a policy."""

    project: str
    points: float
    value: float
    vetoed: bool
    missing: int
    rank: int


class ScorePart(BaseModel):
    """What a criterion earned, and its evidence."""

    criterion: str
    group: str
    weight: float
    percent: float
    points: float
    unknown: bool
    evidence: dict[str, float | None]
    illustrative: list[str]


class TornadoOut(BaseModel):
    """What a weight more or less does to the place."""

    group: str
    low_points: float
    high_points: float
    low_rank: int
    high_rank: int


class ScoreDetail(BaseModel):
    """A score broken down to its evidence."""

    policy: str
    rank: int
    projects: int
    points: float
    vetoed: bool
    profile: str
    parts: list[ScorePart]
    tornado: list[TornadoOut]


class RobustOut(BaseModel):
    """How often a project makes the cut."""

    project: str
    rank: int
    points: float
    share: float
    low_rank: int
    high_rank: int


class RunOut(BaseModel):
    """The number of the kept run."""

    run: int


class RunLine(BaseModel):
    """Kept scores of a policy."""

    run: int
    policy: str
    rules_version: str
    at: str
    projects: int
    note: str
    actor: str


class RunScore(BaseModel):
    """A kept score with its inputs and its points by criterion."""

    project: str
    rank: int
    points: float
    vetoed: bool
    missing: int
    profile: str
    inputs: dict[str, float | None]
    parts: dict[str, float]


class WeightsOut(BaseModel):
    """Weights that add up to 100."""

    weights: list[float]
    ratio: float | None
    consistent: bool | None = None
    contrary: list[float] | None = None
