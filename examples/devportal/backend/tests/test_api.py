from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from fastapi.testclient import TestClient

from devportal.app import create_app
from tests.conftest import KEY, PASSWORD


def test_health_asks_the_database_and_redis(client):
    answer = client.get("/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "database": "ok", "redis": "ok"})


@pytest.mark.parametrize(("name", "store"), [("database_url", "database"), ("redis_url", "redis")])
def test_health_says_which_store_is_away(settings, name, store):
    url = getattr(settings, name).replace("@postgres", "@nowhere").replace("//redis", "//nowhere")
    away = settings.model_copy(update={name: url})
    away.__dict__.pop("database", None)
    with TestClient(create_app(away)) as client:
        answer = client.get("/health")
    assert answer.status_code == 503
    told = answer.json()
    assert told.pop(store) == ("OperationalError" if store == "database" else "ConnectionError")
    assert "ok" in told.values()


def test_who_needs_a_store_that_is_away_is_told_to_come_back(settings, client, bearer, key):
    away = settings.model_copy(update={"redis_url": "redis://nowhere:6379/0"})
    with TestClient(create_app(away)) as client:
        for path, headers in (("/api/v1/notes", {"X-API-Key": key["key"]}), ("/api/keys", bearer)):
            answer = client.get(path, headers=headers)
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


def test_one_signs_up_once_whatever_the_case(client, token):
    again = client.post("/api/accounts", json={"email": "ADA@example.org", "password": PASSWORD})
    assert again.status_code == 409
    short = client.post("/api/accounts", json={"email": "bob@example.org", "password": "short"})
    assert short.status_code == 422


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(client, token):
    answers = [
        client.post("/api/token", data={"username": name, "password": "wrong"})
        for name in ("ada@example.org", "nobody@example.org")
    ]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].json() == answers[1].json()


def test_a_token_ends_and_is_of_our_key_and_algorithm_only(client, settings, token):
    claims = jwt.decode(token, options={"verify_signature": False})
    minutes = (datetime.fromtimestamp(claims["exp"], UTC) - datetime.now(UTC)) / timedelta(minutes=1)
    assert 29 < minutes <= settings.jwt_expire_minutes
    forged = [
        jwt.encode(claims, "another-key-another-key-another-key", "HS256"),
        jwt.encode(claims | {"exp": 1}, settings.jwt_secret_key, "HS256"),
        jwt.encode(claims, None, "none"),
    ]
    for text in forged:
        assert client.get("/api/keys", headers={"Authorization": f"Bearer {text}"}).status_code == 401


def test_after_the_keys_were_changed_tokens_and_api_keys_are_still_good(settings, client, bearer, key):
    changed = {
        "secret_key": "new-" + KEY,
        "secret_key_fallbacks": [settings.secret_key],
        "jwt_secret_key": "new-" + KEY,
        "jwt_secret_key_fallbacks": [settings.jwt_secret_key],
    }
    with TestClient(create_app(settings.model_copy(update=changed))) as later:
        assert later.get("/api/keys", headers=bearer).status_code == 200
        assert later.get("/api/v1/notes", headers={"X-API-Key": key["key"]}).status_code == 200
    # Used once, the key needs the one before no longer.
    with TestClient(create_app(settings.model_copy(update=changed | {"secret_key_fallbacks": []}))) as much_later:
        assert much_later.get("/api/v1/notes", headers={"X-API-Key": key["key"]}).status_code == 200


def test_a_key_is_shown_once(client, bearer, key):
    assert key["key"].startswith("dp_")
    [listed] = client.get("/api/keys", headers=bearer).json()
    assert listed["start"] == key["key"][:10]
    assert key["key"] not in str(listed)


def test_notes_belong_to_the_account(client, bearer, key):
    headers = {"X-API-Key": key["key"]}
    assert client.post("/api/v1/notes", json={"text": "Hello"}, headers=headers).status_code == 201
    assert [note["text"] for note in client.get("/api/v1/notes", headers=headers).json()] == ["Hello"]
    assert client.get("/api/v1/notes", headers={"X-API-Key": "dp_wrong"}).status_code == 401
    assert client.get("/api/v1/notes", headers=bearer).status_code == 401


def test_a_quota_is_counted_and_ends(client, bearer, key):
    headers = {"X-API-Key": key["key"]}
    answers = [client.get("/api/v1/notes", headers=headers) for _ in range(7)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 2
    assert [answer.headers["ratelimit-remaining"] for answer in answers] == ["4", "3", "2", "1", "0", "0", "0"]
    assert 0 < int(answers[-1].headers["retry-after"]) <= 86_400
    [listed] = client.get("/api/keys", headers=bearer).json()
    assert (listed["used_today"], listed["quota_per_day"]) == (5, 5)


def test_many_at_once_get_no_more_than_the_quota(client, key):
    def ask(_: int) -> int:
        return client.get("/api/v1/notes", headers={"X-API-Key": key["key"]}).status_code

    with ThreadPoolExecutor(10) as people:
        statuses = list(people.map(ask, range(30)))
    assert (statuses.count(200), statuses.count(429)) == (5, 25)


def test_a_revoked_key_is_refused_and_strangers_cannot_revoke(client, bearer, key):
    client.post("/api/accounts", json={"email": "eve@example.org", "password": PASSWORD})
    form = {"username": "eve@example.org", "password": PASSWORD}
    eve = {"Authorization": f"Bearer {client.post('/api/token', data=form).json()['access_token']}"}
    path = f"/api/keys/{key['id']}"
    assert client.delete(path, headers=eve).status_code == 404
    assert client.get("/api/v1/notes", headers={"X-API-Key": key["key"]}).status_code == 200
    assert client.delete(path, headers=bearer).status_code == 204
    assert client.get("/api/v1/notes", headers={"X-API-Key": key["key"]}).status_code == 401


def test_only_known_names_and_origins_are_served(client):
    assert client.get("/health", headers={"Host": "evil.example.org"}).status_code == 400
    allowed = client.get("/health", headers={"Origin": "http://localhost:3000"})
    assert allowed.headers["access-control-allow-origin"] == "http://localhost:3000"
    other = client.get("/health", headers={"Origin": "http://localhost:4000"})
    assert "access-control-allow-origin" not in other.headers
