import pytest

from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def token(client, password=PASSWORD):
    return client.post("/api/auth/token/", {"username": "maria", "password": password})


def test_a_token_opens_the_api(client, user):
    access = token(client).json()["access"]
    answer = client.get("/api/mails/", HTTP_AUTHORIZATION=f"Bearer {access}")
    assert answer.status_code == 200


def test_a_wrong_password_gets_no_token(client, user):
    answer = token(client, "wrong")
    assert answer.status_code == 401
    assert "access" not in answer.json()


def test_a_refresh_token_gives_a_new_access_token(client, user):
    refresh = token(client).json()["refresh"]
    answer = client.post("/api/auth/token/refresh/", {"refresh": refresh})
    assert answer.status_code == 200
    assert answer.json()["access"]


def test_tokens_live_as_long_as_configured(settings):
    assert settings.SIMPLE_JWT["ACCESS_TOKEN_LIFETIME"].total_seconds() == 1440 * 60
    assert settings.SIMPLE_JWT["REFRESH_TOKEN_LIFETIME"].days == 7


def test_a_changed_password_ends_older_tokens(api, client, user):
    refresh = token(client).json()["refresh"]
    user.set_password("another horse battery staple")
    user.save()
    assert api.get("/api/mails/").status_code == 401
    renewed = client.post("/api/auth/token/refresh/", {"refresh": refresh}).json()["access"]
    answer = client.get("/api/mails/", HTTP_AUTHORIZATION=f"Bearer {renewed}")
    assert answer.status_code == 401


def test_a_deactivated_user_is_locked_out_at_once(api, user):
    user.is_active = False
    user.save()
    assert api.get("/api/mails/").status_code == 401


@pytest.mark.parametrize(
    "path", ["/api/mails/", "/api/mails/1/", "/api/mails/1/attachments/", "/api/attachments/1/"]
)
def test_nothing_is_shown_to_those_not_signed_in(client, path):
    answer = client.get(path)
    assert answer.status_code == 401
    assert answer.json()["detail"]
