"""Nothing is replaced by an archive that is not whole, not ours or not sound; what is refused changes nothing."""

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from portfolio.attachments import store
from portfolio.core.errors import ConflictError, PortfolioError, UnreadableError
from portfolio.core.settings import get_settings
from portfolio.upkeep.archiving.backup import backup
from portfolio.upkeep.archiving.restore import Wanted, restore
from tests.archiving.conftest import Elsewhere
from tests.archiving.contents import contents, files_in, journal_of
from tests.attachments.files import PDF

REPLACE = Wanted(replace=True)
Change = Callable[[dict[str, Any], dict[str, bytes]], None]


def rewritten(source: Path, target: Path, change: Change, deflated: bool = False) -> Path:
    """The archive with its manifest and members as `change` leaves them."""
    with zipfile.ZipFile(source) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(members.pop("manifest.json"))
    change(manifest, members)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
        archive.writestr("manifest.json", json.dumps(manifest))
    return target


def member(manifest: dict[str, Any], beginning: str) -> dict[str, Any]:
    return next(one for one in manifest["members"] if one["name"].startswith(beginning))


def altered(manifest: dict[str, Any], members: dict[str, bytes]) -> None:
    name = member(manifest, "attachments/")["name"]
    members[name] = members[name][:-1] + b"?"


def altered_database(manifest: dict[str, Any], members: dict[str, bytes]) -> None:
    name = member(manifest, "database.")["name"]
    members[name] = members[name][:-1] + bytes([members[name][-1] ^ 1])


def without_a_member(manifest: dict[str, Any], members: dict[str, bytes]) -> None:
    del members[member(manifest, "attachments/")["name"]]


def with_one_more(manifest: dict[str, Any], members: dict[str, bytes]) -> None:
    members["attachments/more"] = b"x"


def swollen(manifest: dict[str, Any], members: dict[str, bytes]) -> None:
    """A member that unpacks to more than the manifest says, with the name of its hash."""
    held = member(manifest, "attachments/")
    members[held["name"]] = bytes(64 << 20)


