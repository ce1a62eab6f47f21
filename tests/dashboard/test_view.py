"""A view survives its trip through the address."""

from urllib.parse import parse_qs

from hypothesis import given
from hypothesis import strategies as st

from dashboard.view import COLUMNS, View, parse

WORDS = st.text("码头berth-0123 &=?#%+", max_size=12)
CODES = st.lists(st.sampled_from(["berth", "channel", "-"]), unique=True, min_size=1).map(tuple)


@given(
    q=WORDS.map(str.strip),
    kind=CODES,
    sea=st.booleans(),
    years=st.lists(st.integers(2000, 2060), max_size=3).map(tuple),
    sort=st.sampled_from(["code", "-total_investment", "name_zh"]),
    columns=st.lists(st.sampled_from(COLUMNS), unique=True, min_size=1).map(
        lambda names: tuple(n for n in COLUMNS if n in names)
    ),
)
def test_round_trip(
    q: str, kind: tuple[str, ...], sea: bool, years: tuple[int, ...], sort: str, columns: tuple[str, ...]
) -> None:
    view = View(q, {"kind": kind}, {"sea_related": sea}, "sea", years, sort=sort, columns=columns)
    query = {name: tuple(values) for name, values in parse_qs(view.search.lstrip("?")).items()}
    assert parse(query) == view


def test_nonsense_is_left_out() -> None:
    view = parse({"sort": ("password",), "cols": ("x,code",), "year": ("soon",), "colour": ("red",)})
    assert (view.sort, view.columns, view.years) == ("code", ("code",), ())
