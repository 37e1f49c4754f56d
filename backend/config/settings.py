"""Django's settings. Everything that differs between deployments is read here, at the top."""

from datetime import timedelta
from pathlib import Path

from config.database import read_database
from config.environment import Environment, is_placeholder

BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY_LENGTH = 50


def is_weak(key: str) -> bool:
    return len(key) < SECRET_KEY_LENGTH or len(set(key)) < 5


env = Environment()
DEBUG = env.flag("DEBUG", default=False)
HTTPS = env.flag("HTTPS", default=False)
LIVE_RELOAD = env.flag("LIVE_RELOAD", default=False)
# A front end of one's own is served at /.
FRONTEND = env.flag("FRONTEND", default=False)
RELEASE = env.text("RELEASE", default="development")
SECRET_KEY = env.secret("SECRET_KEY", f"at least {SECRET_KEY_LENGTH} random characters")
SECRET_KEY_FALLBACKS = env.secrets("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS")
CORS_ALLOWED_ORIGINS = env.origins("CORS_ALLOWED_ORIGINS")
CSRF_TRUSTED_ORIGINS = env.origins("CSRF_TRUSTED_ORIGINS")
DATABASES = {"default": read_database(env, DEBUG)}
PDF_STORAGE_PATH = env.absolute_path("PDF_STORAGE_PATH", default="/srv/mailtracker/pdfs")
STATIC_ROOT = env.absolute_path("STATIC_ROOT", default="/app/staticfiles")
MAX_PDF_SIZE_MB = env.number("MAX_PDF_SIZE_MB", default=10)
FILE_AUTHORIZATION_SECONDS = env.number("FILE_AUTHORIZATION_SECONDS", default=0, least=0)
MIGRATION_LOCK_TIMEOUT_SECONDS = env.number("MIGRATION_LOCK_TIMEOUT_SECONDS", default=5)
ACCESS_TOKEN_LIFETIME_MINUTES = env.number("ACCESS_TOKEN_LIFETIME_MINUTES", default=1440)
REFRESH_TOKEN_LIFETIME_DAYS = env.number("REFRESH_TOKEN_LIFETIME_DAYS", default=7)

if not DEBUG:
    if SECRET_KEY and is_placeholder(SECRET_KEY):
        env.problem("SECRET_KEY", "is a placeholder. Generate a random one.")
    elif SECRET_KEY and is_weak(SECRET_KEY):
        env.problem("SECRET_KEY", f"is weak. Use at least {SECRET_KEY_LENGTH} random characters.")
    if any(is_placeholder(key) or is_weak(key) for key in SECRET_KEY_FALLBACKS):
        env.problem("SECRET_KEY_FALLBACKS", "holds a weak key, which still signs. Take it out.")
    if LIVE_RELOAD:
        env.problem("LIVE_RELOAD", "is for development only. Set it to false, or DEBUG to true.")
    if not ALLOWED_HOSTS:
        env.problem("ALLOWED_HOSTS", "missing. Set it to the site's host names, comma-separated.")
env.finish()

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "corsheaders",
    "django_filters",
    "drf_spectacular",
    "rest_framework",
    "accounts",
    "mails",
    "operations",
]

MIDDLEWARE = [
    # First: the health check is asked for by address, under any Host and without TLS.
    "operations.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.middleware.FirstPasswordMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TIME_ZONE = "UTC"
USE_I18N = False

# While live an edited template is read again; else each is read once.
TEMPLATE_LOADERS = ["django.template.loaders.app_directories.Loader"]
CACHED_LOADER = "django.template.loaders.cached.Loader"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": TEMPLATE_LOADERS if LIVE_RELOAD else [(CACHED_LOADER, TEMPLATE_LOADERS)],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{VALIDATION}.UserAttributeSimilarityValidator"},
    {"NAME": f"{VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{VALIDATION}.NumericPasswordValidator"},
]

LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "mails"
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"

STATIC_URL = "/static/"
STORAGES = {
    # Uploads do not pass through Django's storage: see mails/pdf_storage.py.
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if LIVE_RELOAD:
    # Straight from the sources and under their own names: an edit is seen at once.
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = LIVE_RELOAD

# The reverse proxy is the only way in, and it overwrites this header.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 63_072_000 if HTTPS else 0
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # HSTS for subdomains: one office's host may not promise it for others
    "security.W021",  # HSTS preload: a host on a LAN has no place in browsers' lists
]
CORS_URLS_REGEX = r"^/api/"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.tokens.TokenAuthentication",
        # Lets those signed in to the admin open a PDF from there.
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "mails.pagination.Pages",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "config.errors.answer",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}

SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=ACCESS_TOKEN_LIFETIME_MINUTES),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=REFRESH_TOKEN_LIFETIME_DAYS),
    "TOKEN_OBTAIN_SERIALIZER": "accounts.tokens.TokenSerializer",
    # A changed password ends the tokens handed out before: they live for a day and a week.
    "CHECK_REVOKE_TOKEN": True,
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Mail Tracker",
    "DESCRIPTION": "The office's correspondence and its PDFs.",
    "VERSION": RELEASE,
    "SERVE_INCLUDE_SCHEMA": False,
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    # Django's own handlers mail the administrators; here the log is the one place to look.
    "loggers": {"django": {"handlers": [], "propagate": True}},
}
