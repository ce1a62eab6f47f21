"""Gates by value: what passes, what is vetoed, what is only to be explained, what nobody knows."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.screening.rules.books import Gate, facts, gate_lists, gates, states
from portfolio.screening.rules.gating import (
    ACTS,
    OPEN,
    STATES,
    Standing,
    answered,
    evidence_text,
    evidence_values,
    judge,
)

UNKNOWN = math.nan


def state(gate: str, **values: float) -> str:
    rule = gates()[gate]
    known = {name: np.array([values.get(name, UNKNOWN)]) for name in rule.facts}
    return STATES[int(judge(rule, known, 1)[0])]


@pytest.mark.parametrize(
    ("gate", "values", "wanted"),
    [
        ("basic_farmland", {"pbf_ha": 0.0}, "pass"),
        ("basic_farmland", {"pbf_ha": 0.1}, "veto"),
        ("basic_farmland", {"pbf_ha": 0.1, "national_purpose": 1.0}, "explain"),
        ("basic_farmland", {}, "unknown"),
        ("redline", {"redline_ha": 2.0, "limited_activity": 0.0}, "veto"),
        ("redline", {"redline_ha": 2.0, "limited_activity": 1.0}, "explain"),
        ("redline", {"redline_ha": 2.0, "national_project": 1.0}, "explain"),
        ("protected_core", {"protected_core": 1.0}, "veto"),
        ("protected_area", {"protected_area": 1.0}, "explain"),
        ("forest_grade1", {"forest_grade1_ha": 0.01}, "veto"),
        ("reclamation", {"reclamation_ha": 5.0}, "veto"),
        ("reclamation", {"reclamation_ha": 5.0, "national_strategy": 1.0}, "explain"),
        ("two_high", {"industrial": 0.0}, "not_concerned"),
        ("two_high", {"industrial": 1.0}, "unknown"),
        ("two_high", {"industrial": 1.0, "two_high": 1.0}, "veto"),
        ("two_high", {"industrial": 1.0, "two_high": 1.0, "two_high_offset": 1.0}, "explain"),
        ("obsolete", {"industrial": 1.0, "obsolete": 1.0}, "veto"),
        ("investment_listed", {"investment_listed": 1.0}, "explain"),
        ("foreign_prohibited", {"foreign_wan": 0.0, "foreign_prohibited": 1.0}, "not_concerned"),
        ("foreign_prohibited", {"foreign_wan": 9.0, "foreign_prohibited": 1.0}, "veto"),
        ("foreign_prohibited", {"foreign_prohibited": 0.0}, "pass"),
        ("foreign_prohibited", {"foreign_prohibited": 1.0}, "unknown"),
        ("bond_use", {"special_bond_wan": 9.0, "bond_use_negative": 1.0}, "veto"),
        ("bond_cover", {"special_bond_wan": 9.0, "bond_cover": 1.19}, "explain"),
        ("bond_cover", {"special_bond_wan": 9.0, "bond_cover": 1.2}, "pass"),
        ("owner", {"owner_stated": 0.0}, "explain"),
        ("capital", {"capital_required": 0.0}, "not_concerned"),
        ("capital", {"capital_required": 20.0, "capital_share": 19.9}, "explain"),
        ("forest", {"forest_ha": 3.0, "land_ha": 2.0}, "explain"),
    ],
)
def test_states(gate: str, values: dict[str, float], wanted: str) -> None:
    assert state(gate, **values) == wanted


@pytest.mark.parametrize("gate", gates())
def test_with_nothing_reported_no_gate_is_passed(gate: str) -> None:
    assert state(gate) == "unknown"


def test_the_data_is_whole() -> None:
    assert {gate.list for gate in gates().values()} == set(gate_lists())
    assert {name for gate in gates().values() for name in gate.facts} <= set(facts())
    assert {gate.outcome for gate in gates().values()} == {"veto", "explain"}
    assert tuple(states()) == STATES
    advisory = [gate.outcome for gate in gates().values() if gate.list == "investment"]
    assert advisory == ["explain"]


@pytest.mark.parametrize("gate", gates().values(), ids=gates())
def test_every_gate_names_its_law_in_both_languages(gate: Gate) -> None:
    title = gate.source("zh")
    assert title and not title.isascii()
    english, _, _ = gate.source("en").partition(" (")
    assert english.isascii() and english
    assert gate.source("en").endswith(f"({title})")
    assert set(gate.decisive) <= set(gate.facts)


EVIDENCE, OTHER = "pbf_ha=1", "pbf_ha=50"


@pytest.mark.parametrize(
    ("raw", "standing", "wanted"),
    [
        ("veto", None, "veto"),
        ("veto", Standing("lift", EVIDENCE), "lifted"),
        ("veto", Standing("justify", EVIDENCE), "veto"),
        ("veto", Standing("lift", OTHER), "veto"),
        ("veto", Standing("restore", EVIDENCE), "veto"),
        ("explain", Standing("justify", EVIDENCE), "justified"),
        ("unknown", Standing("justify", EVIDENCE), "justified"),
        ("explain", Standing("lift", EVIDENCE), "explain"),
        ("pass", Standing("lift", EVIDENCE), "pass"),
    ],
)
def test_acts_count_while_the_evidence_stands(raw: str, standing: Standing | None, wanted: str) -> None:
    assert answered(raw, EVIDENCE, standing) == wanted


@given(st.sampled_from(STATES[:5]), st.sampled_from(ACTS), st.booleans())
def test_only_a_lift_on_the_same_evidence_ends_a_veto(raw: str, kind: str, same: bool) -> None:
    found = answered(raw, EVIDENCE, Standing(kind, EVIDENCE if same else OTHER))
    if raw == "veto":
        assert (found == "lifted") == (kind == "lift" and same)
    assert found in (raw, "lifted", "justified")
    assert raw in OPEN or found == raw


@given(st.dictionaries(st.sampled_from(["a", "b", "c"]), st.one_of(st.none(), st.floats(-1e9, 1e9).map(round))))
def test_evidence_reads_back(values: dict[str, float | None]) -> None:
    known = {name: UNKNOWN if value is None else float(value) for name, value in values.items()}
    assert evidence_values(evidence_text(values, known)) == values
