import re

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from devportal.administrator import ensure_administrator
from devportal.app import create_app
from devportal.stores import open_database
from tests.conftest import PASSWORD

EMAIL = "admin@example.org"
FIRST = "the first password"
OWN = "a password of my own"


@pytest.fixture
def settings(settings):
    administered = settings.model_copy(update={"admin_email": EMAIL, "admin_password": FIRST})
    ensure_administrator(administered)
    return administered


@pytest.fixture
def admin(settings):
    """The administrator's browser, with a password of their own."""
    with TestClient(create_app(settings), follow_redirects=False) as browser:
        browser.post("/sign-in", data={"email": EMAIL, "password": FIRST})
        browser.post("/password", data={"password": FIRST, "new_password": OWN})
        yield browser


def account_page(admin: TestClient, email: str = "ada@example.org") -> str:
    [path] = re.findall(r'href="(/admin/accounts/[^"]+)"', admin.get("/admin", params={"search": email}).text)
    return path


def test_the_first_password_is_only_good_for_choosing_another_one(client):
    assert client.post("/sign-in", data={"email": EMAIL, "password": FIRST}).headers["location"] == "/password"
    for path in ("/keys", "/admin"):
        assert client.get(path).headers["location"] == "/password"
    refused = client.post("/api/token", data={"username": EMAIL, "password": FIRST})
    assert (refused.status_code, "first password" in refused.json()["detail"]) == (403, True)
    for wrong, reason in (
        ({"password": "wrong", "new_password": OWN}, "not your password"),
        ({"password": FIRST, "new_password": FIRST}, "another password"),
        ({"password": FIRST, "new_password": "short"}, "12 to 200"),
    ):
        answer = client.post("/password", data=wrong)
        assert (answer.status_code, reason in answer.text) == (422, True)
    assert client.post("/password", data={"password": FIRST, "new_password": OWN}).headers["location"] == "/keys"
    assert client.get("/admin").status_code == 200
    assert client.post("/api/token", data={"username": EMAIL, "password": OWN}).status_code == 200


def test_a_release_renews_a_first_password_and_never_a_chosen_one(settings, client):
    ensure_administrator(settings.model_copy(update={"admin_password": "another first password"}))
    assert client.post("/sign-in", data={"email": EMAIL, "password": FIRST}).status_code == 422
    renewed = {"email": EMAIL, "password": "another first password"}
    assert client.post("/sign-in", data=renewed).headers["location"] == "/password"
    client.post("/password", data={"password": renewed["password"], "new_password": OWN})
    ensure_administrator(settings)
    assert client.post("/sign-in", data={"email": EMAIL, "password": OWN}).headers["location"] == "/keys"
    with open_database(settings).connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM accounts")) == 1


def test_for_anybody_else_the_pages_are_not_there(client):
    assert client.get("/admin").headers["location"] == "/sign-in"
    client.post("/sign-up", data={"email": "ada@example.org", "password": PASSWORD})
    assert client.get("/admin").status_code == 404
    assert "/admin" not in client.get("/keys").text


def test_accounts_are_found_with_their_keys(admin, key):
    found = admin.get("/admin", params={"search": "ADA@"}).text
    assert "ada@example.org" in found
    assert EMAIL not in re.sub(r"<header>.*</header>", "", found, flags=re.S)
    assert "There is no such account" in admin.get("/admin", params={"search": "%"}).text
    shown = admin.get(account_page(admin)).text
    assert "Build server" in shown
    assert key["key"] not in shown


def test_a_quota_applies_to_the_next_request(admin, client, key):
    headers = {"X-API-Key": key["key"]}
    assert client.get("/api/v1/notes", headers=headers).headers["ratelimit-limit"] == "5"
    assert admin.post(f"/admin/keys/{key['id']}/quota", data={"quota": "2"}).status_code == 303
    answers = [client.get("/api/v1/notes", headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert answers[0].headers["ratelimit-limit"] == "2"
    for wrong in ("0", "-1", "two", "1000000001"):
        assert admin.post(f"/admin/keys/{key['id']}/quota", data={"quota": wrong}).status_code == 422


def test_a_key_is_revoked_at_once_though_it_is_cached(admin, client, key):
    headers = {"X-API-Key": key["key"]}
    assert client.get("/api/v1/notes", headers=headers).status_code == 200
    assert admin.post(f"/admin/keys/{key['id']}/revoke").status_code == 303
    assert client.get("/api/v1/notes", headers=headers).status_code == 401
    # A quota does not bring it back.
    admin.post(f"/admin/keys/{key['id']}/quota", data={"quota": "9"})
    assert client.get("/api/v1/notes", headers=headers).status_code == 401


def test_a_blocked_account_loses_sessions_tokens_and_keys_at_once(admin, client, bearer, key):
    headers = {"X-API-Key": key["key"]}
    client.post("/sign-in", data={"email": "ada@example.org", "password": PASSWORD})
    assert client.get("/api/v1/notes", headers=headers).status_code == 200
    path = account_page(admin)
    assert admin.post(f"{path}/block").status_code == 303
    assert client.get("/api/v1/notes", headers=headers).status_code == 401
    assert client.get("/api/keys", headers=bearer).status_code == 401
    assert client.get("/keys").headers["location"] == "/sign-in"
    assert client.post("/sign-in", data={"email": "ada@example.org", "password": PASSWORD}).status_code == 422
    assert "blocked" in admin.get("/admin").text
    assert admin.post(f"{path}/unblock").status_code == 303
    assert client.get("/api/v1/notes", headers=headers).status_code == 200
    assert client.get("/api/keys", headers=bearer).status_code == 200


def test_administrators_cannot_block_themselves(admin):
    path = account_page(admin, EMAIL)
    assert "/block" not in admin.get(path).text
    assert admin.post(f"{path}/block").status_code == 409


def test_a_form_of_another_site_is_refused(admin, key):
    cross = {"Sec-Fetch-Site": "cross-site"}
    assert admin.post(f"/admin/keys/{key['id']}/revoke", headers=cross).status_code == 403
