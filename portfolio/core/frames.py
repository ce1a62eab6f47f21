"""Frames and plain rows. What nobody stated is `None` in both: pandas has `nan`, which is true and prints as a word."""

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

# What a whole column of such values is kept as; all other columns hold their values as they are.
_KEPT_AS = {"integer": "int64", "boolean": "bool", "floating": "float64"}


def frame_of(rows: Iterable[Any], columns: Sequence[str]) -> pd.DataFrame:
    """A frame of `rows` (sequences or mappings) with `columns`: a column in which a value is absent holds `None` there.

    A number beside an absent one stays what it is: a whole number does not become a float.
    """
    made = pd.DataFrame(list(rows), columns=list(columns), dtype=object)
    kept = {str(name): _KEPT_AS.get(pd.api.types.infer_dtype(made[name], skipna=False)) for name in made.columns}
    return absent_as_none(made).astype({name: dtype for name, dtype in kept.items() if dtype})


def absent_as_none(frame: pd.DataFrame) -> pd.DataFrame:
    """`frame` with `None` wherever a text or an object is absent; columns of numbers stay as they are.

    Grouping, joining and concatenating put `nan` there: a query calls this last.
    """
    changed = {name: _plain(frame[name]) for name in frame.columns if not _is_number(frame[name])}
    return frame.assign(**changed) if changed else frame


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of `frame` as mappings with Python values; what is absent is `None`, whatever its column holds."""
    names = [str(name) for name in frame.columns]
    columns = [_plain(frame[name]).tolist() for name in frame.columns]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)] if names else []


def _is_number(column: "pd.Series[Any]") -> bool:
    return bool(pd.api.types.is_numeric_dtype(column.dtype))


def _plain(column: "pd.Series[Any]") -> "pd.Series[Any]":
    """A column with `None` for each absent value; one in which nothing is absent as it is."""
    absent = column.isna()
    if not absent.any():
        return column if _is_number(column) else column.astype(object)
    return column.astype(object).where(~absent, None)
