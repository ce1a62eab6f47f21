"""Which names and contents are taken, and by which rule the others are refused."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.attachments import rules
from portfolio.attachments.rules import MEDIA_TYPES, content_fault, name_fault
from portfolio.core.i18n import error_text
from tests.attachments import files


def code(fault: object) -> str | None:
    return getattr(fault, "code", None)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("批复.pdf", files.PDF),
        ("桂发改〔2024〕12号.PDF", files.PDF),
        ("现场 1.png", files.PNG),
        ("a.jpg", files.JPEG),
        ("a.jpeg", files.JPEG),
        ("a.tif", files.TIFF),
        ("a.docx", files.DOCX),
        ("2024.05.01 说明.xlsx", files.XLSX),
        ("a.ofd", files.OFD),
        ("a.wps", files.COMPOUND),
        ("a.wps", files.package("word/document.xml")),
        ("a.et", files.COMPOUND),
        ("a.doc", files.COMPOUND),
        ("a.zip", files.package("a.txt")),
    ],
)
def test_what_offices_file_is_taken(name: str, content: bytes) -> None:
    assert (name_fault(name), content_fault(name, content)) == (None, None)


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("", "no_name"),
        ("  ", "no_name"),
        ("../批复.pdf", "not_a_plain_name"),
        ("..\\批复.pdf", "not_a_plain_name"),
        ("C:\\批复.pdf", "not_a_plain_name"),
        ("/etc/a.pdf", "not_a_plain_name"),
        ("a..pdf", "not_a_plain_name"),
        (".pdf", "not_a_plain_name"),
        ("a.pdf ", "not_a_plain_name"),
        ('a".pdf', "not_a_plain_name"),
        ("批复\x00.pdf", "hidden_characters"),
        ("批复\n.pdf", "hidden_characters"),
        ("批复\u202efdp.exe", "hidden_characters"),
        ("批\u200b复.pdf", "hidden_characters"),
        ("长" * 121 + ".pdf", "name_too_long"),
        ("con.pdf", "reserved_name"),
        ("LPT1.docx", "reserved_name"),
        ("批复.exe.pdf", "double_extension"),
        ("批复.html.pdf", "double_extension"),
        ("批复.svg", "bad_type"),
        ("批复.html", "bad_type"),
        ("批复.pdf.exe", "bad_type"),
        ("批复", "bad_type"),
    ],
)
def test_a_name_that_plays_tricks_is_refused_by_its_rule(name: str, fault: str) -> None:
    found = name_fault(name)
    assert code(found) == f"attachment.{fault}"
    assert found is not None
    for lang in ("zh", "en"):
        assert error_text(found.code, lang, found.params)


@pytest.mark.parametrize("name", [f"a{suffix}" for suffix in MEDIA_TYPES])
@pytest.mark.parametrize("content", [b"", files.PROGRAM, files.PAGE], ids=["nothing", "program", "page"])
def test_a_content_of_another_kind_is_refused(name: str, content: bytes) -> None:
    assert code(content_fault(name, content)) == "attachment.content_differs"


def test_kinds_are_not_taken_for_each_other() -> None:
    assert code(content_fault("a.pdf", files.PNG)) == "attachment.content_differs"
    assert code(content_fault("a.docx", files.XLSX)) == "attachment.content_differs"
    assert code(content_fault("a.doc", files.DOCX)) == "attachment.content_differs"
    assert code(content_fault("a.docx", files.MACROS)) == "attachment.content_differs"


@given(st.text(max_size=40))
def test_no_name_leads_out_of_its_folder(name: str) -> None:
    if name_fault(name + ".pdf") is None:
        assert not set(name) & set('/\\\x00\r\n"')
        assert ".." not in name


def test_a_package_of_too_many_parts_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_PARTS", 2)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        for number in range(3):
            package.writestr(str(number), "")
    assert code(content_fault("a.zip", packed.getvalue())) == "attachment.too_many_parts"
