import pytest
from django.core.management import call_command
from django.test import Client
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import RefreshToken

from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db

FIRST = "an administrator's long secret"
OWN = "a pass phrase of her own"


@pytest.fixture
def chief(tmp_path, django_user_model):
    path = tmp_path / "password"
    path.write_text(FIRST)
    call_command("ensure_admin", "--username", "chief", "--password-file", str(path))
    return django_user_model.objects.get(username="chief")


@pytest.fixture
def page(chief):
    """The chief's browser, signed in with the first password."""
    browser = Client()
    answer = browser.post("/sign-in/", {"username": "chief", "password": FIRST})
    assert answer.status_code == 302
    return browser


def choose(client, password=FIRST, new=OWN, username="chief"):
    body = {"username": username, "password": password, "new_password": new}
    return client.post("/api/auth/password/", body)


def token(client, password):
    return client.post("/api/auth/token/", {"username": "chief", "password": password})


def on_page(browser, old=FIRST, new=OWN, **values):
    form = {"old_password": old, "new_password1": new, "new_password2": new} | values
    return browser.post("/password/", form)


@pytest.mark.parametrize("path", ["/", "/mails/new/", "/admin/", "/admin/password_change/"])
def test_a_first_password_leads_to_choosing_ones_own_and_nowhere_else(page, path):
    answer = page.get(path)
    assert answer.status_code == 302
    assert answer.url.startswith("/password/?next=")
    assert "Choose your password" in page.get(answer.url).content.decode()


def test_a_session_with_a_first_password_does_not_open_the_api(page):
    answer = page.get("/api/mails/")
    assert answer.status_code == 403
    assert "POST /api/auth/password/" in answer.json()["detail"]


def test_whoever_has_chosen_is_signed_in_still_and_goes_where_they_wanted(page):
    answer = on_page(page, next="/mails/new/")
    assert (answer.status_code, answer.url) == (302, "/mails/new/")
    assert page.get("/mails/new/").status_code == 200


def test_one_may_leave_without_choosing(page):
    assert page.post("/sign-out/").status_code == 302
    assert page.get("/").url == "/sign-in/?next=/"


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"old": "wrong"}, "entered incorrectly"),
        ({"new": "short"}, "too short"),
        ({"new": FIRST}, "has already"),
        ({"new_password2": "something else"}, "match"),
    ],
)
def test_the_page_says_what_is_wrong_with_a_new_password(page, chief, values, says):
    assert says in on_page(page, **values).content.decode()
    chief.refresh_from_db()
    assert chief.check_password(FIRST)


def test_the_api_gives_no_token_for_a_first_password_but_says_what_to_do(client, chief):
    answer = token(client, FIRST)
    assert answer.status_code == 403
    assert "POST /api/auth/password/" in answer.json()["detail"]
    assert token(client, "wrong").status_code == 401


def test_a_token_from_before_does_not_open_the_api_either(chief):
    client = APIClient()
    access = RefreshToken.for_user(chief).access_token
    answer = client.get("/api/mails/", HTTP_AUTHORIZATION=f"Bearer {access}")
    assert answer.status_code == 403
    assert "first password" in answer.json()["detail"]


def test_ones_own_password_is_chosen_over_the_api(client, chief):
    answer = choose(client)
    assert (answer.status_code, answer.content) == (204, b"")
    assert token(client, FIRST).status_code == 401
    assert token(client, OWN).status_code == 200


@pytest.mark.parametrize(
    ("values", "status", "says"),
    [
        ({"password": "wrong"}, 401, "is wrong"),
        ({"username": "nobody"}, 401, "is wrong"),
        ({"new": "short"}, 400, "too short"),
        ({"new": "1234567890123456"}, 400, "numeric"),
        ({"new": FIRST}, 400, "has already"),
        ({"new": ""}, 400, "blank"),
    ],
)
def test_the_api_says_what_is_wrong_with_a_new_password(client, chief, values, status, says):
    answer = choose(client, **values)
    assert answer.status_code == status
    assert says in answer.content.decode()
    chief.refresh_from_db()
    assert chief.check_password(FIRST)


def test_anybody_changes_their_own_password_later(client, user):
    assert choose(client, PASSWORD, OWN, "maria").status_code == 204
    browser = Client()
    assert browser.login(username="maria", password=OWN)
    assert "Change your password" in browser.get("/password/").content.decode()
    assert on_page(browser, OWN, PASSWORD).url == "/"
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
