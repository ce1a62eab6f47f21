"""A fault of a detail of land, sea or forest names its item and attribute, and shows what was typed."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from dashboard.app import create_dashboard
from dashboard.components.answers import refusal
from dashboard.context import Context
from dashboard.pages.projects.detail_entry import naming, save_typed
from portfolio.core.errors import InvalidError

FIELDS = {"collective": "land", "offset_capacity": "land", "sea_grade": "sea"}
IDS = [{"type": "detail", "item": item, "attribute": name} for name, item in FIELDS.items()]


@pytest.fixture
def asked(demo_engine: Engine) -> Iterator[None]:
    with create_dashboard(demo_engine).server.test_request_context("/"):
        yield


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (["", "1.5", "7"], ["用地 占补平衡：产能（公斤）：“1.5”应为不小于0的整数", "用海 海域等别：“7”应为1到6之间"]),
        (["1.5", "", "0"], ["用海 海域等别：“0”应为1到6之间"]),
        (["-1", "", ""], ["用地 集体土地：“-1”应为不小于0的数，单位公顷"]),
        (["1.00001", "", ""], ["用地 集体土地：“1.00001”应为不小于0的数，单位公顷"]),
        (["一百", "", ""], ["用地 集体土地：“一百”应为不小于0的数，单位公顷"]),
    ],
)
def test_a_fault_names_its_field_and_shows_what_was_typed(asked: None, typed: list[str], words: list[str]) -> None:
    with pytest.raises(InvalidError) as caught:
        save_typed("GX-2018-0207", IDS, typed)
    said = refusal(Context("zh", "light"), caught.value, named=naming(IDS)).rest
    assert [line[: len(start)] for line, start in zip(said, words, strict=True)] == words
