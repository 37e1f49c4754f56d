"""What gunicorn runs: `gunicorn seculite_api.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seculite_api.settings")

application = get_wsgi_application()
