import pytest

from config.database import read_database
from config.environment import Environment, is_placeholder
from tests.processes import manage, production

URL = "postgres://mailtracker_user@postgres:5432/mailtracker"


@pytest.fixture
def secret_file(tmp_path):
    path = tmp_path / "secret"
    path.write_text("p@ss/w:rd#1?\n")
    return str(path)


def database(debug=False, **variables):
    env = Environment(variables)
    return read_database(env, debug), env.problems


def test_all_problems_are_named_at_once_without_a_traceback(tmp_path):
    env = production(tmp_path) | {
        "SECRET_KEY": "change_me_to_random_50_char_string",
        "DATABASE_URL": "mysql://somewhere",
        "ALLOWED_HOSTS": "",
        "CORS_ALLOWED_ORIGINS": "localhost:3000",
        "CSRF_TRUSTED_ORIGINS": "https://a.example/path",
        "MAX_PDF_SIZE_MB": "ten",
        "ACCESS_TOKEN_LIFETIME_MINUTES": "0",
        "REFRESH_TOKEN_LIFETIME_DAYS": "-1",
        "MIGRATION_LOCK_TIMEOUT_SECONDS": "soon",
        "PDF_STORAGE_PATH": "pdfs",
        "STATIC_ROOT": "static",
        "DEBUG": "maybe",
        "HTTPS": "maybe",
        "LIVE_RELOAD": "maybe",
    }
    result = manage(["check"], env)
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    for name in env.keys() - {"PATH", "PYTHONDONTWRITEBYTECODE"}:
        assert f"- {name}: " in result.stderr


def test_secrets_are_not_printed_in_complaints(tmp_path):
    env = production(tmp_path) | {"DATABASE_URL": "oracle://u:hunter2hunter2@h/db"}
    result = manage(["check"], env)
    assert result.returncode == 1
    assert "hunter2" not in result.stderr + result.stdout


def test_a_deployment_with_https_passes_djangos_own_checks(tmp_path):
    result = manage(["check", "--deploy", "--fail-level", "WARNING"], production(tmp_path))
    assert result.returncode == 0, result.stderr


def test_without_https_the_same_checks_complain(tmp_path):
    env = production(tmp_path) | {"HTTPS": "false"}
    assert manage(["check", "--deploy", "--fail-level", "WARNING"], env).returncode != 0


def test_secrets_come_from_files(tmp_path):
    env = production(tmp_path)
    for name in ("SECRET_KEY", "DATABASE_URL"):
        path = tmp_path / name
        path.write_text(env.pop(name) + "\n")
        env[f"{name}_FILE"] = str(path)
    result = manage(["check"], env)
    assert result.returncode == 0, result.stderr


def test_a_secret_files_last_newline_is_not_part_of_it(secret_file):
    assert Environment({"KEY_FILE": secret_file}).secret("KEY") == "p@ss/w:rd#1?"


@pytest.mark.parametrize(
    ("content", "says"), [(None, "No such file"), (b"\n", "is empty"), (b"\xff", "not UTF-8")]
)
def test_a_secret_file_that_cannot_serve_is_named(tmp_path, content, says):
    path = tmp_path / "secret"
    if content is not None:
        path.write_bytes(content)
    env = Environment({"KEY_FILE": str(path)})
    env.secret("KEY")
    assert len(env.problems) == 1
    assert env.problems[0].startswith("KEY_FILE: ")
    assert says in env.problems[0]


def test_a_secret_given_twice_is_refused(secret_file):
    env = Environment({"KEY": "a", "KEY_FILE": secret_file})
    env.secret("KEY")
    assert "given twice" in env.problems[0]


def test_the_database_password_joins_the_url_from_its_file(secret_file):
    settings, problems = database(DATABASE_URL=URL, DATABASE_PASSWORD_FILE=secret_file)
    assert problems == []
    assert settings["PASSWORD"] == "p@ss/w:rd#1?"
    assert (settings["HOST"], settings["PORT"]) == ("postgres", 5432)
    assert (settings["USER"], settings["NAME"]) == ("mailtracker_user", "mailtracker")
    assert settings["CONN_HEALTH_CHECKS"] is True


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("", "missing"),
        ("postgres://", "not a PostgreSQL address"),
        ("postgres://user:pw@/db", "not a PostgreSQL address"),
        ("postgres://user:pw@host:port/db", "not a PostgreSQL address"),
        ("sqlite:///db.sqlite3", "not a PostgreSQL address"),
        ("nonsense", "not a PostgreSQL address"),
        (URL, "DATABASE_PASSWORD: missing"),
        ("postgres://u:change_me@h/db", "placeholder"),
    ],
)
def test_a_database_url_that_cannot_serve_is_refused(url, says):
    _, problems = database(DATABASE_URL=url)
    assert len(problems) == 1
    assert says in problems[0]


def test_two_database_passwords_are_refused(secret_file):
    url = "postgres://u:one-password@h/db"
    _, problems = database(DATABASE_URL=url, DATABASE_PASSWORD_FILE=secret_file)
    assert len(problems) == 1
    assert "given twice" in problems[0]


def test_a_placeholder_is_accepted_while_debugging():
    assert database(debug=True, DATABASE_URL="postgres://u:change_me@h/db")[1] == []


@pytest.mark.parametrize(
    ("secret", "expected"),
    [
        ("change_me_in_production", True),
        ("Change-Me!", True),
        ("django-insecure-abc", True),
        ("password", True),
        ("mailtracker", True),
        ("vX9-passwords-are-long-enough", False),
    ],
)
def test_placeholders_are_told_from_secrets(secret, expected):
    assert is_placeholder(secret) is expected


def test_a_short_or_monotonous_secret_key_is_refused(tmp_path):
    for key in ("short", "ab" * 40):
        result = manage(["check"], production(tmp_path) | {"SECRET_KEY": key})
        assert result.returncode == 1
        assert "SECRET_KEY: is weak" in result.stderr


def test_keys_before_the_current_one_are_read_one_a_line(tmp_path):
    path = tmp_path / "fallbacks"
    for content, keys in [("", []), ("\n", []), ("older\n\noldest\n", ["older", "oldest"])]:
        path.write_text(content)
        env = Environment({"KEYS_FILE": str(path)})
        assert (env.secrets("KEYS"), env.problems) == (keys, [])
    assert Environment({}).secrets("KEYS") == []


def test_a_weak_key_is_refused_as_a_fallback_too(tmp_path):
    env = production(tmp_path) | {"SECRET_KEY_FALLBACKS": "short"}
    assert "SECRET_KEY_FALLBACKS: holds a weak key" in manage(["check"], env).stderr


def test_live_reload_is_for_development(tmp_path):
    live = production(tmp_path) | {"LIVE_RELOAD": "true"}
    assert "LIVE_RELOAD: is for development only" in manage(["check"], live).stderr
    assert manage(["check"], live | {"DEBUG": "true"}).returncode == 0
