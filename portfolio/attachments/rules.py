"""Which files may be attached: told by their content, under a name that plays no trick."""

import io
import re
import unicodedata
import zipfile
from pathlib import PurePosixPath

import filetype

from portfolio.core.errors import FieldError

MAX_SIZE = 20 << 20
MAX_NAME = 120
MOST_PARTS = 10_000  # of a package: its list of parts is read whole
MAX_NAME_BYTES = 250
OFFICE = "application/vnd.openxmlformats-officedocument."
MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".docx": f"{OFFICE}wordprocessingml.document",
    ".xlsx": f"{OFFICE}spreadsheetml.sheet",
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".wps": "application/vnd.ms-works",
    ".et": "application/vnd.ms-excel",
    ".ofd": "application/ofd",
    ".zip": "application/zip",
}
PLAIN = {"application/pdf", "image/png", "image/jpeg", "image/tiff"}
PACKAGES = {".docx": "word/", ".xlsx": "xl/", ".ofd": "OFD.xml"}
COMPOUND = {".doc", ".xls", ".wps", ".et"}
PART_MAGIC = b"PK\x01\x02"
COMPOUND_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
MACROS = "vbaProject.bin"
PROGRAMS = r"exe|com|bat|cmd|scr|pif|msi|dll|sh|bash|py|pl|rb|php|jar|reg|cpl|apk|app|lnk|url"
SCRIPTS = r"js|jse|vbs|vbe|wsf|wsh|ps1|psm1|hta|jsp|asp|aspx|html?|xhtml|svg|xml|docm|xlsm|pptm|xlam"
RUNNABLE = re.compile(f"{PROGRAMS}|{SCRIPTS}")
RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))})
# Unicode categories: control, format (with it what turns the direction of writing), surrogate, private, line marks.
HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


def name_fault(name: str) -> FieldError | None:
    """What is wrong with a file's name; None for a plain one with an extension of `MEDIA_TYPES`."""
    if not name.strip():
        return FieldError("file", "attachment.no_name")
    if any(unicodedata.category(letter) in HIDDEN for letter in name):
        return FieldError("file", "attachment.hidden_characters")
    if any(mark in name for mark in '/\\:*?"<>|') or name != name.strip(" .") or ".." in name:
        return FieldError("file", "attachment.not_a_plain_name", {"value": name[:MAX_NAME]})
    if len(name) > MAX_NAME or len(name.encode()) > MAX_NAME_BYTES:
        return FieldError("file", "attachment.name_too_long", {"most": str(MAX_NAME)})
    stem, *suffixes = name.lower().split(".")
    if stem.strip() in RESERVED:
        return FieldError("file", "attachment.reserved_name", {"value": name})
    if any(RUNNABLE.fullmatch(suffix.strip()) for suffix in suffixes[:-1]):
        return FieldError("file", "attachment.double_extension", {"value": name})
    if suffix_of(name) not in MEDIA_TYPES:
        return FieldError("file", "attachment.bad_type", {"value": name, "allowed": allowed()})
    return None


def content_fault(name: str, content: bytes) -> FieldError | None:
    """Whether the content is not of the kind the name says; None when it is."""
    suffix = suffix_of(name)
    if content.count(PART_MAGIC) > MOST_PARTS:
        return FieldError("file", "attachment.too_many_parts", {"value": name, "most": str(MOST_PARTS)})
    if suffix in PACKAGES or suffix == ".zip":
        fitting = _package_fits(suffix, content)
    elif suffix in COMPOUND:
        fitting = content.startswith(COMPOUND_MAGIC) or (suffix in (".wps", ".et") and _package_fits(".zip", content))
    else:
        found = filetype.guess(content[:8192])
        fitting = found is not None and found.mime in PLAIN and found.mime == MEDIA_TYPES[suffix]
    return None if fitting else FieldError("file", "attachment.content_differs", {"value": name, "suffix": suffix})


def suffix_of(name: str) -> str:
    """The extension in small letters, with its dot."""
    return PurePosixPath(name).suffix.lower()


def allowed() -> str:
    """The extensions that may be attached, for a message."""
    return " ".join(sorted(suffix.lstrip(".") for suffix in MEDIA_TYPES))


def stored_name(name: str) -> str:
    """A name in composed Unicode, as it is kept."""
    return unicodedata.normalize("NFC", name)


def _package_fits(suffix: str, content: bytes) -> bool:
    """Whether a zip package holds what its kind must and no macros; only its directory is read, nothing is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = package.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False
    if suffix == ".zip":
        return True
    if any(name.endswith(MACROS) for name in names):
        return False
    whole = suffix == ".ofd" or "[Content_Types].xml" in names
    return whole and any(name.startswith(PACKAGES[suffix]) for name in names)
