import pytest
from rest_framework.test import APIClient

from scans.models import Scan
from tests.conftest import PASSWORD

ALLOWED = "https://target.test/"


def test_a_stranger_gets_nothing(db):
    stranger = APIClient()
    for path in ("/api/scans/", "/api/overview/", "/api/media-access/"):
        assert stranger.get(path).status_code == 401
    assert stranger.post("/api/scans/", {"url": ALLOWED}).status_code == 401
    assert stranger.get("/api/session/").json() == {"user": None, "staff": False}


def test_signing_in_needs_the_pages_own_form(user):
    browser = APIClient(enforce_csrf_checks=True)
    credentials = {"username": "maria", "password": PASSWORD}
    assert browser.post("/api/session/", credentials).status_code == 403
    browser.get("/api/session/")
    token = {"HTTP_X_CSRFTOKEN": browser.cookies["csrftoken"].value}
    assert browser.post("/api/session/", credentials, **token).json()["user"] == "maria"
    wrong = {"username": "maria", "password": "wrong"}
    answer = APIClient().post("/api/session/", wrong)
    assert (answer.status_code, "wrong" in answer.json()["detail"]) == (401, True)


def test_a_request_is_kept_and_sent(api, user, sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = api.post("/api/scans/", {"url": ALLOWED})
    assert answer.status_code == 201
    scan = Scan.objects.get()
    assert (scan.url, scan.requested_by, sent) == (ALLOWED, user, [str(scan.pk)])
    assert scan.sent_at is not None
    assert api.get("/api/scans/").json()["results"][0]["result"] is None


def test_without_redis_it_is_kept_all_the_same(api, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        assert api.post("/api/scans/", {"url": ALLOWED}).status_code == 201
    assert Scan.objects.get().sent_at is None


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://other.test/", "may not be scanned"),
        ("https://target.test:8443/", "may not be scanned"),
        ("http://intranet/", "may not be scanned"),
        ("https://maria:secret@target.test/", "Leave user name and password out"),
        ("ftp://target.test/", "begins with https://"),
        ("target.test", "begins with https://"),
    ],
)
def test_what_is_not_allowed_is_refused_in_words(api, url, reason):
    answer = api.post("/api/scans/", {"url": url})
    assert answer.status_code == 400
    assert reason in answer.json()["url"][0]


def test_a_port_that_is_named_is_allowed(api, sent):
    assert api.post("/api/scans/", {"url": "http://intranet:8080/"}).status_code == 201
