"""The archive as a file: members written with their hashes, and read back no further than the manifest says."""

import hashlib
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from portfolio.core.errors import UnreadableError
from portfolio.upkeep.archiving import manifest as manifests
from portfolio.upkeep.archiving.manifest import Manifest, Member

PIECE = 1 << 20
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
Tell = Callable[[int], None]


class Writer:
    """Writes an archive into a file that only its owner may read: it holds what the database holds."""

    def __init__(self, path: Path, tell: Tell) -> None:
        self._file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_STORED)
        self._tell = tell

    def add(self, name: str, source: IO[bytes]) -> Member:
        """Copy all of `source` into the archive."""
        digest, size = hashlib.sha256(), 0
        with self._zip.open(zipfile.ZipInfo(name), "w", force_zip64=True) as target:
            while piece := source.read(PIECE):
                digest.update(piece)
                size += len(piece)
                target.write(piece)
                self._tell(len(piece))
        return Member(name, size, digest.hexdigest())

    def finish(self, manifest: Manifest) -> None:
        """Write the manifest and bring the archive to the disk."""
        self._zip.writestr(zipfile.ZipInfo(manifests.NAME), manifests.encode(manifest), zipfile.ZIP_DEFLATED)
        self._zip.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def abandon(self) -> None:
        """Close the file without making it whole."""
        self._zip.fp = None  # or it would write its end into the closed file when it is forgotten
        self._file.close()


class Archive:
    """An archive open for reading. What it holds is bounded by its manifest, whatever the file claims elsewhere."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._zip = file
        entries = file.infolist()
        self._entries = {entry.filename: entry for entry in entries}
        self.manifest = manifests.decode(self._text(manifests.NAME))
        expected = {member.name for member in self.manifest.members} | {manifests.NAME}
        if len(entries) != len(expected) or self._entries.keys() != expected:
            raise UnreadableError("restore.other_members")

    def _text(self, name: str) -> bytes:
        entry = self._entries.get(name)
        if entry is None or entry.file_size > manifests.LARGEST:
            raise UnreadableError("restore.no_manifest")
        with self._zip.open(entry) as source:
            return source.read(manifests.LARGEST)

    def pieces(self, member: Member) -> Iterator[bytes]:
        """The content of a member in pieces; raises `UnreadableError` at the latest after the last when it is another.

        Never gives more bytes than the manifest says.
        """
        digest, left = hashlib.sha256(), member.size
        try:
            with self._zip.open(self._entries[member.name]) as source:
                while piece := source.read(PIECE):
                    left -= len(piece)
                    if left < 0:
                        break
                    digest.update(piece)
                    yield piece
        except DAMAGED as error:
            raise UnreadableError("restore.damaged", name=member.name) from error
        if left or digest.hexdigest() != member.sha256:
            raise UnreadableError("restore.damaged", name=member.name)

    def verify(self, tell: Tell) -> None:
        """Read every member through and compare it with the manifest; raises `UnreadableError`."""
        for member in self.manifest.members:
            for piece in self.pieces(member):
                tell(len(piece))


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """The archive at `path`, its manifest read; raises `UnreadableError` for what is none."""
    try:
        with zipfile.ZipFile(path) as file:
            yield Archive(file)
    except FileNotFoundError as error:
        raise UnreadableError("restore.no_file", file=path.name) from error
    except DAMAGED as error:
        raise UnreadableError("restore.no_archive", file=path.name) from error


def is_archive(path: Path) -> bool:
    """Whether the file at `path` is an archive of ours, so that a newer one may take its place."""
    try:
        with opened(path):
            return True
    except UnreadableError:
        return False
