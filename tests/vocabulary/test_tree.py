"""The element tree and the regions: paths, subtrees, and what people write for them."""

from dataclasses import replace

import pytest
from sqlmodel import Session

from portfolio.vocabulary.loader import load_code_lists, shipped_tree
from portfolio.vocabulary.regions import RegionDirectory, region_directory
from portfolio.vocabulary.tables import Region
from portfolio.vocabulary.tree import ELEMENTS, ElementTree


@pytest.fixture(scope="module")
def tree() -> ElementTree:
    return shipped_tree()


def test_the_roots_are_the_four_elements(tree: ElementTree) -> None:
    assert tuple(node.code for node in tree.nodes if node.parent is None) == ELEMENTS
    assert {node.code for node in tree.nodes if node.depth == 0} == set(ELEMENTS)
    assert {node.dimension for node in tree.leaves if node.element == "fund"} == {"money"}


def test_every_node_stands_under_its_parent(tree: ElementTree) -> None:
    for node in tree.nodes:
        path = tree.path(node.code)
        assert [one.depth for one in path] == list(range(node.depth + 1))
        assert path[0].code == node.element
        assert path[-1] is node
        assert node.leaf is (tree.children(node.code) == ())
        assert all(child.code.startswith(node.code + ".") for child in tree.children(node.code))
    assert tree.depth == max(node.depth for node in tree.nodes)


def test_the_leaves_of_the_parts_are_the_leaves_of_the_whole(tree: ElementTree) -> None:
    leaves = [leaf for element in ELEMENTS for leaf in tree.leaves_under(element)]
    assert sorted(leaf.code for leaf in leaves) == sorted(leaf.code for leaf in tree.leaves)
    assert [node.code for node in tree.leaves_under("fund.own")] == ["fund.own"]
    assert "land.agri.garden" in {node.code for node in tree.leaves_under("land.agri")}


def test_ancestors_by_depth(tree: ElementTree) -> None:
    deep = "land.agri.arable.pbf.dry"
    assert [tree.at_depth(deep, depth).code for depth in (0, 1, 9)] == ["land", "land.agri", deep]


def test_an_item_is_known_by_code_path_and_unmistakable_name(tree: ElementTree) -> None:
    for node in tree.nodes:
        assert tree.resolve(node.code) is node
        assert tree.resolve(f" {tree.path_name(node.code, 'zh')} ") is node
        assert tree.resolve(tree.path_name(node.code, "en").upper()) is node
    assert tree.path_name("land.agri.garden", "zh") == "用地/农用地/园地"
    assert tree.resolve("园地") is tree.by_code["land.agri.garden"]
    assert tree.resolve("没有") is None


def test_the_end_of_a_path_is_understood_where_it_means_one_item(tree: ElementTree) -> None:
    """What the form writes of an item leaves its element out, and is copied with blanks and in either width."""
    for node in tree.nodes:
        for lang in ("zh", "en"):
            label = tree.path_name(node.code, lang).partition("/")[2]
            if label:
                assert tree.resolve(f"\u3000{label}") is node, label
                assert tree.resolve(label.replace("/", " ／ ")) is node, label


def test_a_name_that_two_items_bear_means_neither(tree: ElementTree) -> None:
    land, forest = tree.by_code["land.agri.other"], tree.by_code["forest.grade1.other"]
    same = [replace(node, name_zh="其他", name_en="Other") if node in (land, forest) else node for node in tree.nodes]
    twins = ElementTree(tuple(same))
    assert (twins.resolve("其他"), twins.resolve("other")) == (None, None)
    found = twins.resolve("用地/农用地/其他")
    assert found is not None and found.code == land.code


def region(code: str, zh: str, level: str = "county", city: str | None = None, until: str | None = None) -> Region:
    return Region(code=code, name_zh=zh, name_en=f"EN {zh}", level=level, city_code=city, valid_to=until, source="")


PLACES = RegionDirectory(
    (
        region("450000", "广西壮族自治区", "province"),
        region("450100", "南宁市", "city", "450100"),
        region("450700", "钦州市", "city", "450700"),
        region("450102", "城区", city="450100"),
        region("450702", "城区", city="450700"),
        region("450703", "钦北区", city="450700"),
        region("450799", "旧县", city="450700", until="2010-01-01"),
    )
)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("450702", "450702"),
        (" 钦州市 ", "450700"),
        ("钦州市/城区", "450702"),
        ("南宁市/城区", "450102"),
        ("城区", None),
        ("钦北区", "450703"),
        ("en 钦北区", "450703"),
        ("旧县", None),
        ("450799", "450799"),
        ("钦州", None),
    ],
)
def test_a_region_as_it_is_written(written: str, code: str | None) -> None:
    assert PLACES.resolve(written) == code


def test_names_and_what_is_likely_meant() -> None:
    assert PLACES.path_name("450702", "zh") == "钦州市/城区"
    assert PLACES.path_name("450700", "zh") == "钦州市"
    assert (PLACES.name("450700", "en"), PLACES.name("999999", "zh")) == ("EN 钦州市", "999999")
    assert (PLACES.likely("钦州"), PLACES.likely("钦州市"), PLACES.likely("旧")) == ("钦州市", None, None)
    assert [one.code for one in PLACES.cities] == ["450000", "450100", "450700"]
    assert [one.code for one in PLACES.under("450700")] == ["450702", "450703"]


def test_the_lists_are_loaded_once(sqlite_session: Session) -> None:
    assert load_code_lists(sqlite_session) == []
    assert {one.code for one in region_directory(sqlite_session).cities} >= {"450000", "450100", "450700"}
