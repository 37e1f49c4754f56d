"""Collects the static files of a release, unless they lie there already.

Naming by hash and compressing takes longer than all else in a release that changes none of them.
"""

import json
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

# What was collected last, beside the files themselves; it tells nothing that they do not.
RECORD = "collected.json"


def collect(verbosity: int) -> bool:
    """Whether there was anything to do."""
    root = Path(settings.STATIC_ROOT)
    record, wanted = root / RECORD, fingerprint()
    collected = _read(record)
    if collected.get("fingerprint") == wanted and collected.get("files") == _files(root):
        return False
    call_command("collectstatic", interactive=False, verbosity=verbosity)
    collected = {"fingerprint": wanted, "files": _files(root)}
    unfinished = root / f"{RECORD}.new"
    unfinished.write_text(json.dumps(collected), encoding="utf-8")
    unfinished.replace(record)
    return True


def fingerprint() -> str:
    """Differs when what would be collected does: the files, or what names and compresses them."""
    backend = settings.STORAGES["staticfiles"]["BACKEND"]
    digest = sha256(json.dumps([backend, version("django"), version("whitenoise")]).encode())
    for finder in get_finders():
        for path, storage in sorted(finder.list([]), key=lambda found: found[0]):
            with storage.open(path) as file:
                content = file.read()
            digest.update(json.dumps([path, len(content)]).encode())
            digest.update(content)
    return digest.hexdigest()


def _files(root: Path) -> dict[str, list[int]]:
    """Size and time of each file: one that was taken away, cut short or replaced shows."""
    files = [
        file for file in root.rglob("*") if file.is_file() and not file.name.startswith(RECORD)
    ]
    return {
        str(file.relative_to(root)): [file.stat().st_size, file.stat().st_mtime_ns]
        for file in sorted(files)
    }


def _read(record: Path) -> dict:
    try:
        return json.loads(record.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
