"""A small library with something of every kind in it, made through the API itself; and the names of what is there."""

from typing import Any

from fastapi.testclient import TestClient

PROJECT, OTHER = "GX-2018-9001", "GX-2018-9002"
# What stands for a parameter of an address, by the address it stands in ("" for any other).
NAMES: dict[str, dict[str, str]] = {
    "code": {
        "/projects": PROJECT,
        "/editions": "E1",
        "/scenarios": "S1",
        "/rounds-of-reporting": "Q1",
        "/rounds": "R1",
        "/pools": "LAND-2026",
        "/units": "GX-DOT",
        "/regions": "450100",
        "/items": "fund.own",
        "/batches": "B-2026-0001",
        "/policies": PROJECT,
    },
    "project": {"": PROJECT},
    "item": {"": "fund.own"},
    "year": {"": "2026"},
    "number": {"": "1"},
    "line": {"": "1"},
    "entry": {"": "1"},
    "run": {"": "1"},
    "step": {"": "proposal"},
    "name": {"/exports": "projects.csv", "/templates": "needs.xlsx", "/users": "li", "/codes": "kinds"},
    "before": {"": "E1"},
    "after": {"": "E1"},
    "level": {"": "region"},
    "region": {"": "450100"},
    "suffix": {"": "csv"},
    "task_id": {"": "T22"},
    "by": {"": "city"},
    "subject": {"": PROJECT},
    "gate": {"": "two_high"},
    "policy": {"": "default"},
    "pool": {"": "LAND-2026"},
}


def name_in(path: str, parameter: str) -> str | None:
    """What of the filled library can stand for a parameter of an address."""
    known = NAMES.get(parameter, {})
    return next((value for place, value in known.items() if place in path), None)


def fill(client: TestClient) -> None:
    """Make something of every kind."""
    for code, name in ((PROJECT, "铁山港泊位"), (OTHER, "大榄坪路")):
        _made(client, "projects", {"code": code, "name_zh": name, **FACTS})
    for item, amount in (("fund.own", 300), ("fund.tbd", 300), ("land.built", 5)):
        headers = {"If-None-Match": "*"}
        told = client.put(f"/api/v1/needs/{PROJECT}/{item}/2026", json={"required": amount}, headers=headers)
        assert told.is_success, told.text
    for pool in POOLS:
        _made(client, "pools", pool)
    _made(client, "ledger", {"entries": [LOCK]})
    _made(client, "rounds", {"code": "R1", "year": 2026})
    _made(
        client,
        "rounds-of-reporting",
        {"code": "Q1", "title_zh": "一季度", "opens_on": "2026-03-01", "due_on": "2026-03-31"},
    )
    _made(client, "editions", {"code": "E1", "base_year": 2026})
    _made(client, "scenarios", {"code": "S1", "edition": "E1"})
    _made(
        client,
        f"projects/{PROJECT}/financing",
        {"instrument": "special_bond", "amount_wan": 100, "first_year": 2026, "status": "planned"},
    )
    stated = {"figures": [{"year": 2025, "kind": "to_date", "amount_wan": 30}]}
    told = client.put(f"/api/v1/projects/{PROJECT}/yearly", json=stated)
    assert told.is_success, told.text
    _made(client, "policies/default/runs", {})
    _made(client, "users", {"name": "li", "role": "planner", "password": "correct horse battery"})
    told = client.put(f"/api/v1/drafts/{PROJECT}", json={"content": {"name_zh": "泊位"}})
    assert told.is_success, told.text
    file = {"file": ("note.pdf", b"%PDF-1.4\n%%EOF\n")}
    told = client.post("/api/v1/attachments", data={"object_kind": "project", "object_code": PROJECT}, files=file)
    assert told.is_success, told.text
    file = {"file": ("needs.csv", f"project,item,year,required\n{PROJECT},fund.own,2027,1\n".encode())}
    told = client.post("/api/v1/imports/uploads", files=file)
    assert told.is_success, told.text


def _made(client: TestClient, path: str, body: dict[str, Any]) -> None:
    told = client.post(f"/api/v1/{path}", json=body)
    assert told.status_code == 201, (path, told.text)


FACTS = {
    "kind": "berth",
    "stage": "under_construction",
    "start_month": "2026-01",
    "finish_month": "2027-12",
    "total_investment_wan": 98765.4321,
    "office_unit": "GX-DOT",
    "lead_unit": "GX-DOT",
    "region_codes": ["450100"],
}
POOLS: tuple[dict[str, Any], ...] = (
    {
        "code": "LAND-2026",
        "item": "land",
        "year": 2026,
        "region_code": "450100",
        "level": "city",
        "kind": "quota",
        "quantity": 1000,
        "doc_no": "桂自然资〔2026〕1号",
        "on_date": "2026-01-10",
    },
    {
        "code": "FUND-2026",
        "item": "fund",
        "year": 2026,
        "region_code": "450000",
        "level": "region",
        "kind": "budget",
        "quantity": 1_000_000,
        "doc_no": "桂财〔2026〕1号",
        "on_date": "2026-01-10",
    },
)
LOCK = {
    "kind": "lock",
    "pool": "LAND-2026",
    "quantity": 2,
    "on_date": "2026-02-01",
    "project": PROJECT,
    "item": "land.built",
    "year": 2026,
    "doc_no": "桂自然资〔2026〕2号",
}
