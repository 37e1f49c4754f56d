"""Runs the application's commands as an operator would: in processes of their own."""

import os
import subprocess
import sys
from pathlib import Path

BACKEND = Path(__file__).resolve().parent.parent


def production(tmp_path):
    """An environment with everything a production deployment sets, and nothing else."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONDONTWRITEBYTECODE": "1",
        "SECRET_KEY": "p7Qz-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGH",
        "DATABASE_URL": "postgres://mailtracker_user:k2Jd81hsQx@postgres:5432/mailtracker",
        "ALLOWED_HOSTS": "mail.office.example",
        "CSRF_TRUSTED_ORIGINS": "https://mail.office.example",
        "STATIC_ROOT": str(tmp_path),
        "PDF_STORAGE_PATH": str(tmp_path),
        "HTTPS": "true",
    }


def run(command, env):
    return subprocess.run(
        command, env=env, cwd=BACKEND, capture_output=True, text=True, timeout=60, check=False
    )


def manage(arguments, env):
    return run([sys.executable, "manage.py", *arguments], env)
