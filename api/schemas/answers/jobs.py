"""What the routes of jobs answer."""

from pydantic import BaseModel


class ProgressOut(BaseModel):
    """How far a search was."""

    value: float | None
    gap: float | None
    rung: str
    bound: float | None
    seconds: float


class JobQueued(BaseModel):
    """The job."""

    job: int
    state: str


class JobOut(BaseModel):
    """A job with its progress."""

    id: int
    subject: str
    state: str
    attempts: int
    fault: str
    made_at: str
    beat_at: str | None
    actor: str
    kind: str
    stopping: bool
    detail: str
    started_at: str | None
    ended_at: str | None
    scenario: str
    progress: list[ProgressOut]


class JobState(BaseModel):
    """The state the job is in now."""

    id: int
    state: str
