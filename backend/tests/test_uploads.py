import hashlib
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction

from mails import pdf_storage
from mails.models import Attachment, Mail
from mails.pdf_check import InvalidPdf, check_pdf
from mails.uploads import attach
from tests.conftest import pdf_bytes, signed_in

pytestmark = pytest.mark.django_db

MEGABYTE = 1024 * 1024


def nothing_was_kept(pdf_directory):
    return not list(pdf_directory.iterdir()) and not Attachment.objects.exists()


def test_a_pdf_is_kept_under_a_name_of_our_own(upload, pdf_directory, user):
    content = pdf_bytes()
    answer = upload(content, name="../../etc/Letter of May.pdf")
    assert answer.status_code == 201, answer.json()
    attachment = Attachment.objects.get()
    stored = pdf_directory / attachment.stored_name
    assert list(pdf_directory.iterdir()) == [stored]
    assert stored.read_bytes() == content
    assert stored.stat().st_mode & 0o777 == 0o644
    assert answer.json() == {
        "id": attachment.pk,
        "mail": attachment.mail_id,
        "original_name": "Letter of May.pdf",
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "uploaded_by": "maria",
        "created_at": answer.json()["created_at"],
        "file_url": f"/api/attachments/{attachment.pk}/file/",
    }


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(pdf_bytes(pages=3), id="several pages"),
        pytest.param(pdf_bytes(password=""), id="encrypted, opened without a password"),
        pytest.param(pdf_bytes(password="open me"), id="encrypted with a password"),
        pytest.param(b"\n\n" + pdf_bytes(), id="something before the header"),
        pytest.param(pdf_bytes() + b"\n" * 500, id="blank lines after the end"),
    ],
)
def test_pdfs_of_real_life_are_accepted(upload, content):
    assert upload(content).status_code == 201


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(b"MZ this is a program", "not a PDF", id="another type"),
        pytest.param(b"<html>%%EOF</html>", "not a PDF", id="a page named .pdf"),
        pytest.param(b"%PDF-1.7\nhello", "incomplete", id="only the first bytes of a PDF"),
        pytest.param(b"%PDF-1.7\nhello\n%%EOF\n", "damaged", id="only the ends of a PDF"),
        pytest.param(pdf_bytes()[:-40], "incomplete", id="cut off near its end"),
        pytest.param(pdf_bytes(pages=50)[:2500], "incomplete", id="cut off half-way"),
        pytest.param(pdf_bytes()[:60] + b"\n%%EOF", "damaged", id="cut off, with a false end"),
        pytest.param(b"", "empty", id="empty"),
    ],
)
def test_what_is_no_readable_pdf_is_refused_and_leaves_nothing(
    upload, pdf_directory, content, says
):
    answer = upload(content)
    assert answer.status_code == 400
    assert says in answer.json()["file"][0]
    assert nothing_was_kept(pdf_directory)


def test_a_pdf_cut_off_anywhere_is_refused():
    whole = pdf_bytes(pages=20)
    for length in range(0, len(whole) - len("%%EOF\n"), 97):
        with pytest.raises(InvalidPdf):
            check_pdf(BytesIO(whole[:length]))


def test_a_file_over_the_limit_is_refused_with_the_limit(upload, pdf_directory):
    answer = upload(pdf_bytes() + b"\0" * MEGABYTE)
    assert answer.status_code == 413
    assert answer.json() == {"detail": "The file is larger than the limit of 1 MB."}
    assert nothing_was_kept(pdf_directory)


def test_a_file_of_just_the_limit_is_accepted(upload):
    room = MEGABYTE - len(pdf_bytes(padding=MEGABYTE)) + MEGABYTE
    padded = pdf_bytes(padding=room)
    assert len(padded) == MEGABYTE
    assert upload(padded).status_code == 201


def test_a_request_without_a_file_says_how_to_send_one(api, mail):
    answer = api.post(f"/api/mails/{mail.pk}/attachments/", {}, format="multipart")
    assert answer.status_code == 400
    assert "multipart/form-data" in answer.json()["file"][0]


def test_an_upload_to_an_unknown_mail_leaves_nothing(upload, pdf_directory):
    assert upload(mail_id=999).status_code == 404
    assert nothing_was_kept(pdf_directory)


def test_nobody_uploads_without_signing_in(upload, client, pdf_directory):
    assert upload(client=client).status_code == 401
    assert nothing_was_kept(pdf_directory)


def test_a_failing_row_takes_its_file_along(upload, pdf_directory, monkeypatch):
    def fail(**values):
        raise IntegrityError

    monkeypatch.setattr(Attachment.objects, "create", fail)
    assert upload().status_code == 409
    assert nothing_was_kept(pdf_directory)


def test_a_full_disk_leaves_no_half_file(pdf_directory):
    def chunks():
        yield b"%PDF-"
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        pdf_storage.save(chunks())
    assert nothing_was_kept(pdf_directory)


@pytest.mark.django_db(transaction=True)
def test_a_failing_commit_takes_the_file_along(mail, user, pdf_directory, monkeypatch):
    def fail():
        connection.rollback()
        raise IntegrityError("refused at commit")

    with monkeypatch.context() as patch:
        patch.setattr(connection, "commit", fail)
        with pytest.raises(IntegrityError, match="at commit"):
            attach(mail.pk, SimpleUploadedFile("a.pdf", pdf_bytes()), user)
    assert nothing_was_kept(pdf_directory)


@pytest.mark.django_db(transaction=True)
def test_a_deleted_attachment_takes_its_file_along(api, upload, pdf_directory):
    path = f"/api/attachments/{upload().json()['id']}/"
    assert api.delete(path).status_code == 204
    assert nothing_was_kept(pdf_directory)


@pytest.mark.django_db(transaction=True)
def test_a_deleted_mail_takes_its_files_along(api, upload, mail, pdf_directory):
    upload()
    upload()
    assert api.delete(f"/api/mails/{mail.pk}/").status_code == 204
    assert nothing_was_kept(pdf_directory)


@pytest.mark.django_db(transaction=True)
def test_a_deletion_rolled_back_keeps_the_file(upload, mail, pdf_directory):
    upload()
    with transaction.atomic():
        Mail.objects.all().delete()
        transaction.set_rollback(True)
    assert Attachment.objects.count() == 1
    assert len(list(pdf_directory.iterdir())) == 1


def test_an_attachment_is_deleted_by_its_uploader_or_staff_only(upload, colleague):
    path = f"/api/attachments/{upload().json()['id']}/"
    assert signed_in(colleague).delete(path).status_code == 403


def test_the_attachments_of_a_mail_are_listed(api, upload, mail, make_mail):
    upload(name="one.pdf")
    upload(name="two.pdf")
    names = [row["original_name"] for row in api.get(f"/api/mails/{mail.pk}/attachments/").json()]
    assert names == ["one.pdf", "two.pdf"]
    assert api.get(f"/api/mails/{make_mail('EMPTY').pk}/attachments/").json() == []
    assert api.get("/api/mails/999/attachments/").status_code == 404
