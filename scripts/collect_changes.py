"""Move the changes kept in `changes/` into CHANGELOG.md as a version: `python scripts/collect_changes.py 0.3.0`."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KINDS = {
    "added": "Added",
    "changed": "Changed",
    "mended": "Mended",
    "security": "Security",
    "engineers": "For engineers",
}


def fragments(folder: Path) -> dict[str, list[Path]]:
    """The files of `folder` by kind; raises `ValueError` with the name of one that is none."""
    found: dict[str, list[Path]] = {kind: [] for kind in KINDS}
    for path in sorted(folder.iterdir()):
        if path.name == "README.md":
            continue
        named = re.fullmatch(r"[a-z0-9-]+\.([a-z]+)\.md", path.name)
        if not named or named[1] not in KINDS or len(path.read_text(encoding="utf-8").split("\n")) != 2:
            raise ValueError(path.name)
        found[named[1]].append(path)
    return found


def collected(version: str, found: dict[str, list[Path]]) -> str:
    """The section of a version."""
    parts = [f"## {version}"]
    for kind, paths in found.items():
        if paths:
            lines = [f"- {path.read_text(encoding='utf-8').strip()}" for path in paths]
            parts.append("\n".join([f"### {KINDS[kind]}", "", *lines]))
    return "\n\n".join(parts) + "\n\n"


def main(root: Path, version: str) -> None:
    """Put the section before that of the last version, and take the files away."""
    log, found = root / "CHANGELOG.md", fragments(root / "changes")
    text = log.read_text(encoding="utf-8")
    place = text.index("## ")
    log.write_text(text[:place] + collected(version, found) + text[place:], encoding="utf-8")
    for path in (path for paths in found.values() for path in paths):
        path.unlink()


if __name__ == "__main__":
    main(ROOT, sys.argv[1])
