"""Django's settings. What differs between deployments comes from environment.py."""

from urllib.parse import quote

from seculite_api.environment import read_environment

env = read_environment()

DEBUG = env.debug
RELEASE = env.release
SECRET_KEY = env.secret_key.get_secret_value()
SECRET_KEY_FALLBACKS = env.secret_key_fallbacks.get_secret_value().split()
ALLOWED_HOSTS = env.allowed_hosts
ROOT_URLCONF = "seculite_api.urls"
WSGI_APPLICATION = "seculite_api.wsgi.application"
TIME_ZONE = "UTC"
USE_I18N = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "django_celery_beat",
    "scans",
]

MIDDLEWARE = [
    # First: asked by address, under any Host and without TLS.
    "seculite_api.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": env.db_host,
        "PORT": env.db_port,
        "NAME": env.db_name,
        "USER": env.db_user,
        "PASSWORD": env.db_password.get_secret_value(),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        # A silent network must not hold a process for the kernel's many minutes.
        "OPTIONS": {
            "connect_timeout": 5,
            "keepalives_idle": 30,
            "keepalives_interval": 10,
            "keepalives_count": 3,
            "tcp_user_timeout": 60_000,
        },
    }
}

STATIC_URL = "/static/"
STATIC_ROOT = env.static_root
MEDIA_URL = "/media/"
MEDIA_ROOT = env.media_root
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}
# nginx reads what Django writes, whatever the process's umask.
FILE_UPLOAD_PERMISSIONS = 0o644

VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{VALIDATION}.UserAttributeSimilarityValidator"},
    {"NAME": f"{VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{VALIDATION}.NumericPasswordValidator"},
]

# The edge is the only way in, and it overwrites this header.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = env.https
SECURE_HSTS_SECONDS = 63_072_000 if env.https else 0
SESSION_COOKIE_SECURE = env.https
CSRF_COOKIE_SECURE = env.https
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # HSTS for subdomains: one host may not promise it for others
    "security.W021",  # HSTS preload: the same
]

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["scans.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.LimitOffsetPagination",
    "PAGE_SIZE": 20,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}

SCAN_HOSTS = env.scan_hosts
SCAN_OUTSIDE = env.scan_outside
OUTSIDE_SCANS_PER_HOUR = env.outside_scans_per_hour
SCAN_TIMEOUT_SECONDS = env.scan_timeout_seconds

# Celery. A task is acknowledged when it is done, so one whose worker is lost is delivered again;
# its effect is kept once by the database (scans.models.Result).
CELERY_BROKER_URL = env.celery_broker_url.get_secret_value() or (
    f"redis://{env.redis_user}:{quote(env.redis_password.get_secret_value(), safe='')}"
    f"@{env.redis_host}:{env.redis_port}/0"
)
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {"scans.tasks.run_scan": {"queue": "scans"}}
# Longer than a scan's own limits, so that it can say what went wrong.
CELERY_TASK_SOFT_TIME_LIMIT = SCAN_TIMEOUT_SECONDS + 10
CELERY_TASK_TIME_LIMIT = SCAN_TIMEOUT_SECONDS + 15
# A worker takes no task it cannot start at once.
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# How long a stopping worker lets its tasks go on; then it gives them back to the queue.
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = float(env.stop_seconds)
# A running task goes on when Redis is away: what counts is what it writes to the database.
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # Redis delivers a task again that was not acknowledged for so long, as its worker died without
    # a word. No task that still runs may be: it ends, or is given back, before.
    "visibility_timeout": CELERY_TASK_TIME_LIMIT + 15,
    "socket_connect_timeout": 3,
    "socket_timeout": 10,
    "socket_keepalive": True,
    "health_check_interval": 10,
}
# Whoever requests a scan does not wait for Redis: what was not sent is sent later (scans.tasks).
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0.2}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SYNC_EVERY = 1
CELERY_BEAT_MAX_LOOP_INTERVAL = 5

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.log_level},
    # Django's own handlers mail the administrators; here the log is the one place to look.
    "loggers": {"django": {"handlers": [], "propagate": True}},
}
