"""Import units and tasks."""

import re
from collections.abc import Mapping
from typing import Any

from portfolio.exchange.rows.rows import RowImporter
from portfolio.exchange.sheets import values
from portfolio.exchange.sheets.preview import Change
from portfolio.scheme import service
from portfolio.scheme.directory import unit_directory
from portfolio.scheme.rules import SIX_CITIES, credit_code_holds, derive_lead_unit, expand_cities
from portfolio.scheme.tables import Task, Unit
from portfolio.vocabulary.codes import resolve

CODE = re.compile(r"^[A-Z0-9][A-Z0-9-]{1,23}$")
TASK_ID = re.compile(r"^[A-Z]{1,3}\d{2,4}$")


class UnitsImporter(RowImporter):
    """Rows of `units`, by `code`."""

    def _read(self, cells: dict[str, str]) -> dict[str, Any]:
        record: dict[str, Any] = {}
        for name, cell in cells.items():
            record[name] = values.text(cell, name, self.place)
        record["code"] = self.key(cells, "code", CODE)
        if not record.get("name_zh"):
            self.place.report("blank", "name_zh")
        if "kind" in cells:
            known = values.coded(cells["kind"], lambda text: resolve("unit_kinds", text), "kind", self.place)
            record["kind"] = known or ""
        for name in ("region_code", "credit_code", "valid_from", "valid_to", "successor"):
            if name in record:
                record[name] = record[name] or None
        return record

    def _apply(self, record: dict[str, Any]) -> str:
        record.setdefault("full_name_zh", record["name_zh"])
        record.setdefault("kind", "REGION_DEPT")
        held = self.session.get(Unit, record["code"])
        before = held.model_dump() if held else {}
        outcome = service.save_unit(self.session, self.actor, record)
        self.tell(outcome, {"code": record["code"], "name_zh": record["name_zh"]}, _fields(before, record))
        return outcome


class TasksImporter(RowImporter):
    """Rows of `tasks`, by `id`; 广西北部湾经济区6市人民政府 stands for the six city governments."""

    def _read(self, cells: dict[str, str]) -> dict[str, Any]:
        directory = unit_directory(self.session)
        record: dict[str, Any] = {}
        for name in cells:
            if name not in ("units", "lead_unit"):
                record[name] = values.text(cells[name], name, self.place)
        record["id"] = self.key(cells, "id", TASK_ID, "bad_task_id")
        if "units" in cells:
            names = [part for part in re.split("[;；]", cells["units"]) if part.strip()]
            cities = [f"CITY-{code}" for code in SIX_CITIES]
            spread = expand_cities([name.strip() for name in names], cities)
            record["units"] = values.listed(";".join(spread), directory.resolve, "units", self.place)
        if "lead_unit" in cells:
            record["lead_unit"] = values.coded(cells["lead_unit"], directory.resolve, "lead_unit", self.place)
        return record

    def _apply(self, record: dict[str, Any]) -> str:
        units = record.pop("units", None)
        if "lead_unit" not in record and units is not None:
            record["lead_unit"] = derive_lead_unit(units, unit_directory(self.session).kind_of)
        held = self.session.get(Task, record["id"])
        before = held.model_dump() if held else {}
        if before.get("lead_by") and not record.get("lead_unit"):
            record.pop("lead_unit", None)  # a file that names no lead takes back none that a person set
        elif before.get("lead_by") and record["lead_unit"] != before["lead_unit"]:
            record |= {"lead_by": "", "lead_reason": ""}
        outcome = service.save_task(self.session, self.actor, record, units)
        self.tell(outcome, {"id": record["id"]}, _fields(before, record))
        return outcome


def _fields(before: Mapping[str, Any], record: Mapping[str, Any]) -> dict[str, Change]:
    return {name: (str(before.get(name) or ""), str(value or "")) for name, value in record.items()}


def credit_code_warning(code: str | None) -> bool:
    """Whether a unified social credit code deserves a warning (it never stops a row)."""
    return bool(code) and not credit_code_holds((code or "").upper().replace(" ", ""))
