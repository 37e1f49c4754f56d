import pytest
from django.test import Client
from rest_framework.test import APIClient
from rest_framework_simplejwt import state
from rest_framework_simplejwt.exceptions import TokenBackendExpiredToken

from accounts.tokens import RotatingTokenBackend, token_backend
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db

OLD = "the-key-of-before-0123456789-abcdefghijklmnopqrstuvwxyz"
NEW = "the-key-of-now-0123456789-abcdefghijklmnopqrstuvwxyz-00"


@pytest.fixture
def use_keys(settings, monkeypatch):
    def use(key, *fallbacks):
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = key, list(fallbacks)
        monkeypatch.setattr(state, "token_backend", token_backend())

    return use


@pytest.fixture
def before(use_keys, user):
    """What Maria has from before the rotation: tokens, and a browser signed in."""
    use_keys(OLD)
    credentials = {"username": "maria", "password": PASSWORD}
    tokens = APIClient().post("/api/auth/token/", credentials).json()
    browser = Client()
    assert browser.login(**credentials)
    return tokens | {"browser": browser}


def access(token):
    return APIClient().get("/api/mails/", HTTP_AUTHORIZATION=f"Bearer {token}").status_code


def test_whoever_is_signed_in_stays_so_when_the_key_is_rotated(use_keys, before):
    use_keys(NEW, "a-third-key-nothing-was-signed-with", OLD)
    assert access(before["access"]) == 200
    assert before["browser"].get("/api/mails/").status_code == 200
    renewed = APIClient().post("/api/auth/token/refresh/", {"refresh": before["refresh"]})
    assert renewed.status_code == 200


def test_new_tokens_are_signed_with_the_new_key(use_keys, before):
    use_keys(NEW, OLD)
    renewed = APIClient().post("/api/auth/token/refresh/", {"refresh": before["refresh"]}).json()
    use_keys(NEW)
    assert access(renewed["access"]) == 200


def test_a_key_that_is_neither_current_nor_a_fallback_opens_nothing(use_keys, before):
    use_keys(NEW)
    assert access(before["access"]) == 401
    assert before["browser"].get("/api/mails/").status_code == 401
    renewed = APIClient().post("/api/auth/token/refresh/", {"refresh": before["refresh"]})
    assert renewed.status_code == 401


def test_a_fallback_does_not_make_an_expired_token_good(use_keys):
    expired = RotatingTokenBackend(OLD, []).encode({"exp": 1})
    use_keys(NEW, OLD)
    with pytest.raises(TokenBackendExpiredToken):
        token_backend().decode(expired)
