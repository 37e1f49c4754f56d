import json

import pytest
from django.contrib.auth import get_user_model
from django.contrib.staticfiles import finders
from django.core.management import CommandError, call_command
from django.db import connection

from operations import static_files
from operations.advisory_lock import LockTimeout, advisory_lock
from tests.processes import manage, production


@pytest.fixture
def password_file(tmp_path):
    path = tmp_path / "password"
    path.write_text("an administrator's long secret\n")
    return path


def ensure_admin(password_file, username="chief"):
    call_command("ensure_admin", "--username", username, "--password-file", str(password_file))


@pytest.mark.django_db
def test_the_administrator_is_made_once(password_file, capsys):
    ensure_admin(password_file)
    ensure_admin(password_file)
    chief = get_user_model().objects.get()
    assert chief.is_superuser
    assert chief.is_staff
    assert chief.check_password("an administrator's long secret")
    output = capsys.readouterr().out
    assert "created" in output
    assert "still has the first password" in output


@pytest.mark.django_db
def test_a_password_its_owner_chose_is_never_changed(password_file, capsys):
    ensure_admin(password_file)
    chief = get_user_model().objects.get()
    chief.set_password("chosen by its owner")
    chief.save()
    password_file.write_text("quite another long secret")
    ensure_admin(password_file)
    chief.refresh_from_db()
    assert chief.check_password("chosen by its owner")
    assert "stays as it is" in capsys.readouterr().out


@pytest.mark.django_db
def test_a_first_password_nobody_changed_follows_the_deployment(password_file):
    ensure_admin(password_file)
    password_file.write_text("quite another long secret")
    ensure_admin(password_file)
    chief = get_user_model().objects.get()
    assert chief.check_password("quite another long secret")
    password_file.write_text("and a third long secret")
    ensure_admin(password_file)
    chief.refresh_from_db()
    assert chief.check_password("and a third long secret")


@pytest.mark.django_db
@pytest.mark.parametrize("content", [None, "", "short", "123456789012345"])
def test_no_administrator_is_made_with_a_bad_password(password_file, content):
    if content is None:
        password_file.unlink()
    else:
        password_file.write_text(content)
    with pytest.raises(CommandError):
        ensure_admin(password_file)
    assert not get_user_model().objects.exists()


@pytest.mark.django_db
def test_every_change_of_a_model_has_its_migration():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


@pytest.mark.django_db
def test_the_search_index_survives_being_undone_and_made_again():
    call_command("migrate", "mails", "0001", verbosity=0)
    call_command("migrate", "mails", verbosity=0)
    with connection.cursor() as cursor:
        indexes = connection.introspection.get_constraints(cursor, "mails_mail")
        cursor.execute("SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'")
        extension_is_there = cursor.fetchone() == (1,)
    assert ("mail_search" in indexes) == extension_is_there


@pytest.mark.django_db
def test_the_lock_is_held_by_one_at_a_time():
    with (
        advisory_lock(timeout=5),
        pytest.raises(LockTimeout, match="more than 0 seconds"),
        advisory_lock(timeout=0),
    ):
        pass
    with advisory_lock(timeout=0):
        pass


@pytest.mark.django_db
def test_a_failure_inside_frees_the_lock():
    with pytest.raises(ZeroDivisionError), advisory_lock(timeout=5):
        raise ZeroDivisionError
    with advisory_lock(timeout=0):
        pass


@pytest.mark.django_db
def test_a_release_is_not_prepared_while_another_one_is():
    with advisory_lock(timeout=5), pytest.raises(CommandError, match="another release"):
        call_command("prepare_release", "--lock-timeout", "0")


@pytest.fixture
def static_root(settings, tmp_path):
    """Static files as in production."""
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    return settings.STATIC_ROOT


@pytest.mark.django_db
def test_a_release_migrates_and_collects_hashed_files(static_root):
    call_command("prepare_release", verbosity=0)
    names = json.loads((static_root / "staticfiles.json").read_text())["paths"]
    hashed = names["mails/page.css"]
    assert hashed != "mails/page.css"
    assert (static_root / hashed).is_file()
    assert (static_root / f"{hashed}.gz").is_file()


def test_static_files_are_collected_once(static_root):
    assert static_files.collect(verbosity=0)
    assert not static_files.collect(verbosity=0)


@pytest.mark.parametrize("name", ["staticfiles.json", "mails/page.css", "collected.json"])
def test_static_files_that_were_lost_or_changed_are_collected_again(static_root, name):
    static_files.collect(verbosity=0)
    (static_root / name).unlink()
    assert static_files.collect(verbosity=0)
    (static_root / name).write_text("{")
    assert static_files.collect(verbosity=0)
    assert not static_files.collect(verbosity=0)
    assert "mails/page.css" in json.loads((static_root / "staticfiles.json").read_text())["paths"]


def test_static_files_are_collected_again_when_one_of_them_is_edited(
    static_root, tmp_path, settings
):
    sources = tmp_path / "sources"
    sources.mkdir()
    (sources / "one.css").write_text("a { color: red }")
    settings.STATICFILES_DIRS = [sources]
    finders.get_finder.cache_clear()
    assert static_files.collect(verbosity=0)
    (sources / "one.css").write_text("a { color: blue }")
    assert static_files.collect(verbosity=0)
    finders.get_finder.cache_clear()


@pytest.mark.django_db
def test_the_administrator_is_made_with_the_release(static_root, password_file):
    call_command(
        "prepare_release", "--administrator", "chief", "--password-file", str(password_file)
    )
    assert get_user_model().objects.get().username == "chief"


def test_the_production_settings_name_static_files_by_their_hash(tmp_path):
    program = "from django.conf import settings as s; print(s.STORAGES['staticfiles']['BACKEND'])"
    result = manage(["shell", "-v", "0", "-c", program], production(tmp_path))
    assert "CompressedManifestStaticFilesStorage" in result.stdout, result.stderr
