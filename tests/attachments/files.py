"""Small files of each kind, made here."""

import io
import zipfile

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF"
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452") + bytes(32)
JPEG = bytes.fromhex("ffd8ffe000104a464946") + bytes(32)
TIFF = b"II*\x00" + bytes(32)
COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(512)
PROGRAM = b"MZ" + bytes(64)
PAGE = b"<html><script>alert(1)</script></html>"


def package(*names: str) -> bytes:
    """A zip package that holds empty files of these names."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for name in names:
            made.writestr(name, "")
    return target.getvalue()


DOCX = package("[Content_Types].xml", "word/document.xml")
XLSX = package("[Content_Types].xml", "xl/workbook.xml")
MACROS = package("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")
OFD = package("OFD.xml", "Doc_0/Document.xml")
