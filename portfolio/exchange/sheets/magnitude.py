"""Amounts of money that stand so far from what is held that another unit may have been written."""

from portfolio.core.units import outer_text
from portfolio.exchange.sheets.findings import Place

FAR = 10


def times_apart(old: int, new: int) -> int:
    """How many times one of two amounts is the other, rounded, when it is `FAR` times or more; else 0."""
    if old <= 0 or new <= 0:
        return 0
    less, more = sorted((old, new))
    return (2 * more + less) // (2 * less) if more >= FAR * less else 0


def warn_if_far(place: Place, column: str, old: int | None, new: int | None) -> None:
    """Warn at `place` of an amount in yuan that is far from the one that stands."""
    times = times_apart(old or 0, new or 0)
    if times:
        held, written = (outer_text(amount or 0, "money") for amount in (old, new))
        place.warn("suspected_unit", column, written, held=held, times=str(times))
