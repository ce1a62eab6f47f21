"""What the OpenAPI document says of answers that are no plain JSON: files by their kind, and work that goes on."""

from typing import Any

from pydantic import BaseModel

CSV = "text/csv; charset=utf-8"
JSON = "application/json"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ANY = "*/*"
Answers = dict[int | str, dict[str, Any]]


def files(*media: str) -> Answers:
    """A file of one of the kinds."""
    file = {"schema": {"type": "string", "format": "binary"}}
    content = {kind.partition(";")[0]: file for kind in media}
    return {200: {"description": "The file, as a download", "content": content}}


def refused(shape: type[BaseModel]) -> Answers:
    """A table with findings answers with them, in the shape of one without."""
    return {422: {"description": "Findings; nothing was written", "model": shape}}
