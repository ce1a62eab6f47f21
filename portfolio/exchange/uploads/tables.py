"""Tables of imports: what was brought in, from which files, what was previewed, and what became of it."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Text
from sqlmodel import Field, SQLModel

from portfolio.core.columns import UtcDateTime, utc_column

CHECKING, CHECKED, REFUSED = "checking", "checked", "refused"
APPLYING, APPLIED = "applying", "applied"
UNDOING, UNDONE = "undoing", "undone"
FAILED = "failed"
STATES = (CHECKING, CHECKED, REFUSED, APPLYING, APPLIED, UNDOING, UNDONE, FAILED)
AT_WORK = (CHECKING, APPLYING, UNDOING)


class Import(SQLModel, table=True):
    """One import. `revision` is that of the transaction that applied it, which every row it wrote carries.

    `note` names the text that says why it is not where it was wanted, with `note_words` as JSON; `digest` stands for
    everything the preview said would be written. `mapping` is what somebody said the columns of these files mean, as
    the JSON of a profile.
    """

    __tablename__ = "imports"
    __table_args__ = (Index("ix_imports_revision", "revision"), Index("ix_imports_state", "state"))

    id: int | None = Field(
        default=None,
        sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    )
    kind: str = Field(default="", max_length=80)
    asked_kind: str | None = Field(default=None, max_length=20)
    state: str = Field(max_length=12)
    actor: str = Field(max_length=80)
    made_at: datetime = Field(sa_column=utc_column())
    total: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    findings: int = 0
    warnings: int = 0
    note: str = Field(default="", max_length=40)
    note_words: str = Field(default="", sa_column=Column(Text, nullable=False))
    digest: str = Field(default="", max_length=64)
    checked_revision: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    revision: int | None = Field(default=None, sa_column=Column(BigInteger))
    applied_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime()))
    applied_by: str = Field(default="", max_length=80)
    undone_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime()))
    undone_by: str = Field(default="", max_length=80)
    undone_revision: int | None = Field(default=None, sa_column=Column(BigInteger))
    mapping: str = Field(default="", sa_column=Column(Text, nullable=False, server_default=""))


class ImportFile(SQLModel, table=True):
    """A file of an import as it was sent: its name, size in bytes and SHA-256, under which it is kept."""

    __tablename__ = "import_files"

    import_id: int = Field(sa_column=Column(BigInteger, ForeignKey("imports.id"), primary_key=True))
    position: int = Field(primary_key=True)
    name: str = Field(max_length=200)
    sha256: str = Field(max_length=64)
    size: int = Field(sa_column=Column(BigInteger, nullable=False))


class ImportPreview(SQLModel, table=True):
    """What the check of an import found, as JSON: the first rows of each kind, findings and warnings."""

    __tablename__ = "import_previews"

    import_id: int = Field(sa_column=Column(BigInteger, ForeignKey("imports.id"), primary_key=True))
    content: str = Field(sa_column=Column(Text, nullable=False))


class ImportProfile(SQLModel, table=True):
    """What an office said the columns of its tables mean, under a name: `content` is the JSON of a profile.

    `office` is the unit, else the city, of who made it (blank where nobody signs in); what is read for it is found by
    its headings.
    """

    __tablename__ = "import_profiles"

    name: str = Field(primary_key=True, max_length=80)
    office: str = Field(default="", max_length=24)
    content: str = Field(sa_column=Column(Text, nullable=False))
    at: datetime = Field(sa_column=utc_column())
    actor: str = Field(max_length=80)
