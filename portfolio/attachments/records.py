"""What reading attachments gives."""

from datetime import datetime
from typing import TypedDict


class AttachmentRecord(TypedDict):
    """A file beside an object, without its content."""

    id: int
    object_kind: str
    object_code: str
    name: str
    media_type: str
    size: int
    sha256: str
    at: datetime
    actor: str
