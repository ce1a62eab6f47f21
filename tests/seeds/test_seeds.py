"""The seed data agrees with the scheme, with the vocabulary and with its own README."""

import csv
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / "seeds"
DATA = ROOT / "portfolio" / "vocabulary" / "data"
GROUP = "广西北部湾经济区6市人民政府"
SIX = [f"{city}市人民政府" for city in ("南宁", "北海", "钦州", "防城港", "玉林", "崇左")]
HEADER = [
    "code",
    "national_code",
    "name_zh",
    "name_en",
    "kind",
    "nature",
    "approval_type",
    "capacity_zh",
    "region_codes",
    "section",
    "task_ids",
    "lead_unit",
    "units",
    "owner",
    "stage",
    "start_month",
    "finish_month",
    "actual_start_month",
    "actual_finish_month",
    "total_investment",
    "cross_province",
    "co_agreed",
    "co_agreed_doc",
    "sea_related",
    "lon",
    "lat",
    "source",
]


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


TASKS = read(SEEDS / "tasks.csv")
UNITS = read(SEEDS / "units.csv")
PROJECTS = read(SEEDS / "projects.csv")
REGIONS = read(DATA / "regions.csv")
KINDS = {row["code"] for row in read(DATA / "kinds.csv")}
UNIT_KIND = {row["name_zh"]: row["kind"] for row in UNITS}
TASK = {row["id"]: row for row in TASKS}
REGION = {row["code"]: row for row in REGIONS}


def split(text: str) -> list[str]:
    return [part for part in text.split(";") if part]


def expand(units: list[str]) -> list[str]:
    expanded: list[str] = []
    for unit in units:
        for name in SIX if unit == GROUP else [unit]:
            if name not in expanded:
                expanded.append(name)
    return expanded


def derived_lead(units: list[str]) -> str:
    return next((name for name in expand(units) if UNIT_KIND[name] == "REGION_DEPT"), "")


def units_of_bracket(bracket: str) -> list[str]:
    """Read the bracket again, by its own short grammar."""
    names = []
    for group in re.sub(r"\s", "", bracket).removesuffix("等").split("，"):
        parts = group.split("、")
        for part in parts:
            if part == GROUP:
                names.append(part)
            elif group.endswith("人民政府"):
                names.append(part.removesuffix("人民政府") + "人民政府")
            elif part.startswith(("自治区", "广西", "南宁海关", "中国铁路")):
                names.append(part)
            else:
                names.append("自治区" + part)
    return names


@pytest.mark.parametrize(
    "path",
    [SEEDS / "tasks.csv", SEEDS / "units.csv", SEEDS / "projects.csv", SEEDS / "README.md", DATA / "regions.csv"],
    ids=lambda path: path.name,
)
def test_files_are_plain_utf8(path: Path) -> None:
    raw = path.read_bytes()
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in raw
    raw.decode("utf-8")


def test_there_are_51_tasks_in_order() -> None:
    assert [row["id"] for row in TASKS] == [f"T{n:02d}" for n in range(1, 52)]
    assert len({row["section"] for row in TASKS}) == 51
    parts = [row["part"] for row in TASKS]
    assert [parts.count(f"二({n})") for n in "一二三四五六"] == [8, 11, 13, 7, 7, 5]
    assert parts == sorted(parts, key=lambda part: "一二三四五六".index(part[2]))
    for row in TASKS:
        assert row["section"].startswith(row["part"])
        assert row["section"].split(" ", 1)[1] == row["title_zh"]
        assert row["title_en"]
        assert row["bracket_zh"].endswith("等")
        assert not row["bracket_zh"].startswith(("（", "(", "责任单位"))


def test_task_units_follow_their_brackets() -> None:
    for row in TASKS:
        assert split(row["units"]) == units_of_bracket(row["bracket_zh"]), row["id"]
    assert sum(GROUP in split(row["units"]) for row in TASKS) == 43


