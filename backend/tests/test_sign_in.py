import pytest
from django.db import OperationalError
from django.test import Client

from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def sign_in(browser, path="/sign-in/", password=PASSWORD, **values):
    return browser.post(path, {"username": "maria", "password": password} | values)


@pytest.mark.parametrize(
    "path", ["/", "/mails/new/", "/mails/1/", "/mails/1/pdfs/1/", "/password/"]
)
def test_every_page_asks_to_sign_in_first(path):
    answer = Client().get(path)
    assert (answer.status_code, answer.url) == (302, f"/sign-in/?next={path}")


def test_whoever_signs_in_comes_to_where_they_wanted(user):
    assert sign_in(Client(), next="/?status=open").url == "/?status=open"
    assert sign_in(Client()).url == "/"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_signing_in_leads_to_no_other_site(user, elsewhere):
    assert sign_in(Client(), next=elsewhere).url == "/"


def test_a_wrong_password_is_told_without_saying_what_is_wrong(user):
    page = sign_in(Client(), password="wrong").content.decode()
    assert "correct username and password" in page
    assert 'role="alert"' in page


def test_signing_out_is_asked_for_by_a_form_and_ends_the_session(user):
    browser = Client()
    sign_in(browser)
    assert browser.get("/sign-out/").status_code == 405
    assert browser.get("/").status_code == 200
    page = browser.post("/sign-out/", follow=True)
    assert "You are signed out." in page.content.decode()
    assert browser.get("/").status_code == 302


def test_the_administration_has_the_same_sign_in(user):
    asked = Client().get("/admin/", follow=True)
    assert "accounts/sign_in.html" in [template.name for template in asked.templates]
    browser = Client()
    sign_in(browser)
    page = browser.get("/admin/", follow=True)
    assert "who may not open that page" in page.content.decode()


def test_a_form_without_its_token_is_refused_with_what_helps(user):
    answer = sign_in(Client(enforce_csrf_checks=True))
    assert answer.status_code == 403
    assert "out of date" in answer.content.decode()


@pytest.mark.parametrize("path", ["/nothing/", "/mails/999/", "/mails/999/edit/"])
def test_what_is_not_there_is_answered_in_our_own_style(user, path):
    browser = Client()
    sign_in(browser)
    answer = browser.get(path)
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()


def test_an_error_of_ours_has_a_page_of_its_own(user, monkeypatch):
    def fail(*args):
        raise RuntimeError("a bug")

    browser = Client(raise_request_exception=False)
    sign_in(browser)
    monkeypatch.setattr("mails.pages.quick_views", fail)
    answer = browser.get("/")
    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.content.decode()
    assert "a bug" not in answer.content.decode()


@pytest.mark.parametrize(
    ("path", "says"),
    [("/", "its database does not answer"), ("/api/schema/", "database cannot be")],
)
def test_without_its_database_the_site_says_so(user, monkeypatch, path, says):
    def refuse(self):
        raise OperationalError("server closed the connection")

    browser = Client(raise_request_exception=False)
    sign_in(browser)
    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", refuse)
    answer = browser.get(path)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert says in answer.content.decode().lower()


def test_a_browser_without_a_page_finds_the_icon():
    answer = Client().get("/favicon.ico")
    assert (answer.status_code, answer.url) == (302, "/static/mails/icon.svg")
