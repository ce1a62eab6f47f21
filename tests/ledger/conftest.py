"""A project of Qinzhou and pools it may draw on."""

from typing import Any

import pytest
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.ledger.service import PoolData, Posting, open_pool, post

PROJECT = "GX-2018-0206"  # 钦州港30万吨级油码头
OTHER = "GX-2018-0207"
LAND, FUND = "LAND-2019", "FUND-2019"
DOC = "桂自然资发〔2019〕8号"


def pool(code: str, item: str, quantity: int, **given: Any) -> PoolData:
    values = {"year": 2019, "region_code": "450000", "level": "region", "kind": "quota", "doc_no": DOC}
    values |= {"on_date": "2019-01-02"}
    return PoolData(code=code, item=item, quantity=quantity, **{**values, **given})


def entry(kind: str, quantity: int, on_date: str = "2019-03-01", **given: Any) -> Posting:
    values: dict[str, Any] = {"pool": LAND, "project": PROJECT, "doc_no": DOC, **given}
    return Posting(kind=kind, quantity=quantity, on_date=on_date, **values)


@pytest.fixture
def pools(session: Session) -> Session:
    """The session with a land quota of 100 m² and a budget of 1,000 yuan open."""
    open_pool(session, LOCAL_OWNER, EVERYTHING, pool(LAND, "land", 100, valid_until="2019-12-31"))
    open_pool(session, LOCAL_OWNER, EVERYTHING, pool(FUND, "fund.local_budget", 1000, kind="budget"))
    return session


def posted(session: Session, *postings: Posting) -> list[int]:
    return post(session, LOCAL_OWNER, EVERYTHING, postings)