def test_every_unit_is_known() -> None:
    for row in TASKS:
        assert set(expand(split(row["units"]))) <= set(UNIT_KIND), row["id"]
    for row in PROJECTS:
        assert set(split(row["units"])) <= set(UNIT_KIND), row["code"]
        assert GROUP not in row["units"]


def test_units_are_sound() -> None:
    codes = [row["code"] for row in UNITS]
    assert len(codes) == len(set(codes)) == len(UNIT_KIND)
    for row in UNITS:
        assert row["kind"] in {"REGION_DEPT", "CENTRAL_IN_GX", "CITY_GOV", "COUNTY_GOV", "SOE", "OTHER"}
        assert row["region_code"] in REGION
        assert row["successor"] == "" or (row["successor"] in codes and row["successor"] != row["code"])
        assert row["full_name_zh"] and row["name_en"]
        if row["valid_from"] or row["valid_to"]:
            assert "核实" in row["note_zh"], row["name_zh"]
    for name in ("自治区通信管理局", "南宁海关", "自治区气象局", "自治区地震局", "广西海事局", "广西出入境检验检疫局"):
        assert UNIT_KIND[name] == "CENTRAL_IN_GX"
    for name in ("广西机场管理集团", "中国铁路南宁局集团有限公司", "广西电网公司"):
        assert UNIT_KIND[name] == "SOE"


def test_lead_unit_of_each_task_is_the_derived_one() -> None:
    for row in TASKS:
        assert row["lead_unit"] == derived_lead(split(row["units"])), row["id"]
    assert [row["id"] for row in TASKS if not row["lead_unit"]] == ["T01", "T02"]
    for number in ("二(一)1 ", "二(一)2 "):
        (row,) = [row for row in TASKS if row["section"].startswith(number)]
        assert row["lead_unit"] == "" and "人工" in row["lead_note_zh"]
    for number in ("二(一)3 ", "二(二)8 "):
        (row,) = [row for row in TASKS if row["section"].startswith(number)]
        assert row["lead_unit"] == "自治区北部湾办"
    assert TASK["T27"]["units"].startswith("自治区通信管理局;")
    assert TASK["T27"]["lead_unit"] == "自治区工业和信息化委"
    assert "确认" in TASK["T27"]["lead_note_zh"]


def test_project_codes_and_names() -> None:
    assert list(PROJECTS[0]) == HEADER
    assert [row["code"] for row in PROJECTS] == [f"GX-2018-{n:04d}" for n in range(1, len(PROJECTS) + 1)]
    for column in ("name_zh", "name_en"):
        values = [row[column] for row in PROJECTS]
        assert all(values)
        assert len(values) == len(set(values)), {value for value in values if values.count(value) > 1}
    firsts = [row["task_ids"][:3] for row in PROJECTS]
    assert firsts == sorted(firsts)


def test_project_vocabulary() -> None:
    for row in PROJECTS:
        assert row["kind"] in KINDS, row["code"]
        assert row["nature"] in {"", "new", "expand", "rebuild"}
        assert row["stage"] in {"", "planning", "preliminary"}
        regions = split(row["region_codes"])
        assert regions and set(regions) <= set(REGION), row["code"]
        assert len(regions) == len(set(regions))
        assert "450181" not in regions
        for column in ("cross_province", "co_agreed", "sea_related"):
            assert row[column] in {"0", "1"}
        assert row["source"] == "桂政发〔2018〕2号"


def test_project_tasks_sections_units_and_lead() -> None:
    for row in PROJECTS:
        ids = split(row["task_ids"])
        assert ids and ids == sorted(set(ids)), row["code"]
        assert set(ids) <= set(TASK), row["code"]
        assert split(row["section"]) == [TASK[task]["section"] for task in ids]
        units = expand([unit for task in ids for unit in split(TASK[task]["units"])])
        assert split(row["units"]) == units, row["code"]
        leads = [TASK[task]["lead_unit"] for task in ids if TASK[task]["lead_unit"]]
        assert row["lead_unit"] == (leads[0] if leads else ""), row["code"]
        assert bool(row["lead_unit"]) or set(ids) <= {"T01", "T02"}


