"""What Redis keeps beside the quotas: sessions, and what is known of keys."""

from fastapi.testclient import TestClient
from sqlalchemy import event

from devportal.app import create_app
from devportal.stores import open_redis
from tests.conftest import PASSWORD

CREDENTIALS = {"email": "ada@example.org", "password": PASSWORD}


def test_a_session_is_in_redis_without_its_cookie_and_ends_with_the_sign_in(client, settings):
    cookie = client.post("/sign-up", data=CREDENTIALS).cookies["session"]
    redis = open_redis(settings)
    [name] = redis.keys("session:*")
    assert cookie not in name + redis.get(name)
    assert 0 < redis.ttl(name) <= settings.jwt_expire_minutes * 60
    assert client.get("/keys").status_code == 200
    redis.delete(name)
    assert client.get("/keys").headers["location"] == "/sign-in"


def test_signing_out_ends_the_session_for_who_copied_the_cookie_too(client):
    cookie = client.post("/sign-up", data=CREDENTIALS).cookies["session"]
    assert client.post("/sign-out").status_code == 303
    client.cookies.set("session", cookie)
    assert client.get("/keys").headers["location"] == "/sign-in"


def test_another_password_ends_the_other_sessions(client, settings):
    client.post("/sign-up", data=CREDENTIALS)
    with TestClient(create_app(settings), follow_redirects=False) as elsewhere:
        elsewhere.post("/sign-in", data=CREDENTIALS)
        assert elsewhere.get("/keys").status_code == 200
        changed = {"password": PASSWORD, "new_password": "another password"}
        assert client.post("/password", data=changed).headers["location"] == "/keys"
        assert client.get("/keys").status_code == 200
        assert elsewhere.get("/keys").headers["location"] == "/sign-in"


def test_a_key_is_looked_up_in_the_database_once(client, key):
    queries = []
    event.listen(
        client.app.state.database,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, *_: queries.append(statement),
    )
    for _ in range(3):
        assert client.get("/api/v1/notes", headers={"X-API-Key": key["key"]}).status_code == 200
    assert len([query for query in queries if "FROM api_keys" in query]) == 1
    assert len([query for query in queries if "FROM notes" in query]) == 3
