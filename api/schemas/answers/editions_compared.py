"""Two editions compared, and what explains the headline between them, as answers of the API."""

from pydantic import BaseModel


class ProjectChanged(BaseModel):
    """What happened to a project between two editions; months of slip are positive when later."""

    code: str
    kinds: list[str]
    before: float
    after: float
    start_slip: int | None
    finish_slip: int | None


class Causes(BaseModel):
    """From what was before to what is after, by cause; 万元, or hectares."""

    before: float
    after: float
    additions: float
    exits: float
    actuals: float
    expected: float
    carried: float
    cost: float
    resourcing: float
    timing: float


class BridgeOut(Causes):
    """A bridge over some years; `remainder` is what no cause explains, in base units."""

    remainder: int


class WindowBridge(BridgeOut):
    """From window to window, with the years that are in one of them alone."""

    year_leaves: float
    year_enters: float


class AnnualBridge(BaseModel):
    """From one annual plan to another, by cause; 万元, or hectares; `remainder` in base units."""

    before: float
    after: float
    joined: float
    left: float
    begun: float
    finished: float
    category: float
    course: float
    carried: float
    dearer: float
    cheaper: float
    retimed: float
    target: float
    remainder: int


class CellChanged(Causes):
    """An item and year that changed, by cause."""

    item: str
    year: int


class EditionDiff(BaseModel):
    """What changed between two editions."""

    changed: list[ProjectChanged]
    kept: int
    annual: AnnualBridge
    window: WindowBridge
    common: BridgeOut
    bridge: BridgeOut
    cells: list[CellChanged]
