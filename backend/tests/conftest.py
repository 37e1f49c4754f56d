from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pypdf import PdfWriter
from rest_framework.test import APIClient

from mails.models import Mail

PASSWORD = "correct horse battery staple"


@pytest.fixture(autouse=True)
def pdf_directory(settings, tmp_path):
    directory = tmp_path / "pdfs"
    directory.mkdir()
    settings.PDF_STORAGE_PATH = directory
    return directory


@pytest.fixture
def user(django_user_model, db):
    return django_user_model.objects.create_user("maria", password=PASSWORD)


@pytest.fixture
def colleague(django_user_model, db):
    return django_user_model.objects.create_user("jonas", password=PASSWORD)


@pytest.fixture
def client():
    """Someone not signed in."""
    return APIClient()


@pytest.fixture
def api(user):
    """Maria, signed in with a token as a browser's front end would be."""
    return signed_in(user)


@pytest.fixture
def browser(user):
    """Maria's browser, signed in."""
    client = Client()
    assert client.login(username="maria", password=PASSWORD)
    return client


def signed_in(user):
    client = APIClient()
    answer = client.post(
        "/api/auth/token/", {"username": user.get_username(), "password": PASSWORD}
    )
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {answer.json()['access']}")
    return client


@pytest.fixture
def make_mail(user):
    def make(reference="IN-2026-001", **values):
        defaults = {
            "direction": "in",
            "subject": "Invoice for paper",
            "sender": "Paper Mill",
            "recipient": "Office",
            "mail_date": date(2026, 3, 2),
            "created_by": user,
        }
        return Mail.objects.create(reference=reference, **{**defaults, **values})

    return make


@pytest.fixture
def mail(make_mail):
    return make_mail()


def pdf_bytes(password=None, pages=1, padding=0):
    writer = PdfWriter()
    writer.add_metadata({"/Padding": "x" * padding})
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    if password is not None:
        writer.encrypt(password, algorithm="RC4-128")
    buffer = BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


@pytest.fixture
def upload(api, mail):
    def send(content=None, name="letter.pdf", client=api, mail_id=mail.pk):
        content = pdf_bytes() if content is None else content
        file = SimpleUploadedFile(name, content, content_type="application/pdf")
        return client.post(f"/api/mails/{mail_id}/attachments/", {"file": file}, format="multipart")

    return send
