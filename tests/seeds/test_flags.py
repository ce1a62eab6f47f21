"""Flags of the seed projects follow from their names and kinds."""

from tests.seeds.test_seeds import PROJECTS


def test_flags_follow_the_names() -> None:
    outside = ("湛江", "贵阳", "长沙", "益阳", "海口", "深圳", "广东", "河内", "芒街", "同登", "粤桂", "新加坡", "香港")
    for row in PROJECTS:
        if any(place in row["name_zh"] for place in outside):
            assert row["cross_province"] == "1", row["name_zh"]
        if row["kind"] in {"berth", "seawall", "sea_pollution", "fishery_port", "shipyard"}:
            assert row["sea_related"] == "1", row["name_zh"]
        if row["kind"] in {"railway", "expressway", "industrial_base"} and "基地" not in row["name_zh"]:
            assert row["sea_related"] == "0", row["name_zh"]
