"""What reading gates, policies and scores gives."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict


class GateActRecord(TypedDict):
    """An act on a gate as it is stored."""

    id: int
    gate: str
    kind: str
    person: str
    doc_no: str
    words: str
    evidence: str
    rules_version: str
    at: datetime
    actor: str


class ShownAct(GateActRecord):
    """An act on a gate, and whether the evidence it spoke of still stands."""

    holds: bool


class GateRecord(TypedDict):
    """A gate of a project: `raw` by rules alone, `state` with the acts on it, the oldest first."""

    gate: str
    list: str
    state: str
    raw: str
    evidence: dict[str, float | None]
    illustrative: Sequence[str]
    missing: Sequence[str]
    acts: Sequence[ShownAct]


class PolicyRecord(TypedDict):
    """A version of a policy; one built in was saved by nobody."""

    code: str
    version: int
    name_zh: str
    name_en: str
    state: str
    note: str
    at: datetime | None
    actor: str


class RunRecord(TypedDict):
    """A kept run of a policy over `projects` projects."""

    run: int
    policy: str
    projects: int
    rules_version: str
    note: str
    at: datetime
    actor: str


class ScoreRecord(TypedDict):
    """A project's score in a kept run."""

    run: int
    policy: str
    at: datetime
    rank: int
    projects: int
    points: float
    vetoed: bool
