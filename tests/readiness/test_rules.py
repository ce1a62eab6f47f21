"""Who approves by area, at the very threshold; how long approvals hold."""

import pytest

from portfolio.readiness.rules.approvals import authority, faults, valid_until
from portfolio.readiness.rules.templates import authority_rules, read, step_kinds, template

HA = 10_000


@pytest.mark.parametrize(
    ("rule", "areas", "level"),
    [
        ("land", {"land.agri.arable.pbf.dry": 1}, "national"),
        ("land", {"land.agri.arable.general.dry": 20 * HA, "land.agri.arable.general.paddy": 15 * HA}, "region"),
        ("land", {"land.agri.arable.general.dry": 35 * HA + 1}, "national"),
        ("land", {"land.agri.woodland": 70 * HA}, "region"),
        ("land", {"land.agri.woodland": 70 * HA, "land.unused": 1}, "national"),
        ("land", {"land.agri.arable.general.dry": 35 * HA, "land.built": 70 * HA}, "region"),
        ("sea", {"sea.reclamation.construction": 50 * HA}, "national"),
        ("sea", {"sea.reclamation.construction": 50 * HA - 1}, "region"),
        ("sea", {"sea.enclosure.basin": 100 * HA}, "national"),
        ("sea", {"sea.enclosure.basin": 100 * HA - 1}, "region"),
        ("sea", {"sea.open.channel": 700 * HA}, "national"),
        ("sea", {"sea.open.channel": 700 * HA - 1}, "city"),
        ("forest", {"forest.grade2.protection": 10 * HA}, "national"),
        ("forest", {"forest.grade2.protection": 10 * HA - 1}, "region"),
        ("forest", {"forest.grade3.production": 20 * HA, "forest.grade4.production": 15 * HA}, "national"),
        ("forest", {"forest.grade4.other": 70 * HA - 1}, "region"),
        ("forest", {"land.built": 900 * HA}, None),
    ],
)
def test_who_approves(rule: str, areas: dict[str, int], level: str | None) -> None:
    found = authority(authority_rules(), rule, areas)
    assert (found.level if found else None) == level


def test_every_file_names_what_exists() -> None:
    kinds = step_kinds()
    for row in read("templates"):
        assert {row["step"], *filter(None, row["after"].split(";"))} <= set(kinds)
        assert 0 < int(row["days_low"]) <= int(row["days_mode"]) <= int(row["days_high"])
    assert {kind.authority_rule for kind in kinds.values() if kind.authority_rule} == {
        r.rule for r in authority_rules()
    }


def test_consent_comes_before_conversion_and_the_start_last() -> None:
    for kind in ("approval", "verification", "filing"):
        codes = template(kind, None).codes
        assert codes.index("forest_consent") < codes.index("land_conversion") < codes.index("land_supply")
        assert codes[-1] == "start_permit"
    assert "design" in template("verification", "transport").codes
    assert "design" not in template("verification", "industry").codes
    assert "proposal" not in template("filing", None).codes


def test_validity_runs_by_months_unless_stated() -> None:
    precheck = step_kinds()["land_precheck"]
    assert valid_until(precheck, "2024-02-29", None) == "2027-02-28"
    assert valid_until(precheck, "2024-02-29", "2025-01-01") == "2025-01-01"
    assert valid_until(step_kinds()["tender"], "2024-02-29", None) is None


@pytest.mark.parametrize(
    ("step", "values", "found"),
    [
        ("eia", {"status": "approved"}, {"readiness.approved_without_date", "readiness.approved_without_document"}),
        ("eia", {"status": "done"}, {"field.unknown_code"}),
        ("dance", {"status": "preparing"}, {"readiness.unknown_step"}),
        ("eia", {"status": "preparing", "planned_on": "2024年3月"}, {"ledger.bad_date"}),
        (
            "eia",
            {
                "status": "approved",
                "actual_on": "2024-03-01",
                "doc_no": "桂环审〔2024〕1号",
                "valid_until": "2023-01-01",
            },
            {"readiness.ends_before_begin"},
        ),
    ],
)
def test_what_an_office_may_not_say(step: str, values: dict[str, str], found: set[str]) -> None:
    assert {fault.code for fault in faults(step, values)} == found
