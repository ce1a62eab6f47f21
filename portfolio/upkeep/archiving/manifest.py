"""What an archive says of itself: where it comes from, what it holds, and the SHA-256 of every member."""

import re
from typing import Annotated, Literal

import msgspec

from portfolio.core.errors import UnreadableError

FORMAT = 1
NAME = "manifest.json"
LARGEST = 256 << 20
DATABASE = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
ATTACHMENTS, IMPORTS = "attachments", "imports"
# What a member may be called. Nothing is ever written under a name that comes from an archive without passing this.
MEMBER = re.compile(
    r"database\.(?:sqlite3|dump)"
    r"|attachments/(?P<folder>[0-9a-f]{2})/(?P<file>(?P=folder)[0-9a-f]{62})"
    r"|imports/(?P<among>[0-9a-f]{2})/(?P<table>(?P=among)[0-9a-f]{62})(?P<suffix>\.[^/\\\x00-\x1f]{1,60})?"
)
Digest = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
Count = Annotated[int, msgspec.Meta(ge=0)]


class Member(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of the archive: its name there, its size in bytes and its SHA-256."""

    name: str
    size: Count
    sha256: Digest


class Journal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The end of the journal: how many rows, and the hash of the last (none in schemas before 0012)."""

    rows: Count
    head: str | None


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An archive's own account. `missing` names files that the database names and the folders did not hold."""

    version: str
    made_at: str
    database: Literal["sqlite", "postgresql"]
    server: str
    schema: str
    revision: Count
    journal: Journal
    counts: dict[str, Count]
    members: tuple[Member, ...]
    missing: tuple[str, ...] = ()
    format: int = FORMAT

    @property
    def size(self) -> int:
        """The bytes of all members."""
        return sum(member.size for member in self.members)

    @property
    def dump(self) -> Member:
        """The member that is the database."""
        return next(member for member in self.members if member.name == DATABASE[self.database])

    def files(self, folder: str) -> tuple[Member, ...]:
        """The members of a folder, `attachments` or `imports`."""
        return tuple(member for member in self.members if member.name.startswith(f"{folder}/"))


def encode(manifest: Manifest) -> bytes:
    """The manifest as it is stored."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=1)


def decode(content: bytes) -> Manifest:
    """The manifest of a stored text; raises `UnreadableError` for anything else, and for members of strange names."""
    try:
        found = msgspec.json.decode(content, type=Manifest)
    except msgspec.DecodeError as error:
        raise UnreadableError("restore.no_manifest") from error
    if found.format != FORMAT:
        raise UnreadableError("restore.other_format", format=str(found.format))
    names = [member.name for member in found.members]
    if len(set(names)) != len(names) or names.count(DATABASE[found.database]) != 1:
        raise UnreadableError("restore.no_manifest")
    for member in found.members:
        _require_own_name(member)
    return found


def _require_own_name(member: Member) -> None:
    """A file's name says its content's hash; the database has its one name."""
    matched = MEMBER.fullmatch(member.name)
    named = (matched["file"] or matched["table"] or member.sha256) if matched else None
    if named != member.sha256:
        raise UnreadableError("restore.strange_member", name=ascii(member.name)[1:81])
