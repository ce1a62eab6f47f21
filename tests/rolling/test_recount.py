"""`portfolio check` finds an edition that contradicts itself."""

import pytest
from sqlalchemy import text
from sqlmodel import Session

from portfolio.access.local import LOCAL_OWNER
from portfolio.rolling.recount import faults_of_editions
from portfolio.rolling.targets import Target, set_target
from tests.ledger.conftest import PROJECT
from tests.rolling.conftest import make


@pytest.mark.parametrize(
    ("kind", "statement"),
    [
        ("annual", "UPDATE edition_entries SET category = 'preparatory'"),
        ("annual", "UPDATE edition_entries SET change = 'suspended'"),
        ("unexplained", "UPDATE edition_entries SET change = 'kept', rule = 'by_hand'"),
        ("curve", "UPDATE edition_entries SET annual_yuan = 99"),
        ("carried", "UPDATE edition_needs SET carried = required + 1"),
        ("one_person", "UPDATE editions SET approver = maker"),
        ("undecided", "UPDATE editions SET state = 'approved'"),
    ],
)
def test_what_a_script_broke_is_named(library: Session, kind: str, statement: str) -> None:
    make(library, "2026", 2026)
    set_target(library, LOCAL_OWNER, "2026", PROJECT, Target(100, curve={3: 10, 6: 20, 9: 30, 12: 40}))
    assert list(faults_of_editions(library)) == []
    library.execute(text(statement))
    assert {found for found, subject in faults_of_editions(library)} == {kind}
    assert all(PROJECT in subject or kind in ("carried", "one_person") for _, subject in faults_of_editions(library))
