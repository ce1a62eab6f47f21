"""Attached files and kept imports: into an archive once the database is, and back into their folders."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine

from portfolio.core import durable
from portfolio.core.errors import ConflictError
from portfolio.core.settings import attachments_dir
from portfolio.exchange.uploads import store as imports_store
from portfolio.upkeep.archiving.container import Archive, Tell, Writer
from portfolio.upkeep.archiving.facts import Named
from portfolio.upkeep.archiving.manifest import ATTACHMENTS, IMPORTS, Member

TOLD = 5
Folders = Mapping[str, Path]


def folders_of(engine: Engine) -> Folders:
    """Where the database's attachments and imports lie."""
    return {ATTACHMENTS: attachments_dir(engine.url), IMPORTS: imports_store.folder_of(engine)}


def place(folders: Folders, member: str) -> Path:
    """Where the file of a member lies; the name was checked when the manifest was read, or is the database's own."""
    folder, _, below = member.partition("/")
    return folders[folder] / below


def put_in(
    writer: Writer, folders: Folders, named: list[Named], accept_missing: bool
) -> tuple[list[Member], list[str]]:
    """Copy the named files into an archive; returns the members, and the names of those that are missing or altered.

    Raises `ConflictError` (`backup.files_missing`) for a missing one that is needed, unless they are accepted. A file
    whose row was written after the snapshot is not asked for; one that is asked for was on the disk before its row.
    """
    members, missing = list[Member](), list[str]()
    for one in named:
        path = place(folders, one.member)
        if _whole(path, one.digest):
            with path.open("rb") as source:
                members.append(writer.add(one.member, source))
        elif one.needed:
            missing.append(one.member)
    if missing and not accept_missing:
        raise ConflictError("backup.files_missing", count=str(len(missing)), names=", ".join(missing[:TOLD]))
    return members, missing


def _whole(path: Path, digest: str) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == digest


@contextmanager
def put_back(archive: Archive, folders: Folders, tell: Tell) -> Iterator[None]:
    """Have an archive's files in their folders; those that were not there before are gone again if what follows fails.

    Nothing that is there is removed or changed, except a file that is no longer what its name says.
    """
    added = list[Path]()
    try:
        for member in (*archive.manifest.files(ATTACHMENTS), *archive.manifest.files(IMPORTS)):
            path = place(folders, member.name)
            if _whole(path, member.sha256):
                continue
            if not path.exists():
                added.append(path)
            with durable.put(path) as target:
                for piece in archive.pieces(member):
                    target.write(piece)
                    tell(len(piece))
        yield
    except BaseException:  # an interrupt as well: files that no row will name are taken away, and it goes on
        for path in added:
            path.unlink(missing_ok=True)
        raise
