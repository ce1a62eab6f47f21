"""Every text column takes plain texts alone, whoever writes it; asking with any text is no fault."""

from typing import Any

import pytest
from sqlalchemy import Column, Engine, Integer, String, Table, Text, bindparam, insert, select, update
from sqlmodel import Session, SQLModel, col

import portfolio.upkeep.tables
from portfolio.core.database import bulk_insert
from portfolio.core.plain_text import unfit
from portfolio.core.text_columns import WHO, PlainJson, PlainText, TextError, require_plain
from portfolio.finance.tables import WorkFund
from portfolio.projects.tables import Project

assert portfolio.upkeep.tables  # names every table
UNFIT = ["甲\u200b乙", "甲\u202e乙", "甲\x00乙", "\x07", "甲\ud800", "\ufeff甲", "甲\ttab", "一\r\n二", "甲\u2028"]
# Not meant to be read, or repeated from elsewhere, with the reason.
AS_GIVEN = {
    "sign_ins.address": "what the origin told, judged there",
    "sign_ins.agent": "what a browser calls itself: nobody is kept out by it",
    "throttles.key": "whatever was typed as a name is counted",
    "handshakes.onward": "an address of ours, judged as such",
    "allocation_jobs.detail": "the words of a fault, kept as they fell",
}
# Codes and figures that programs write as lists or JSON; in `drafts` what was typed is kept until it is saved.
MACHINE = {
    "tokens.actions",
    "scenarios.outcome",
    "scenario_projects.reason",
    "scenario_explanations.content",
    "imports.note_words",
    "import_previews.content",
    "import_profiles.content",
    "imports.mapping",
    "journal.before",
    "journal.after",
    "proposed_parts.content",
    "projects.search_text",
    "drafts.content",
    "drafts.base",
    "reporting_rounds.units",
    "reporting_rounds.cities",
    "gate_acts.evidence",
    "edition_veto_decisions.vetoes",
    "scores.inputs",
    "scores.parts",
}


def text_columns() -> list[tuple[Table, Column[Any]]]:
    """Every column of texts of the product."""
    kinds = (String, PlainText, PlainJson, Text)
    tables = SQLModel.metadata.sorted_tables
    return [(table, column) for table in tables for column in table.columns if _is_text(column, kinds)]


def _is_text(column: Column[Any], kinds: tuple[type, ...]) -> bool:
    held = column.type
    return isinstance(held, kinds) or isinstance(getattr(held, "impl", None), String)


PLAIN = [(table, column) for table, column in text_columns() if isinstance(column.type, PlainText | PlainJson)]


def test_a_text_column_is_plain_unless_it_says_why_not() -> None:
    others = {f"{table.name}.{column.name}" for table, column in text_columns()}
    others -= {f"{table.name}.{column.name}" for table, column in PLAIN}
    assert {name for name in others if name.partition(".")[2] not in WHO} == MACHINE | set(AS_GIVEN)
    assert len(PLAIN) > 200


def test_what_is_no_plain_text_is_stored_in_no_column(engine: Engine) -> None:
    for place, (table, column) in enumerate(PLAIN):
        text = UNFIT[place % len(UNFIT)]
        if isinstance(column.type, PlainJson):
            text = '{"name": ["\\u0007"]}'
        keys = {key.name: 1 if isinstance(key.type, Integer) else "x" for key in table.primary_key}
        ways = [insert(table).values({**keys, column.name: text}), update(table).values({column.name: text})]
        later = update(table).values({column.name: bindparam("given")})
        with engine.connect() as connection:
            for statement, given in [(ways[0], {}), (ways[1], {}), (later, {"given": text})]:
                with pytest.raises(TextError) as refused:
                    connection.execute(statement, given)
                (fault,) = refused.value.fields
                assert fault.field.partition(".")[0] == column.name, table.name
                assert (refused.value.code, fault.code) == ("request.invalid", "field.refused_character")


@pytest.mark.parametrize("text", UNFIT)
def test_records_and_rows_in_bulk_are_judged_as_well(engine: Engine, text: str) -> None:
    fund: dict[str, Any] = {"unit_code": "GX-DOT", "year": 2027, "asked_yuan": 1}
    with Session(engine) as session:
        session.add(WorkFund(**fund, purpose=text))
        with pytest.raises(TextError):
            session.flush()
    names = ("unit_code", "year", "purpose", "asked_yuan", "note")
    rows = [("GX-DOT", 2027, purpose, 1, None) for purpose in ("甲", text)]
    with engine.connect() as connection, pytest.raises(TextError) as refused:
        bulk_insert(connection, SQLModel.metadata.tables["work_funds"], names, rows)
    assert [(fault.field, fault.params) for fault in refused.value.fields] == [("purpose", {"character": unfit(text)})]


def test_whoever_asks_with_such_a_text_finds_nothing(session: Session) -> None:
    for text in ("甲\u200b乙", "\x07"):
        assert session.execute(select(Project).where(col(Project.name_zh) == text)).all() == []
        assert session.execute(select(Project).where(col(Project.name_zh).contains(text))).all() == []


def test_lines_and_outer_blanks_are_plain() -> None:
    require_plain({"note": " 第一行\n第二行 ", "none": None, "number": 5})