def _named(manifest: dict[str, Any], members: dict[str, bytes], name: str) -> None:
    content = b"* * * * * root true\n"
    members[name] = content
    manifest["members"].append({"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()})


def climbing(manifest: dict[str, Any], members: dict[str, bytes]) -> None:
    _named(manifest, members, "attachments/../../evil")


def rooted(manifest: dict[str, Any], members: dict[str, bytes]) -> None:
    _named(manifest, members, "/etc/cron.d/evil")


def climbing_by_suffix(manifest: dict[str, Any], members: dict[str, bytes]) -> None:
    digest = hashlib.sha256(b"* * * * * root true\n").hexdigest()
    _named(manifest, members, f"imports/{digest[:2]}/{digest}./../../../evil")


def under_anothers_hash(manifest: dict[str, Any], members: dict[str, bytes]) -> None:
    _named(manifest, members, f"attachments/ab/ab{'0' * 62}")


def of_tomorrow(manifest: dict[str, Any], members: dict[str, bytes]) -> None:
    manifest["schema"] = "9999"


def of_another_schema(manifest: dict[str, Any], members: dict[str, bytes]) -> None:
    manifest["schema"] = "0011"


def of_the_other_kind(manifest: dict[str, Any], members: dict[str, bytes]) -> None:
    other = {"sqlite": ("postgresql", "database.dump"), "postgresql": ("sqlite", "database.sqlite3")}
    held = member(manifest, "database.")
    manifest["database"], name = other[manifest["database"]]
    members[name] = members.pop(held["name"])
    held["name"] = name


def of_another_format(manifest: dict[str, Any], members: dict[str, bytes]) -> None:
    manifest["format"] = 2


def without_sense(manifest: dict[str, Any], members: dict[str, bytes]) -> None:
    manifest["members"] = "all"


def no_database(manifest: dict[str, Any], members: dict[str, bytes]) -> None:
    held = member(manifest, "database.")
    content = b"nothing of the kind"
    members[held["name"]] = content
    held |= {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}


REFUSED: list[tuple[Change, str]] = [
    (altered, "restore.damaged"),
    (altered_database, "restore.damaged"),
    (without_a_member, "restore.other_members"),
    (with_one_more, "restore.other_members"),
    (swollen, "restore.damaged"),
    (climbing, "restore.strange_member"),
    (rooted, "restore.strange_member"),
    (climbing_by_suffix, "restore.strange_member"),
    (under_anothers_hash, "restore.strange_member"),
    (of_tomorrow, "restore.newer"),
    (of_another_schema, "restore.other_schema"),
    (of_the_other_kind, "restore.other_database"),
    (of_another_format, "restore.other_format"),
    (without_sense, "restore.no_manifest"),
    (no_database, "restore."),
]


def test_what_is_not_ours_changes_nothing(library: Engine, tmp_path: Path) -> None:
    backup(library, tmp_path / "b.zip")
    with library.begin() as connection:
        connection.execute(text("UPDATE projects SET owner = 'later' WHERE id = 7"))
    folder = tmp_path / "here"
    held, journal, files = contents(library, set()), journal_of(library), files_in(folder)
    for change, code in REFUSED:
        source = rewritten(tmp_path / "b.zip", tmp_path / "bad.zip", change, deflated=True)
        with pytest.raises(PortfolioError) as told:
            restore(library, source, REPLACE)
        assert told.value.code.startswith(code), change.__name__
    assert (contents(library, set()), journal_of(library), files_in(folder)) == (held, journal, files)
    assert not any(path.name == "evil" for path in tmp_path.rglob("*"))


def test_half_an_archive_is_none(sqlite_library: Engine, tmp_path: Path) -> None:
    backup(sqlite_library, tmp_path / "b.zip")
    whole = (tmp_path / "b.zip").read_bytes()
    for size in (0, 100, len(whole) // 2, len(whole) - 30):
        (tmp_path / "half.zip").write_bytes(whole[:size])
        with pytest.raises(UnreadableError, match="no_archive"):
            restore(sqlite_library, tmp_path / "half.zip", REPLACE)
    with pytest.raises(UnreadableError, match="no_file"):
        restore(sqlite_library, tmp_path / "none.zip", REPLACE)


def test_what_is_searched_is_by_todays_rule(library: Engine, tmp_path: Path) -> None:
    """An archive of an earlier version holds search texts as that version wrote them."""
    with library.begin() as connection:
        connection.execute(text("UPDATE projects SET search_text = 'ＬＮＧ 接收站' WHERE id = 7"))
    backup(library, tmp_path / "b.zip")
    assert restore(library, tmp_path / "b.zip", REPLACE).done
    with library.connect() as connection:
        found = connection.execute(text("SELECT search_text FROM projects WHERE id = 7")).scalar_one()
    assert found == "lng 接收站"


def test_a_library_is_replaced_only_when_asked(library: Engine, tmp_path: Path) -> None:
    backup(library, tmp_path / "b.zip")
    with library.begin() as connection:
        connection.execute(text("UPDATE projects SET owner = 'later' WHERE id = 7"))
    held = contents(library)
    with pytest.raises(ConflictError, match="not_empty"):
        restore(library, tmp_path / "b.zip", Wanted())
    assert contents(library) == held
    # What the old library named is still there after it was replaced.
    lost = store.keep(Path(get_settings().attachments_dir), b"%PDF-1.7 later")
    assert restore(library, tmp_path / "b.zip", REPLACE).done
    assert [row for row in contents(library)["projects"] if "later" in row] == []
    assert store.fault(Path(get_settings().attachments_dir), lost) is None


def test_a_library_with_faults_is_refused_and_leaves_no_file(
    library: Engine, elsewhere: Elsewhere, folders: Callable[[str], Path], tmp_path: Path
) -> None:
    with library.begin() as connection:
        connection.execute(text("UPDATE projects SET city_code = '450100' WHERE code = 'GX-2018-0207'"))
    backup(library, tmp_path / "b.zip")
    there, fresh = folders("there"), elsewhere()
    done = restore(fresh, tmp_path / "b.zip", Wanted())
    assert (done.done, [finding.code for finding in done.findings if not finding.warning]) == (False, ["project_city"])
    assert contents(fresh, set()) == {}
    assert files_in(there) == {}
    assert restore(fresh, tmp_path / "b.zip", Wanted(accept_findings=True)).done
    assert contents(fresh)["projects"] == contents(library)["projects"]


def test_an_altered_file_of_the_folder_is_put_right(library: Engine, tmp_path: Path) -> None:
    backup(library, tmp_path / "b.zip")
    path = store.place(Path(get_settings().attachments_dir), hashlib.sha256(PDF).hexdigest())
    path.write_bytes(b"%PDF-1.7 altered")
    assert restore(library, tmp_path / "b.zip", REPLACE).done
    assert path.read_bytes() == PDF


def test_without_room_nothing_is_begun(sqlite_library: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    backup(sqlite_library, tmp_path / "b.zip")
    monkeypatch.setattr("portfolio.upkeep.archiving.restore.SPARE", 1 << 60)
    with pytest.raises(ConflictError, match="no_room"):
        restore(sqlite_library, tmp_path / "b.zip", REPLACE)
