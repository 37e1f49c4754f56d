import pytest

from devportal.settings import read_settings

SECRET = "not-a-secret-anyone-should-ever-see"


def problems(variables: dict[str, str]) -> str:
    with pytest.raises(SystemExit) as end:
        read_settings(variables)
    return str(end.value)


def test_everything_that_is_missing_is_named_at_once():
    told = problems({})
    for name in ("SECRET_KEY", "JWT_SECRET_KEY", "DATABASE_URL", "REDIS_URL"):
        assert f"  - {name}: missing. Set" in told


def test_everything_that_is_wrong_is_named_without_its_value(environment):
    wrong = {
        "JWT_ALGORITHM": "none",
        "JWT_EXPIRE_MINUTES": "soon",
        "SECRET_KEY": "short",
        "DATABASE_URL": f"mysql://root:{SECRET}@db/portal",
        "REDIS_URL": f"http://{SECRET}",
        "ALLOWED_ORIGINS": "localhost",
    }
    told = problems(environment | wrong)
    for name in wrong:
        assert f"  - {name}: " in told
    assert SECRET not in told


def test_a_secret_is_read_from_its_file(environment, tmp_path):
    path = tmp_path / "secret-key"
    path.write_text("a" * 40 + "\n")
    given = {name: value for name, value in environment.items() if name != "SECRET_KEY"}
    assert read_settings(given | {"SECRET_KEY_FILE": str(path)}).secret_key == "a" * 40


def test_a_secret_is_not_given_twice_and_its_file_must_be_there(environment):
    told = problems(environment | {"SECRET_KEY_FILE": "/nowhere"})
    assert "SECRET_KEY: given twice" in told
    assert "SECRET_KEY_FILE: /nowhere cannot be read (No such file or directory)" in told


def test_the_passwords_of_the_stores_come_from_files(environment, tmp_path):
    path = tmp_path / "password"
    path.write_text("it's @ password")
    url = "postgresql://app@postgres:5432/portal"
    settings = read_settings(environment | {"DATABASE_URL": url, "DATABASE_PASSWORD_FILE": str(path)})
    assert settings.database.password == "it's @ password"
