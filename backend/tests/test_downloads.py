import pytest
from django.test import Client

from mails.models import Attachment
from mails.uploads import clean_name
from tests.conftest import PASSWORD, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def file_path(upload):
    return upload(name='Größe & "Preis".pdf').json()["file_url"]


def test_nginx_is_told_which_file_to_send(api, file_path):
    answer = api.get(file_path)
    attachment = Attachment.objects.get()
    assert answer.status_code == 200
    assert answer.content == b""
    assert answer.headers["X-Accel-Redirect"] == f"/_protected_pdfs/{attachment.stored_name}"
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"].startswith("private")


@pytest.mark.parametrize("seconds", [0, 5])
def test_nginx_is_told_how_long_that_holds(api, file_path, settings, seconds):
    settings.FILE_AUTHORIZATION_SECONDS = seconds
    answer = api.get(file_path)
    assert answer.headers["X-Accel-Expires"] == str(seconds)
    assert "Set-Cookie" not in answer.headers


def test_nginx_keeps_nothing_unless_that_is_switched_on(api, file_path):
    assert api.get(file_path).headers["X-Accel-Expires"] == "0"


def test_an_answer_to_a_session_sets_no_cookie_so_that_it_can_be_kept(browser, file_path, settings):
    settings.FILE_AUTHORIZATION_SECONDS = 5
    answer = browser.get(file_path)
    assert answer.headers["X-Accel-Expires"] == "5"
    assert "Set-Cookie" not in answer.headers


def test_the_original_name_is_encoded(api, file_path):
    assert api.get(file_path).headers["Content-Disposition"] == (
        "inline; filename*=utf-8''Gr%C3%B6%C3%9Fe%20%26%20%22Preis%22.pdf"
    )


def test_any_colleague_may_open_it(file_path, colleague):
    assert signed_in(colleague).get(file_path).status_code == 200


def test_a_session_of_the_admin_may_open_it(file_path, user):
    client = Client()
    assert client.login(username="maria", password=PASSWORD)
    assert client.get(file_path).status_code == 200


def test_nobody_else_may_open_it(client, file_path):
    answer = client.get(file_path)
    assert answer.status_code == 401
    assert not {"X-Accel-Redirect", "X-Accel-Expires"} & set(answer.headers)


def test_a_forged_token_is_refused(client, file_path):
    answer = client.get(file_path, HTTP_AUTHORIZATION="Bearer e30.e30.e30")
    assert answer.status_code == 401
    assert not {"X-Accel-Redirect", "X-Accel-Expires"} & set(answer.headers)


@pytest.mark.parametrize("change", ["deactivated", "another password"])
def test_a_person_no_longer_allowed_is_refused(api, file_path, user, change):
    if change == "deactivated":
        user.is_active = False
    else:
        user.set_password("a wholly different phrase")
    user.save()
    answer = api.get(file_path)
    assert answer.status_code == 401
    assert "X-Accel-Expires" not in answer.headers


def test_a_missing_file_or_attachment_is_not_found(api, file_path, pdf_directory):
    absent = api.get("/api/attachments/999/file/")
    assert absent.status_code == 404
    assert "X-Accel-Expires" not in absent.headers
    for file in pdf_directory.iterdir():
        file.unlink()
    answer = api.get(file_path)
    assert answer.status_code == 404
    assert "X-Accel-Expires" not in answer.headers
    assert "missing from the storage" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("plain.pdf", "plain.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("\n", "document.pdf"),
        ("x" * 300 + ".pdf", "x" * 251 + ".pdf"),
    ],
)
def test_a_name_is_made_fit_for_headers_and_screens(given, kept):
    assert clean_name(given) == kept
