"""What a browser sends of a file: its content as text."""

import base64
import binascii


def content_of(contents: str) -> bytes:
    """What was uploaded; one cut short is taken for empty, which the rules refuse by its content."""
    try:
        return base64.b64decode(contents.partition(",")[2], validate=True)
    except binascii.Error:
        return b""
