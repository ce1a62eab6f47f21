"""The house's own rules: directions, sizes, names, catalogues, files that say nothing of the machine."""

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

from fluent.syntax import FluentParser
from fluent.syntax import ast as fluent

ROOT = Path(__file__).resolve().parents[2]
TRACKED = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
PYTHON = [ROOT / name for name in TRACKED if name.endswith(".py") and (ROOT / name).exists()]
PRODUCT = [path for path in PYTHON if path.relative_to(ROOT).parts[0] in ("portfolio", "api", "dashboard")]
CATALOGUES = ROOT / "portfolio" / "core" / "catalogues"
FORBIDDEN_NAMES = {"utils", "helpers", "manager", "common", "util", "helper", "misc"}


def test_import_directions() -> None:
    program = Path(sys.executable).parent / "lint-imports"
    told = subprocess.run([program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout[-2000:]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def source_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def nodes(path: Path) -> list[ast.AST]:
    """The module of a file and all within it."""
    return list(ast.walk(ast.parse(source_of(path))))


def long_functions(path: Path) -> list[str]:
    """Functions of fifty lines or more; what a migration does stands in one."""
    functions = [node for node in nodes(path) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    long = [node.name for node in functions if (node.end_lineno or 0) - node.lineno >= 50]
    return [f"{named(path)}: {name}" for name in long if path.parts[-2] != "versions"]


def test_sizes_and_names() -> None:
    assert len(PYTHON) > len(PRODUCT) > 100
    assert [named(path) for path in PYTHON if source_of(path).count("\n") >= 400] == []
    assert [named(path) for path in PYTHON if path.stem in FORBIDDEN_NAMES] == []
    assert [long for path in PYTHON for long in long_functions(path)] == []


def test_no_silencing_and_no_broad_except() -> None:
    # These are the words looked for: this line is the check, it silences nothing itself.
    silencing = re.compile(r"#\s*(type: ignore|noqa)|except Exception|except:")
    assert [named(path) for path in PRODUCT if silencing.search(source_of(path))] == []
    # What must also be undone on an interrupt says so beside it, and goes on.
    bare = re.compile(r"except BaseException:(?!  # \w)")
    assert [named(path) for path in PRODUCT if bare.search(source_of(path))] == []


def test_rows_come_out_of_frames_by_one_function() -> None:
    """pandas hands out `nan` for what is absent: `core.frames.records` hands out None."""
    other = re.compile(r"""to_dict\(["']records["']|orient=|\.itertuples\(|\.iterrows\(""")
    users = [str(path.relative_to(ROOT)) for path in PRODUCT if other.search(source_of(path))]
    assert users == []


def test_graphs_come_from_one_factory() -> None:
    users = [path.name for path in PRODUCT if "dcc.Graph(" in source_of(path)]
    assert users == ["graph.py"]


def test_pages_are_listed_not_found() -> None:
    for path in PRODUCT:
        tree = nodes(path)[0]
        assert isinstance(tree, ast.Module)
        decorated = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.decorator_list]
        assert not any("callback" in ast.dump(mark) for node in decorated for mark in node.decorator_list)


def test_only_data_opens_sessions() -> None:
    users = [
        str(path.relative_to(ROOT))
        for path in PRODUCT
        if path.relative_to(ROOT).parts[0] == "dashboard" and re.search(r"Session\(|transaction\(", source_of(path))
    ]
    assert users == ["dashboard/data.py"]


@cache
def messages(lang: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for path in sorted((CATALOGUES / lang).glob("*.ftl")):
        source = source_of(path)
        resource = FluentParser().parse(source)
        for entry in resource.body:
            assert not isinstance(entry, fluent.Junk), f"{path.name}: {entry.content}"
            if isinstance(entry, fluent.Message):
                assert entry.id.name not in found, f"{entry.id.name} stands twice"
                assert entry.span is not None
                found[entry.id.name] = set(re.findall(r"\$(\w+)", source[entry.span.start : entry.span.end]))
    return found


def test_catalogues_say_the_same_in_both_languages() -> None:
    chinese, english = messages("zh"), messages("en")
    assert chinese.keys() == english.keys()
    unequal = {key for key in chinese if chinese[key] != english[key] and key != "format-month"}
    assert unequal == set()


def test_every_text_the_code_names_exists() -> None:
    known = messages("zh").keys()
    asked: set[str] = set()
    for path in PRODUCT:
        source = source_of(path)
        asked |= set(re.findall(r'(?:\.text|\bt|\b_?say)\(\s*"([a-z][\w-]*)"', source))
        errors = re.findall(r'(?:Error|FieldError)\(\s*(?:"\w+",\s*)?"([a-z_]+\.[a-z_]+)"', source)
        asked |= {"error-" + code.replace(".", "-") for code in errors}
        for code in re.findall(r'\.report\(\s*"([a-z_]+)"', source):
            asked |= {f"finding-{code}", f"remedy-{code}"}
    assert len(asked) > 150
    prefixes = {name for name in asked if name.endswith("-")}
    assert asked - known - prefixes == set()


def test_texts_for_people_live_in_the_catalogues() -> None:
    allowed = {
        "portfolio/exchange/sheets/columns.py",
        "portfolio/exchange/sheets/values.py",
        "portfolio/exchange/rows/needs_import.py",
    }
    allowed |= {"portfolio/core/units.py"}  # what spreadsheets call a unit
    # What people write beside a number, for nothing at all, and at the foot of a table.
    allowed |= {
        "portfolio/core/number_reading.py",
        "portfolio/core/plain_text.py",
        "portfolio/exchange/sheets/foot_rows.py",
        "portfolio/exchange/files/sheet_form.py",
        "portfolio/exchange/shapes/periods.py",
        "portfolio/exchange/shapes/places.py",
        "portfolio/exchange/shapes/sums.py",
        "portfolio/exchange/shapes/words.py",
        "portfolio/exchange/shapes/records.py",
        "portfolio/exchange/shapes/meaning.py",
    }
    allowed |= {"portfolio/scheme/rules.py", "portfolio/demonstration/service.py"}
    allowed |= {"api/door/shapes.py", "api/schemas/records.py"}
    for path in PRODUCT:
        if str(path.relative_to(ROOT)) in allowed:
            continue
        documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
        docs = {ast.get_docstring(node, clean=False) for node in nodes(path) if isinstance(node, documented)}
        texts = [node.value for node in nodes(path) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
        chinese = [text for text in texts if re.search(r"[\u4e00-\u9fff]{2}", text) and text not in docs]
        assert chinese == [], path


def test_locks_hold_hashes_and_no_address() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text
        assert "--index" not in text
        assert text.count("--hash=sha256:") >= text.count("==")


def test_files_say_nothing_of_the_machine() -> None:
    hosts = "|".join(["py" + "pi.org", "pythonhosted" + ".org", "npm" + "js.org", "/ro" + "ot/", "/wo" + "rk/"])
    for name in TRACKED:
        path = ROOT / name
        if path.suffix in (".py", ".md", ".toml", ".sh", ".yml", ".lock", ".csv", ".ftl") and path.exists():
            assert not re.search(hosts, path.read_text(encoding="utf-8")), name
