"""Details of land, sea and forest: the published rules at their limits."""

import pytest
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.core.errors import InvalidError, StaleError
from portfolio.core.i18n import error_text
from portfolio.core.units import to_base
from portfolio.needs.changes import NeedEdit
from portfolio.needs.details import DetailEdit, detail_findings, project_details, save_details
from portfolio.needs.rules.attributes import attributes, findings
from portfolio.needs.service import save_needs
from portfolio.needs.summary import SummaryQuery, needs_summary
from portfolio.projects.queries import get_project
from tests.ledger.conftest import PROJECT

HA = 10_000
FLAGS = {
    "land.agri.arable.general.paddy": frozenset({"offset", "paddy"}),
    "land.agri.arable.general.dry": frozenset({"offset"}),
}


def save(session: Session, *edits: tuple[str, str, str | None]) -> bool:
    return save_details(session, LOCAL_OWNER, EVERYTHING, PROJECT, [DetailEdit(*edit) for edit in edits])


def codes(details: dict[tuple[str, str], str], quantities: dict[str, int]) -> set[str]:
    found = findings(details, quantities, FLAGS)
    for fault in found:
        assert error_text(fault.code, "zh", fault.params) != error_text(fault.code, "en", fault.params)
    return {fault.code for fault in found}


LAND = {"land.agri.arable.general.paddy": 3 * HA, "land.agri.arable.general.dry": 4 * HA, "land.built": 5 * HA}


@pytest.mark.parametrize(
    ("details", "found"),
    [
        ({("land", "collective"): str(10 * HA), ("land", "state"): str(2 * HA)}, set()),
        ({("land", "collective"): str(10 * HA), ("land", "state"): str(2 * HA + 1)}, {"detail.owners_do_not_add_up"}),
        ({("land", "collective"): str(10 * HA)}, set()),
        ({("land", "offset_quantity"): str(7 * HA), ("land", "offset_paddy"): str(3 * HA)}, set()),
        ({("land", "offset_quantity"): str(7 * HA - 1)}, {"detail.offset_too_small"}),
        ({("land", "offset_paddy"): str(3 * HA - 1)}, {"detail.offset_too_small"}),
        ({("land", "ecological_redline"): str(12 * HA + 1)}, {"detail.more_than_whole"}),
        ({("sea.enclosure.basin", "shoreline"): "300", ("sea.enclosure.basin", "natural_shoreline"): "300"}, set()),
        ({("sea.enclosure.basin", "natural_shoreline"): "1"}, {"detail.more_than_shoreline"}),
        ({("sea.open.channel", "use_scheme"): "MNR_2023", ("sea.open.channel", "use_type"): "transport"}, set()),
        (
            {("sea.open.channel", "use_scheme"): "MNR_2023", ("sea.open.channel", "use_type"): "land_making"},
            {"detail.use_of_other_scheme"},
        ),
        ({("sea.open.channel", "use_type"): "transport"}, {"detail.use_of_other_scheme"}),
        ({("forest.grade4.other", "temporary"): "1"}, {"detail.more_than_whole"}),
    ],
)
def test_details_and_quantities_agree(details: dict[tuple[str, str], str], found: set[str]) -> None:
    assert codes(details, LAND) == found


def test_details_are_saved_journalled_and_compared_with_the_needs(session: Session) -> None:
    save_needs(session, LOCAL_OWNER, EVERYTHING, PROJECT, [NeedEdit("land.built", 2026, 5 * HA)])
    before = get_project(session, EVERYTHING, PROJECT)["needs_version"]
    assert save(session, ("land", "collective", str(HA)), ("land", "state", str(3 * HA)), ("land", "route", "batch"))
    assert not save(session, ("land", "route", "batch"))
    assert [fault.code for fault in detail_findings(session, EVERYTHING, PROJECT)] == ["detail.owners_do_not_add_up"]
    assert save(session, ("land", "state", str(4 * HA)))
    assert detail_findings(session, EVERYTHING, PROJECT) == []
    assert project_details(session, EVERYTHING, PROJECT)["land", "route"] == "batch"
    assert save(session, ("land", "route", None))
    assert get_project(session, EVERYTHING, PROJECT)["needs_version"] == before + 3
    with pytest.raises(StaleError):
        save_details(session, LOCAL_OWNER, EVERYTHING, PROJECT, [DetailEdit("land", "route", "batch")], before)


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (("land", "route", "carpet"), "field.unknown_code"),
        (("land.built", "route", "batch"), "detail.not_here"),
        (("sea", "route", "batch"), "detail.not_here"),
        (("sea.open.channel", "term", "51"), "detail.out_of_range"),
        (("sea", "sea_grade", "7"), "detail.out_of_range"),
        (("forest.grade4.other", "temporary_months", "25"), "detail.out_of_range"),
        (("land", "collective", "-1"), "detail.not_whole"),
        (("land", "collective", "１"), "detail.not_whole"),
        (("land", "offset_capacity", "1.5"), "detail.not_whole"),
        (("sea.open.channel", "shoreline", "10000001"), "detail.too_large"),
        (("moon", "route", "batch"), "item.not_found"),
    ],
)
def test_a_bad_detail_is_refused_by_name(session: Session, edit: tuple[str, str, str], code: str) -> None:
    with pytest.raises(InvalidError) as caught:
        save(session, ("land", "supply_mode", "lease"), edit)
    assert [fault.code for fault in caught.value.fields] == [code]
    assert project_details(session, EVERYTHING, PROJECT) == {}


def test_the_sea_of_the_pinglu_canal_adds_up_to_the_square_metre(session: Session) -> None:
    parts = {"sea.enclosure.basin": "359.0209", "sea.open.channel": "234.5943"}
    edits = [NeedEdit(item, 2022, to_base(ha, "ha")) for item, ha in parts.items()]
    save_needs(session, LOCAL_OWNER, EVERYTHING, PROJECT, edits)
    frame = needs_summary(session, EVERYTHING, SummaryQuery(by=("item",), item=("sea",), depth=0))
    assert frame["required"].tolist() == [to_base("593.6152", "ha")]


def test_every_attribute_is_named_in_both_languages() -> None:
    for attribute in attributes().values():
        assert attribute.name("zh") and attribute.name("en")
        assert attribute.place in ("element", "leaf")
