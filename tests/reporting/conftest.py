"""A record an office entered: enough for its stage, in Nanning, led by the transport department."""

from typing import Any

import pytest
from sqlmodel import Session

from portfolio.access.rules import scope_of
from portfolio.needs.changes import NeedEdit
from portfolio.reporting.entry import Entered, save_entry
from tests.reporting.people import LEAD, NANNING, OFFICE

FACTS: dict[str, Any] = {
    "name_zh": "南宁示例码头",
    "kind": "berth",
    "nature": "new",
    "stage": "reserve",
    "capacity_zh": "两个千吨级泊位",
    "region_codes": (NANNING,),
    "lead_unit": LEAD,
    "total_investment_yuan": 120_000_000,
}
PROFILE: dict[str, Any] = {"contacts": [{"role": "responsible", "name": "张示例", "phone": "13800001234"}]}
NEEDS = (NeedEdit("fund.central_budget", 2027, 20_000_000),)


@pytest.fixture
def entered(session: Session) -> str:
    """The code of the record, a draft of its office."""
    made = save_entry(session, OFFICE, scope_of(OFFICE), None, Entered(FACTS, PROFILE, NEEDS))
    return str(made.project["code"])
