import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from mails.models import Attachment
from tests.conftest import PASSWORD, pdf_bytes

pytestmark = pytest.mark.django_db


def pdf(name, content=None):
    return SimpleUploadedFile(name, pdf_bytes() if content is None else content)


def add(browser, mail, *files):
    answer = browser.post(f"/mails/{mail.pk}/pdfs/", {"file": files}, follow=True)
    return answer.content.decode()


def test_several_are_attached_at_once(browser, mail):
    page = add(browser, mail, pdf("one.pdf"), pdf("two.pdf"))
    assert "one.pdf is attached." in page
    assert [one.original_name for one in mail.attachments.all()] == ["one.pdf", "two.pdf"]


def test_one_that_is_refused_is_named_and_keeps_no_other_out(browser, mail):
    large = pdf("large.pdf", pdf_bytes() + b"\0" * 1024 * 1024)
    page = add(browser, mail, pdf("letter.doc", b"Dear Sir or Madam"), large, pdf("good.pdf"))
    assert "letter.doc was not attached. This is not a PDF file." in page
    assert "large.pdf was not attached. The file is larger than the limit of 1 MB." in page
    assert Attachment.objects.get().original_name == "good.pdf"


def test_an_empty_file_is_refused_in_words(browser, mail):
    assert "empty.pdf was not attached. This is not a PDF file." in add(
        browser, mail, pdf("empty.pdf", b"")
    )


def test_choosing_none_is_answered_kindly(browser, mail):
    assert "No file was chosen" in add(browser, mail)


@pytest.fixture
def attachment(upload):
    return Attachment.objects.get(pk=upload(name="offer.pdf").json()["id"])


def test_one_is_opened_in_a_frame_at_a_page(browser, mail, attachment):
    page = browser.get(f"/mails/{mail.pk}/pdfs/{attachment.pk}/", {"page": 12}).content.decode()
    file = f"/api/attachments/{attachment.pk}/file/"
    assert f'src="{file}#page=12"' in page
    assert f'href="{file}" download="offer.pdf"' in page
    answer = browser.get(file)
    assert answer.headers["X-Accel-Redirect"].endswith(attachment.stored_name)
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize("page", ["0", "-1", "x", "1e9", "9" * 30, ""])
def test_a_page_number_that_is_none_opens_the_first(browser, mail, attachment, page):
    answer = browser.get(f"/mails/{mail.pk}/pdfs/{attachment.pk}/", {"page": page})
    assert '#page=1"' in answer.content.decode()


def test_a_pdf_of_another_mail_is_not_found_here(browser, attachment, make_mail):
    other = make_mail("OTHER")
    assert browser.get(f"/mails/{other.pk}/pdfs/{attachment.pk}/").status_code == 404


def test_one_is_removed_after_asking(browser, mail, attachment):
    path = f"/mails/{mail.pk}/pdfs/{attachment.pk}/remove/"
    assert "Remove this PDF?" in browser.get(path).content.decode()
    assert Attachment.objects.exists()
    page = browser.post(path, follow=True).content.decode()
    assert "offer.pdf is removed." in page
    assert not Attachment.objects.exists()
    assert mail.changes.first().old == "offer.pdf"


def test_only_its_uploader_and_staff_may_remove_one(mail, attachment, colleague):
    path = f"/mails/{mail.pk}/pdfs/{attachment.pk}/remove/"
    other = Client()
    other.login(username="jonas", password=PASSWORD)
    answer = other.post(path)
    assert answer.status_code == 403
    assert "Only whoever attached a PDF, or staff" in answer.content.decode()
    assert path not in other.get(f"/mails/{mail.pk}/").content.decode()
    colleague.is_staff = True
    colleague.save()
    assert other.post(path).status_code == 302
