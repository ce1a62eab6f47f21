"""Rules of the ledger: the buckets, the moves between them, and what a posting must satisfy."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from portfolio.core.errors import FieldError
from portfolio.core.units import MAX_BASE

HELD = ("preallocated", "locked", "granted", "delivered", "used")
FREE, OUTSIDE = "free", "outside"
LEVELS = ("national", "region", "city", "county")
POOL_KINDS = ("budget", "quota", "bond_limit", "fund", "bank_line")
SUSPECT_RATIOS = (Fraction(15), Fraction(1, 15), Fraction(10_000), Fraction(1, 10_000))
SUSPECT_TOLERANCE = Fraction(1, 200)


@dataclass(frozen=True)
class Move:
    """A kind of entry: from which buckets in turn (`drawn`), to which, and what it demands.

    What is `within_validity` takes from a pool: neither after its year (unless it carries over) nor after its validity.
    """

    sources: tuple[str, ...]
    target: str
    project: bool = True
    document: bool = False
    within_validity: bool = False
    asks: bool = False


MOVES: Mapping[str, Move] = {
    "open": Move((OUTSIDE,), FREE, project=False, document=True),
    "cut": Move((FREE,), OUTSIDE, project=False, document=True),
    "preallocate": Move((FREE,), "preallocated", within_validity=True, asks=True),
    "lock": Move(("preallocated", FREE), "locked", within_validity=True, asks=True),
    "grant": Move(("locked", "preallocated", FREE), "granted", document=True, within_validity=True, asks=True),
    "deliver": Move(("granted",), "delivered"),
    "use": Move(("delivered",), "used"),
    "return": Move(("locked", "preallocated", "granted", "delivered"), FREE),
    "recover": Move(("locked", "preallocated", "granted"), FREE, document=True),
    "transfer": Move((FREE,), FREE, project=False, document=True, within_validity=True),
}


def shape_faults(kind: str, quantity: int, doc_no: str, has_project: bool, has_counter: bool) -> list[FieldError]:
    """What is wrong with a posting before anything stored is looked at."""
    move = MOVES.get(kind)
    if move is None:
        return [FieldError("kind", "ledger.unknown_kind", {"value": kind})]
    found: list[FieldError] = []
    if not 0 < quantity <= MAX_BASE:
        found.append(FieldError("quantity", "ledger.not_positive" if quantity <= 0 else "field.too_large"))
    if move.document and not doc_no.strip():
        found.append(FieldError("doc_no", "ledger.document_required"))
    if move.project != has_project:
        found.append(FieldError("project", "ledger.project_required" if move.project else "ledger.no_project"))
    if (kind == "transfer") != has_counter:
        found.append(
            FieldError("counter_pool", "ledger.counter_pool_required" if not has_counter else "ledger.no_counter_pool")
        )
    return found


def day_faults(
    kind: str, on_date: str, year: int, carries: bool, valid_until: str | None, today: str
) -> list[FieldError]:
    """What is wrong with the day of a posting in a pool of `year`.

    What is taken or used for a project bears no day to come. Only in a coming year's pool, whose own opening
    bears one, what rests on that year's plan or document may be entered ahead; a lock may not, since it holds from the
    day it is made. Giving back, recovering and reversing know neither limit.
    """
    move, found = MOVES[kind], list[FieldError]()
    ahead = kind != "lock" and year > int(today[:4])
    if on_date > today and move.target in HELD and not ahead:
        found.append(FieldError("on_date", "ledger.future_day", {"value": on_date, "today": today}))
    if move.within_validity and valid_until and on_date > valid_until:
        found.append(FieldError("on_date", "ledger.after_validity", {"value": on_date, "until": valid_until}))
    elif move.within_validity and on_date[:4] > f"{year:04d}" and not carries:
        found.append(FieldError("on_date", "ledger.after_year", {"value": on_date, "year": str(year)}))
    return found


def drawn(
    kind: str, asked: str | None, quantity: int, held: Mapping[str, int], whole: bool = False
) -> tuple[tuple[str, int], ...]:
    """From which buckets a quantity is taken, and how much from each; none when the bucket asked for may not be.

    One bucket where one is asked for, where one of what is reserved holds enough, or with `whole`. Else what is
    reserved goes first, a bucket after another, and what it lacks is taken from the free quantity: a grant turns its
    reserve into a grant instead of standing beside it. What is nowhere is asked of the last bucket, which refuses it.
    """
    sources = MOVES[kind].sources
    if asked:
        return ((asked, quantity),) if asked in sources else ()
    reserves = sources if whole or FREE not in sources else tuple(one for one in sources if one != FREE)
    enough = next((bucket for bucket in reserves if held.get(bucket, 0) >= quantity), None)
    if enough or whole or FREE not in sources:
        return ((enough or sources[-1], quantity),)
    found, left = [], quantity
    for bucket in reserves:
        taken = min(left, max(0, held.get(bucket, 0)))
        left -= taken
        found += [(bucket, taken)] if taken else []
    return (*found, (FREE, left)) if left else tuple(found)


def shortage_code(kind: str, held: Mapping[str, int]) -> str:
    """The name of the rule that a posting beyond its bucket breaks."""
    if kind == "use" and not held.get("granted") and not held.get("delivered") and not held.get("used"):
        return "ledger.use_before_grant"
    if kind == "deliver" and not held.get("granted"):
        return "ledger.deliver_before_grant"
    return "ledger.overdrawn"


def unit_suspect(quantity: int, asked: int) -> str | None:
    """The factor (15, 1/15, 10000, 1/10000) by which a quantity is the asked one in a wrong unit, as text."""
    if asked <= 0:
        return None
    ratio = Fraction(quantity, asked)
    for factor in SUSPECT_RATIOS:
        if abs(ratio / factor - 1) <= SUSPECT_TOLERANCE:
            return str(factor)
    return None