def test_nothing_is_invented() -> None:
    for row in PROJECTS:
        for column in (
            "national_code",
            "approval_type",
            "owner",
            "start_month",
            "finish_month",
            "actual_start_month",
            "actual_finish_month",
            "total_investment",
            "co_agreed_doc",
            "lon",
            "lat",
        ):
            assert row[column] == "", (row["code"], column)
        assert row["co_agreed"] == "0"
        assert "元" not in row["capacity_zh"]
        if row["capacity_zh"]:
            assert row["capacity_zh"] in row["name_zh"], row["code"]


def test_nature_has_its_word_in_the_name() -> None:
    words = {"new": "", "expand": "扩", "rebuild": "改造 加固 整治 维修"}
    for row in PROJECTS:
        if row["nature"]:
            assert any(word in row["name_zh"] for word in words[row["nature"]].split(" ")), row["name_zh"]
    assert [row["name_zh"] for row in PROJECTS if row["nature"] == "new"] == ["玉林机场"]
    assert [row["name_zh"] for row in PROJECTS if row["stage"] == "preliminary"] == ["玉林龙云灌区工程"]


def test_regions() -> None:
    assert len(REGION) == len(REGIONS)
    levels = ["province", "city", "county", "local"]
    for row in REGIONS:
        assert row["level"] in levels
        assert row["source"] == ("local" if row["level"] == "local" else "GB/T 2260")
        assert re.fullmatch(r"45\d{4}(-\d\d)?" if row["level"] == "local" else r"45\d{4}", row["code"])
        assert row["name_en"]
        if row["level"] == "province":
            assert row["parent"] == ""
        else:
            assert levels.index(REGION[row["parent"]]["level"]) < levels.index(row["level"])
        if row["level"] == "local":
            assert row["code"].startswith(row["parent"] + "-")
        if row["level"] == "county":
            assert row["parent"] == row["code"][:4] + "00"
        assert row["successor"] == "" or row["successor"] in REGION
    assert sum(row["level"] == "city" for row in REGIONS) == 14
    counties: dict[str, int] = {}
    for row in REGIONS:
        if row["level"] == "county":
            counties[row["parent"]] = counties.get(row["parent"], 0) + 1
    assert counties == {"450100": 13, "450500": 4, "450600": 4, "450700": 4, "450900": 7, "451400": 7}
    old, new = REGION["450127"], REGION["450181"]
    assert (old["name_zh"], old["valid_to"], old["successor"]) == ("横县", "2021-02", "450181")
    assert (new["name_zh"], new["valid_from"]) == ("横州市", "2021-02")


def readme_tables() -> tuple[str, list[tuple[str, ...]], list[tuple[str, ...]], tuple[str, ...]]:
    text = (SEEDS / "README.md").read_text(encoding="utf-8")
    tasks = re.findall(r"^\| (T\d\d) \| (.+?) \| (\d+) \| (\d+) \|$", text, re.M)
    parts = re.findall(r"^\| (二\(.\)) \| (\d+) \| (\d+) \|$", text, re.M)
    (total,) = re.findall(r"^\| 合计 \| total \| (\d+) \| (\d+) \|$", text, re.M)
    return text, tasks, parts, total


def test_counts_equal_the_readme() -> None:
    text, tasks, parts, total = readme_tables()
    assert [(task, section) for task, section, _, _ in tasks] == [(row["id"], row["section"]) for row in TASKS]
    for task, _, first, again in tasks:
        ids = [split(row["task_ids"]) for row in PROJECTS]
        assert int(first) == sum(row[0] == task for row in ids), task
        assert int(again) == sum(task in row[1:] for row in ids), task
    assert [part for part, _, _ in parts] == [f"二({n})" for n in "一二三四五六"]
    for part, first, again in parts:
        own = {row["id"] for row in TASKS if row["part"] == part}
        assert int(first) == sum(int(row[2]) for row in tasks if row[0] in own)
        assert int(again) == sum(int(row[3]) for row in tasks if row[0] in own)
    assert int(total[0]) == len(PROJECTS)
    assert int(total[1]) == sum(int(row[3]) for row in tasks)
    for name, rows in (("tasks", TASKS), ("units", UNITS), ("projects", PROJECTS), ("regions", REGIONS)):
        assert re.search(rf"{name}\.csv` \| .+ \| {len(rows)} \|$", text, re.M), name
    programme = sum(row["name_zh"].startswith("广西北部湾城市群") for row in PROJECTS)
    assert text.count(f"{programme} 行") and f"({programme} rows)" in text


