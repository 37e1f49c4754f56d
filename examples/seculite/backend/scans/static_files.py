"""Static files under hashed names, swept of those of old releases.

Pages that are open still ask for the files of the release they came from, and containers of the
release before serve until the new ones do. So the files of some releases stay.
"""

import json
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

MANIFEST = "staticfiles.json"
# The names of the files of the last releases, the newest first.
RECORD = "releases.json"
RELEASES = 3


def collect(verbosity: int) -> None:
    root = Path(settings.STATIC_ROOT)
    earlier = _recorded(root)
    call_command("collectstatic", interactive=False, verbosity=verbosity)
    names = json.loads((root / MANIFEST).read_text(encoding="utf-8"))["paths"]
    current = sorted({*names, *names.values(), MANIFEST})
    releases = [current, *(files for files in earlier if files != current)][:RELEASES]
    unfinished = root / f"{RECORD}.new"
    unfinished.write_text(json.dumps(releases), encoding="utf-8")
    unfinished.replace(root / RECORD)
    _sweep(root, {RECORD, *(name for files in releases for name in files)})


def _recorded(root: Path) -> list[list[str]]:
    """Without a record, all that is there may be in use."""
    try:
        return json.loads((root / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return [_files(root)]


def _files(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def _sweep(root: Path, wanted: set[str]) -> None:
    for name in set(_files(root)) - wanted:
        (root / name).unlink(missing_ok=True)
    for path in sorted(root.rglob("*"), reverse=True):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()
