"""The one place that asks for the time: instants in UTC and aware, days as the offices count them."""

import time
from datetime import UTC, date, datetime, timedelta, timezone

LOCAL_ZONE = timezone(timedelta(hours=8))  # China keeps one zone and no summer time


def utc_now() -> datetime:
    """The present moment, UTC, with its zone."""
    return datetime.now(UTC)


def today() -> date:
    """The present day in the offices' zone."""
    return local_day(utc_now())


def local_day(at: datetime) -> date:
    """The day of a moment in the offices' zone."""
    return at.astimezone(LOCAL_ZONE).date()


class Stopwatch:
    """Seconds since it was made, by a clock that is never set back."""

    def __init__(self) -> None:
        self._start = time.monotonic()

    @property
    def seconds(self) -> float:
        """Seconds so far."""
        return time.monotonic() - self._start
