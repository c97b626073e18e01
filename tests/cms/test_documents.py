"""Documents in the editor: what is taken, and what is refused in words, by every way into the store."""

import io
import zipfile

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.documents.models import Document

from cms import editors

pytestmark = [pytest.mark.django_db, pytest.mark.either]

AJAX = {"X-Requested-With": "XMLHttpRequest"}
HTML = b"<!DOCTYPE html><script>alert(1)</script>"
PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"
KIND, INSIDE = "Files of this kind are not taken", "What is in this file is not what its name says"
ENCODING, ACTIVE, PACKED = "This text cannot be read", "This file holds a program", "This file unpacks to far more"
MAIN = {
    "docx": ("word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"),
    "pptx": (
        "ppt/presentation.xml",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
    ),
}


def packed(*parts):
    """A zip of these parts: (name, content)."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts:
            file.writestr(name, content)
    return target.getvalue()


def office(ending, *more):
    part, kind = MAIN[ending]
    return packed(("[Content_Types].xml", f'<Types><Override ContentType="{kind}"/></Types>'), (part, "<x/>"), *more)


def odt(*more):
    return packed(("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", "<x/>"), *more)


def xlsx():
    target = io.BytesIO()
    openpyxl.Workbook().save(target)
    return target.getvalue()


def damaged(content):
    """The same zip with the bytes of its first part changed."""
    return content[:60] + bytes(255 - byte for byte in content[60:70]) + content[70:]


GOOD = {
    "law.pdf": PDF,
    "LAW.PDF": PDF,
    "note.txt": "Être — né à Tunis\n".encode(),
    "list.csv": b"\xef\xbb\xbfname;number\r\nA;1\r\n",
    "text.docx": office("docx"),
    "slides.pptx": office("pptx"),
    "table.xlsx": xlsx(),
    "text.odt": odt(),
}
BAD = {
    "x.exe": (b"MZ\x90\x00" + bytes(200), KIND),
    "x.html": (HTML, KIND),
    "x.svg": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', KIND),
    "evil.js": (b"alert(1)", KIND),
    "x.zip": (b"PK\x03\x04broken", KIND),
    "none": (b"text", KIND),
    "law.pdf.exe": (PDF, KIND),
    "x.docm": (office("docx"), KIND),
    "x.pdf": (HTML, INSIDE),
    "prefixed.pdf": (HTML + PDF, INSIDE),
    "cut.pdf": (PDF[:40], INSIDE),
    "script.pdf": (PDF.replace(b"/Catalog", b"/Catalog /OpenAction << /S /JavaScript /JS (x) >>"), ACTIVE),
    "html.txt": (b"\xef\xbb\xbf \n" + HTML, INSIDE),
    "x.txt": (b"MZ\x90\x00" + bytes(200), ENCODING),
    "nul.csv": (b"a;\x00b", ENCODING),
    "x.docx": (b"PK\x03\x04broken", INSIDE),
    "html.docx": (HTML + office("docx"), INSIDE),
    "text-in.docx": (odt(), INSIDE),
    "slides-in.docx": (office("pptx"), INSIDE),
    "plain-zip.xlsx": (packed(("a.txt", "a")), INSIDE),
    "damaged.docx": (damaged(office("docx")), INSIDE),
    "out.odt": (odt(("../x", "x")), INSIDE),
    "macro.docx": (office("docx", ("word/vbaProject.bin", "x")), ACTIVE),
    "macro.odt": (odt(("Basic/Standard/Module1.xml", "x")), ACTIVE),
    "ole.pptx": (office("pptx", ("ppt/embeddings/oleObject1.bin", "x")), ACTIVE),
    "bomb.docx": (office("docx", ("word/media/a", bytes(3_000_000))), PACKED),
}


@pytest.fixture(autouse=True)
def _own_store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def send(client, way, name, content):
    """Send a file by one of the ways in; return what is said of it, and nothing when it is taken."""
    file = SimpleUploadedFile(name, content, "application/pdf")
    if way == "one":
        return said(client.post(reverse("wagtaildocs:add"), {"title": "Title", "file": file}))
    if way == "several":
        address, fields = reverse("wagtaildocs:add_multiple"), {"title": "Title", "files[]": file}
        return client.post(address, fields, headers=AJAX).json().get("error_message", "")
    address = reverse("wagtaildocs_chooser:create")
    fields = {"document-chooser-upload-title": "Title", "document-chooser-upload-file": file}
    html = client.post(address, fields, headers=AJAX).json().get("htmlFragment", "")
    return BeautifulSoup(html, "html.parser").get_text()


def said(answer):
    return "" if answer.status_code == 302 else BeautifulSoup(answer.content, "html.parser").get_text()


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_document_is_refused_in_words_and_not_stored(editor, tmp_path, name):
    content, reason = BAD[name]

    for way in ("one", "several", "chooser"):
        assert reason in send(editor, way, name, content), way

    assert not Document.objects.exists()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("name", ["wagtaildocs:add", "wagtaildocs:add_multiple"])
def test_what_is_taken_is_said_beforehand(editor, name):
    assert "PPTX or ODT, of at most 20 MB." in editor.get(reverse(name)).content.decode()


@pytest.mark.parametrize("name", GOOD)
def test_a_good_document_of_each_kind_is_stored_as_it_came(editor, name):
    assert send(editor, "one", name, GOOD[name]) == ""

    assert Document.objects.get().file.read() == GOOD[name]


@pytest.mark.parametrize("way", ["several", "chooser"])
def test_a_good_document_goes_in_by_the_other_ways(editor, way):
    assert send(editor, way, "text.docx", GOOD["text.docx"]) == ""

    assert Document.objects.get().file.read() == GOOD["text.docx"]


def test_who_has_no_second_factor_chooses_no_document(root, person, liberia, sign_in):
    editors.grant()
    manager = person("manager", country=liberia, is_staff=True)
    manager.groups.add(Group.objects.get(name="manager"))

    answer = sign_in(manager, second_factor=False).get(reverse("wagtaildocs_chooser:choose"), headers=AJAX)

    assert answer.status_code != 200


def test_a_document_is_served_by_its_own_address_and_not_beside_the_pictures(editor, client):
    send(editor, "one", "note.txt", b"Text")
    document = Document.objects.get()

    answer = client.get(document.url)

    assert b"".join(answer.streaming_content) == b"Text"
    assert answer["Content-Disposition"].startswith("attachment")
    for address in (document.file.url, document.file.url.replace("documents", "images/../documents")):
        assert client.get(address).status_code == 404


def test_another_file_for_an_old_document_is_judged_too_and_a_new_title_alone_is_not(editor):
    send(editor, "one", "law.pdf", PDF)
    document = Document.objects.get()
    address = reverse("wagtaildocs:edit", args=[document.pk])

    back = editor.post(address, {"title": "Other", "file": SimpleUploadedFile("x.html", HTML)})
    titled = editor.post(address, {"title": "New title"})

    document = Document.objects.get()
    assert KIND in said(back)
    assert titled.status_code == 302
    assert (document.title, document.file.read()) == ("New title", PDF)


def test_a_document_over_the_limit_is_refused(editor, settings):
    settings.WAGTAILDOCS_MAX_UPLOAD_SIZE = 1000

    assert "This file is too big" in send(editor, "one", "big.txt", b"a" * 1001)
    assert not Document.objects.exists()
