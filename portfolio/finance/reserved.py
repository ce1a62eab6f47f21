"""What is reserved of funds for projects, as review lines draw on it."""

from collections import defaultdict
from collections.abc import Collection

from sqlmodel import Session

from portfolio.access.local import EVERYTHING
from portfolio.finance.rules.paying import MONEY, Reserve
from portfolio.ledger.reserved import reserves


def held_for(session: Session, projects: Collection[int]) -> dict[int, list[Reserve]]:
    """Project (id) → what is reserved for it in pools of funds, locked before preallocated. The caller has asked
    whether the reader may see the projects."""
    found: dict[int, list[Reserve]] = defaultdict(list)
    for row in reserves(session, EVERYTHING, MONEY, projects=projects):
        for bucket in ("locked", "preallocated"):
            quantity = row["locked"] if bucket == "locked" else row["preallocated"]
            if quantity:
                own = Reserve(row["pool"], bucket, row["item"], row["level"], row["year"], quantity)
                found[row["project_id"]].append(own)
    return found
