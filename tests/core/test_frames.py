"""Absent is None where frames become rows, and whole numbers stay whole."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from portfolio.core.frames import absent_as_none, frame_of, records

MIXED = [("钦州", 3, None, True), (None, None, 1.5, False)]
NAMES = ["city", "count", "share", "known"]


def same(found: Any, wanted: Any) -> bool:
    """Equal in value and in kind: 3 is not 3.0, None is not nan."""
    return repr(found) == repr(wanted)


def test_a_frame_of_rows_keeps_none_and_whole_numbers() -> None:
    frame = frame_of(MIXED, NAMES)
    assert same(records(frame), [dict(zip(NAMES, row, strict=True)) for row in MIXED])
    assert same(frame["city"].tolist(), ["钦州", None])
    assert frame["known"].dtype == bool


def test_whole_columns_are_numbers_to_compute_with() -> None:
    frame = frame_of([{"year": 2026, "yuan": 2**53 + 1}, {"year": 2027, "yuan": 1}], ["year", "yuan"])
    assert frame.dtypes.to_dict() == {"year": np.dtype("int64"), "yuan": np.dtype("int64")}
    assert int(frame["yuan"].sum()) == 2**53 + 2


def test_no_rows_are_no_records() -> None:
    frame = frame_of([], NAMES)
    assert (list(frame.columns), records(frame)) == (NAMES, [])


@pytest.mark.parametrize(
    ("column", "wanted"),
    [
        (["x", None], ["x", None]),
        (np.array(["x", None], dtype=object), ["x", None]),
        ([1.0, np.nan], [1.0, None]),
        ([pd.Timestamp("2026-01-01"), pd.NaT], [pd.Timestamp("2026-01-01"), None]),
        (pd.array([1, None], dtype="Int64"), [1, None]),
        ([["a"], None], [["a"], None]),
        (pd.Categorical(["x", None]), ["x", None]),
    ],
    ids=["text", "objects", "numbers", "days", "whole", "lists", "categories"],
)
def test_records_have_none_whatever_the_column_holds(column: Any, wanted: list[Any]) -> None:
    assert same([row["given"] for row in records(pd.DataFrame({"given": column}))], wanted)


def test_groups_and_joins_bring_no_nan_back() -> None:
    frame = frame_of([("x", 1), (None, 2), ("x", 3)], ["city", "yuan"])
    grouped = absent_as_none(frame.groupby("city", as_index=False, dropna=False).sum())
    assert same(grouped["city"].tolist(), ["x", None])
    joined = absent_as_none(frame.merge(frame_of([("x", "甲")], ["city", "name"]), on="city", how="left"))
    assert same(joined["name"].tolist(), ["甲", None, "甲"])
    assert [bool(name) for name in joined["name"]] == [True, False, True]
