"""What the OpenAPI document says of answers that are no plain JSON: files by their kind, and work that goes on."""

from typing import Any

CSV = "text/csv; charset=utf-8"
JSON = "application/json"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ANY = "*/*"
Answers = dict[int | str, dict[str, Any]]
OBJECT = {"$ref": "#/components/schemas/Record"}


def files(*media: str) -> Answers:
    """A file of one of the kinds."""
    file = {"schema": {"type": "string", "format": "binary"}}
    content: dict[str, dict[str, Any]] = {
        kind.partition(";")[0]: {"schema": {}} if kind == JSON else file for kind in media
    }
    return {200: {"description": "The file, as a download", "content": content}}


# A table with findings answers with them, in the shape of one without.
REFUSED: Answers = {422: {"description": "Findings; nothing was written", "content": {JSON: {"schema": OBJECT}}}}
