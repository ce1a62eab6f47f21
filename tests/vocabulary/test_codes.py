"""Code lists as they ship: codes and names lead to each other, and every code points to one that is there."""

import pytest

from portfolio.vocabulary.codes import LISTS, entries, kinds_of, label, list_version, read_list, resolve, sector_of


@pytest.mark.parametrize("name", LISTS)
def test_every_entry_is_found_by_its_code_and_its_names(name: str) -> None:
    rows = read_list(name)
    assert len(entries(name)) == len(rows) > 1
    for row in rows:
        assert resolve(name, row["code"]) == row["code"]
        assert resolve(name, f" {row['name_zh']} ") == row["code"]
        assert resolve(name, row["name_en"].upper()) is not None
        assert (label(name, row["code"], "zh"), label(name, row["code"], "en")) == (row["name_zh"], row["name_en"])


def test_what_no_list_knows_is_nothing_or_itself() -> None:
    assert resolve("stages", "没有") is None
    assert (label("stages", "gone", "zh"), label("stages", None, "zh"), label("stages", "", "en")) == ("gone", "", "")
    assert (sector_of(None), sector_of("gone"), kinds_of("gone")) == (None, None, [])


def test_every_kind_lies_in_one_sector() -> None:
    sectors = [row["code"] for row in read_list("sectors")]
    assert sorted(kind for sector in sectors for kind in kinds_of(sector)) == sorted(entries("kinds"))
    assert all(sector_of(kind) == sector for sector in sectors for kind in kinds_of(sector))


def test_a_version_is_of_the_content() -> None:
    versions = {name: list_version(name) for name in LISTS}
    assert len(set(versions.values())) == len(LISTS)
    assert all(len(version) == 12 and int(version, 16) >= 0 for version in versions.values())
