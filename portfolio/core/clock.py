"""The one place that asks for the time; always UTC and aware."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """The present moment, UTC, with its zone."""
    return datetime.now(UTC)
