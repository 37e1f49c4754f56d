"""What gunicorn serves."""

import gc
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

# All code is loaded before the workers part, and kept out of their garbage collection:
# so they share its memory, and nobody's first request waits for it.
# Live, a mistake in an edited view must be an error on its page, not the end of the server.
if not settings.LIVE_RELOAD:
    _ = get_resolver().url_patterns
    gc.freeze()