# name: (tasks, kind, regions)
NAMED = {
    "中国—东盟信息港": ("T01;T26", "ict_platform", "450000"),
    "南宁·中关村创新示范基地": ("T01;T19", "innovation_platform", "450100"),
    "中国—东盟新型智慧城市协同创新中心": ("T01;T19;T26", "innovation_platform", "450100"),
    "南宁五象新区": ("T01;T03;T41", "new_area", "450100"),
    "六景工业园区": ("T01", "industrial_park", "450127"),
    "宾阳—黎塘城镇组团": ("T01", "town", "450126"),
    "东兴重点开发开放试验区": ("T02;T05;T41;T45", "border_zone", "450681"),
    "北海廉州湾新区": ("T03", "new_area", "450500"),
    "龙港新区": ("T03;T09", "new_area", "450900;450500"),
    "湛江—北海粤桂北部湾经济合作区": ("T03;T18", "cooperation_park", "450500"),
    "横县县城建设": ("T04", "town", "450127"),
    "凭祥重点开发开放试验区": ("T05;T41", "border_zone", "451481"),
    "友谊关口岸城镇": ("T05", "border_port", "451481"),
    "平孟口岸城镇": ("T05", "border_port", "451000"),
    "南宁城市轨道交通": ("T06", "urban_rail", "450100"),
    "玉林智慧城市试点": ("T06", "smart_city", "450900"),
    "铁山港港区绿色化改造": ("T09", "industrial_park", "450500"),
    "钦州国家级石化基地": ("T10", "industrial_base", "450700"),
    "北海海洋产业科技园（海洋加工物流园）": ("T11;T15", "industrial_park", "450500"),
    "玉林南方药都": ("T02;T11", "industrial_base", "450900"),
    "钦州保税港区": ("T12;T41;T45", "bonded_zone", "450700"),
    "东兴沿边金融服务中心": ("T12", "finance_center", "450681"),
    "凭祥沿边金融服务中心": ("T12", "finance_center", "451481"),
    "中国—东盟博览会": ("T12;T42", "exhibition", "450000"),
    "德天—板约跨境旅游合作区": ("T13", "tourism_area", "451424"),
    "钦州三娘湾旅游管理区": ("T13", "tourism_area", "450702"),
    "隆安粮源基地县": ("T14", "farm_base", "450123"),
    "防城港企沙渔港经济区": ("T15", "fishery_port", "450602"),
    "钦州中船大型船修造基地": ("T15", "shipyard", "450700"),
    "玉林军民融合示范基地": ("T16", "military_civil", "450900"),
    "海水淡化项目": ("T16", "military_civil", "450000"),
    "中马钦州产业园区": ("T17;T41;T45", "cooperation_park", "450700"),
    "中国—东盟港口城市合作网络": ("T17;T40", "opening_platform", "450000"),
    "中国—东盟人力资源服务产业园": ("T19;T50", "talent_park", "450100;450200;450500;451481;450681"),
    "南宁机场换乘中心": ("T20", "airport", "450100"),
    "南宁机场第二跑道": ("T20", "airport", "450100"),
    "南宁—贵阳高速铁路": ("T21", "railway", "450100"),
    "合浦—湛江高速铁路": ("T21", "railway", "450521"),
    "防城港—崇左—靖西铁路": ("T21", "railway", "450600;451400;451000"),
    "防城港企沙南40万吨级码头": ("T22", "berth", "450602"),
    "防城港企沙南40万吨级航道": ("T22", "channel", "450602"),
    "钦州港20万吨级码头": ("T22", "berth", "450700"),
    "钦州港20万吨级航道": ("T22", "channel", "450700"),
    "钦州港30万吨级油码头": ("T22", "berth", "450700"),
    "钦州港30万吨级航道": ("T22", "channel", "450700"),
    "北海铁山港东港区榄根作业区1—2号泊位": ("T22", "berth", "450500"),
    "北海铁山港东港区榄根作业区南1—3号泊位": ("T22", "berth", "450500"),
    "崇左—水口高速公路": ("T23", "expressway", "451400;451423"),
    "广西滨海公路": ("T23", "highway", "450000"),
    "钦州综合交通枢纽": ("T24", "hub", "450700"),
    "中国—东盟空中走廊": ("T25", "transport_service", "450100"),
    "中国—东盟（钦州）华为云计算及大数据中心": ("T26", "data_center", "450700"),
    "“宽带乡村”工程": ("T27", "broadband", "450000"),
    "驮英水库工程": ("T28", "reservoir", "451422"),
    "驮英水库灌区工程": ("T28", "irrigation", "451400"),
    "牛尾岭水库饮用水水源地保护": ("T29", "water_pollution", "450500"),
    "防城港核电": ("T30", "nuclear_power", "450600"),
    "北海煤炭物流园区": ("T31", "coal_logistics", "450500"),
    "北钦防地区重点海堤加固工程": ("T32", "seawall", "450500;450700;450600"),
    "南流江流域防洪排涝工程": ("T32", "flood_control", "450900;450700;450500"),
    "防城金花茶自然保护区": ("T33", "nature_reserve", "450603"),
    "党江红树林保护区": ("T33", "nature_reserve", "450521"),
    "防城港西湾近岸海域污染防治": ("T34", "sea_pollution", "450600"),
    "防城港东湾近岸海域污染防治": ("T34", "sea_pollution", "450600"),
    "鹤地水库水环境综合整治": ("T35", "water_pollution", "450900"),
    "广西北部湾城市群港口船舶大气污染防治": ("T36", "air_pollution", "450000"),
    "广西北部湾城市群污染地块治理和修复": ("T37", "soil_pollution", "450000"),
    "崇左岩溶石漠化地区水土流失综合治理": ("T38", "desertification", "451400"),
    "广西北部湾城市群环境监测体系": ("T39", "env_monitoring", "450000"),
    "水口至驮隆界河二桥": ("T40", "bridge", "451423"),
    "北部湾港—香港“天天班”班轮": ("T40", "transport_service", "450000"),
    "广西北部湾国际港务集团甘肃内陆无水港": ("T40", "logistics_park", "450000"),
    "文莱—广西经济走廊": ("T41", "opening_platform", "450000"),
    "中国—东盟商务与投资峰会": ("T42", "exhibition", "450000"),
    "海峡两岸产业合作区": ("T43", "cooperation_park", "450000"),
    "桂东承接产业转移示范区": ("T44", "industrial_park", "450000"),
    "凭祥综合保税区": ("T45", "bonded_zone", "451481"),
    "北部湾大学": ("T50", "education", "450000"),
    "北部湾城市群一体化发展基金": ("T51", "finance_center", "450000"),
}


@pytest.mark.parametrize("name", NAMED)
def test_named_work_is_there_once(name: str) -> None:
    rows = [row for row in PROJECTS if row["name_zh"] == name]
    assert len(rows) == 1
    assert (rows[0]["task_ids"], rows[0]["kind"], rows[0]["region_codes"]) == NAMED[name]


@pytest.mark.parametrize(
    ("fragment", "count"),
    [
        ("企沙南40万吨级", 2),
        ("榄根", 2),
        ("内陆无水港", 3),
        ("口岸城镇", 7),
        ("智慧城市试点", 4),
        ("生态廊道", 9),
        ("饮用水水源地保护", 7),
        ("红树林保护区", 4),
        ("县城建设", 7),
        ("粮源基地县", 3),
        ("天天班", 3),
    ],
)
def test_enumerations_are_complete(fragment: str, count: int) -> None:
    assert sum(fragment in row["name_zh"] for row in PROJECTS) == count
