"""What gunicorn runs: `gunicorn seculite_api.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

# Loaded before gunicorn's workers part, so that the first scan of each does not wait for it.
from kombu.transport import redis  # noqa: F401

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seculite_api.settings")

application = get_wsgi_application()
