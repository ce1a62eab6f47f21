"""The store of attached files: a folder in which each content lies once, under its SHA-256."""

import hashlib
from pathlib import Path

from sqlmodel import Session

from portfolio.core import durable
from portfolio.core.errors import PortfolioError
from portfolio.core.settings import attachments_dir


def folder(session: Session) -> Path:
    """The folder that belongs to the session's database."""
    return attachments_dir(session.get_bind().engine.url)


def keep(where: Path, content: bytes) -> str:
    """Store `content` and return its SHA-256; a content that is there already, whole, is not written again.

    Readers see the whole file or none: it is written beside its place, brought to the disk and moved there, and its
    name is on the disk too before the caller's row can be. A content stored for a transaction that is then rolled back
    stays; nothing names it, and the next upload of it finds it.
    """
    digest = hashlib.sha256(content).hexdigest()
    path = place(where, digest)
    if fault(where, digest) is None:
        durable.sync_folder(path.parent)  # whoever wrote it may have been cut off before its name was on the disk
        return digest
    with durable.put(path) as file:
        file.write(content)
    return digest


def read(where: Path, digest: str) -> bytes:
    """The content under `digest`, compared with it; raises `attachment.damaged` when it is missing or altered."""
    path = place(where, digest)
    content = path.read_bytes() if path.is_file() else b""
    if hashlib.sha256(content).hexdigest() != digest:
        raise PortfolioError("attachment.damaged", sha256=digest[:12])
    return content


def fault(where: Path, digest: str) -> str | None:
    """`missing` or `altered` when the store does not hold the content of `digest`; None when it does."""
    path = place(where, digest)
    if not path.is_file():
        return "missing"
    with path.open("rb") as file:
        return None if hashlib.file_digest(file, "sha256").hexdigest() == digest else "altered"


def place(where: Path, digest: str) -> Path:
    """Where the content of `digest` lies."""
    return where / digest[:2] / digest
