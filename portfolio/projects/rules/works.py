"""The four months of a project's works: when they are planned to begin and end, and when they did.

Which of them a reader asks for is decided here. Months are `YYYY-MM`.
"""

from dataclasses import dataclass

PLANNED = ("start_month", "finish_month")
ACTUAL = ("actual_start_month", "actual_finish_month")
MONTHS = (*PLANNED, *ACTUAL)
BUILT = ("under_construction", "completed")


@dataclass(frozen=True)
class Works:
    """A project's works: its stage and its four months, each as far as it is stated."""

    stage: str | None = None
    planned_start: str | None = None
    planned_finish: str | None = None
    actual_start: str | None = None
    actual_finish: str | None = None

    @property
    def begun(self) -> bool:
        """Whether works began: the stage says so, or the month in which they did is stated."""
        return self.stage in BUILT or self.actual_start is not None

    @property
    def start(self) -> str | None:
        """When works began, where that is stated, else when they are planned to."""
        return self.actual_start or self.planned_start

    @property
    def finish(self) -> str | None:
        """When works ended, where that is stated, else when they are planned to."""
        return self.actual_finish or self.planned_finish
