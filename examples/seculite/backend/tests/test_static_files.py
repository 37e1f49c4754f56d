import json

import pytest

from scans import static_files


@pytest.fixture
def site(settings, tmp_path):
    """A folder of sources whose style sheet a release may change."""
    settings.STATIC_ROOT = tmp_path / "collected"
    sources = tmp_path / "sources"
    sources.mkdir()
    settings.STATICFILES_DIRS = [sources]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT.mkdir()
    return sources


def release(site, settings, text):
    """The name of the style sheet in this release."""
    (site / "page.css").write_text(text)
    static_files.collect(verbosity=0)
    manifest = json.loads((settings.STATIC_ROOT / "staticfiles.json").read_text())
    return manifest["paths"]["page.css"]


def test_the_files_of_three_releases_stay_and_older_ones_are_swept(site, settings):
    names = [release(site, settings, f"a {{ top: {top}px }}") for top in range(5)]
    assert len(set(names)) == 5
    there = [name for name in names if (settings.STATIC_ROOT / name).is_file()]
    assert there == names[2:]


def test_a_release_that_changes_no_file_pushes_none_out(site, settings):
    names = [release(site, settings, text) for text in ("a {}", "b {}", "c {}", "c {}", "c {}")]
    assert all((settings.STATIC_ROOT / name).is_file() for name in names)


def test_what_was_there_before_the_first_sweep_survives_it(site, settings):
    old = settings.STATIC_ROOT / "admin" / "old.0123456789ab.css"
    old.parent.mkdir()
    old.write_text("p {}")
    release(site, settings, "a {}")
    assert old.is_file()
    for text in ("b {}", "c {}"):
        release(site, settings, text)
    assert not old.exists()
    assert not old.parent.exists()
