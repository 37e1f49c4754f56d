from sqlalchemy import text

from devportal.quota_reset import reset_quotas
from devportal.stores import open_database
from tests.test_start import start


def set_quota(settings, quota: int) -> None:
    with open_database(settings).begin() as connection:
        connection.execute(text("UPDATE api_keys SET quota_per_day = :quota"), {"quota": quota})


def limit(client, key) -> str:
    return client.get("/api/v1/notes", headers={"X-API-Key": key["key"]}).headers["RateLimit-Limit"]


def test_a_key_with_another_quota_has_the_standard_one_again_at_its_next_request(client, settings, key):
    set_quota(settings, 50)
    assert limit(client, key) == "50"
    assert reset_quotas(settings) == 1
    assert limit(client, key) == "5"


def test_doing_it_again_changes_nothing(client, settings, key):
    set_quota(settings, 50)
    reset_quotas(settings)
    assert reset_quotas(settings) == 0


def test_a_revoked_key_and_one_of_a_blocked_account_stay_refused(client, settings, bearer, key):
    other = client.post("/api/keys", json={"name": "Laptop"}, headers=bearer).json()
    set_quota(settings, 50)
    assert client.delete(f"/api/keys/{other['id']}", headers=bearer).status_code == 204
    with open_database(settings).begin() as connection:
        connection.execute(text("UPDATE accounts SET blocked_at = now()"))
    assert reset_quotas(settings) == 1
    for refused in (key, other):
        assert client.get("/api/v1/notes", headers={"X-API-Key": refused["key"]}).status_code == 401


def test_the_command_says_how_many(client, settings, environment, key):
    set_quota(settings, 50)
    done = start("reset-quotas", environment)
    assert (done.returncode, done.stdout) == (0, "1 key has the quota of 5 a day again.\n")
