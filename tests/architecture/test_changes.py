"""Changes are kept one a file, of a known kind, and are collected into the log before the last version."""

import tomllib
from pathlib import Path

import pytest

import portfolio
from tests.support.scripts import script

ROOT = Path(__file__).resolve().parents[2]
changes = script("collect_changes")


def test_the_changes_kept_here_are_of_known_kinds() -> None:
    assert set(changes.fragments(ROOT / "changes")) == set(changes.KINDS)


def test_changes_are_moved_into_the_log(tmp_path: Path) -> None:
    (tmp_path / "changes").mkdir()
    (tmp_path / "CHANGELOG.md").write_text("# Changes\n\n## 0.1.0\n\n- Begun.\n", encoding="utf-8")
    (tmp_path / "changes" / "slides.added.md").write_text("Slides.\n", encoding="utf-8")
    (tmp_path / "changes" / "a-lock.security.md").write_text("A lock.\n", encoding="utf-8")
    changes.main(tmp_path, "0.2.0")
    assert (tmp_path / "CHANGELOG.md").read_text(encoding="utf-8") == (
        "# Changes\n\n## 0.2.0\n\n### Added\n\n- Slides.\n\n### Security\n\n- A lock.\n\n## 0.1.0\n\n- Begun.\n"
    )
    assert list((tmp_path / "changes").iterdir()) == []


@pytest.mark.parametrize("name", ["Slides.added.md", "slides.md", "slides.new.md", "slides.added.txt"])
def test_a_file_of_another_name_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("Slides.\n", encoding="utf-8")
    with pytest.raises(ValueError, match=name):
        changes.fragments(tmp_path)


def test_the_version_is_said_once() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert portfolio.__version__ == told
    assert f"## {told}\n" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
