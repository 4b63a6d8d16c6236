"""Settings, all of them from the environment; docs/settings.md has the table.

In development a `.env` file beside `manage.py` is read first. No secret has a default: `make run`
generates them once into `var/`, where commands find them, and production must give them.
"""

import os
from pathlib import Path

import django_stubs_ext
import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from whitenoise.compress import Compressor

from config.beat import JOBS
from config.databases import options_of
from config.queues import DEFAULT_QUEUE, ROUTES
from config.rest import REST_FRAMEWORK as REST_FRAMEWORK
from config.rest import SPECTACULAR_SETTINGS as SPECTACULAR_SETTINGS
from config.secret_files import KEY_FILE, kept_secret_key
from config.signing_in import SIGNING_IN

# Before NumPy is imported: detection multiplies small matrices, where threads cost more than they
# save, and there is a process for each core already.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

django_stubs_ext.monkeypatch()  # lets classes such as ModelAdmin[Company] be written with types

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
SECRET_KEY = env.str("SECRET_KEY", default="") or kept_secret_key(VAR_DIR / KEY_FILE)
DEBUG = env.bool("DEBUG", default=False)
BASE_URL = env.str("BASE_URL", default="http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = [BASE_URL]

INSTALLED_APPS = [
    "website",  # before the admin, whose base template it dresses
    "config.apps.FollowthroughAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rules",
    "simple_history",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "companies",
    "campaigns",
    "accounts",
    "sources",
    "alerts",
    "api",
]

MIDDLEWARE = [
    "api.cors.CorsMiddleware",  # before all that redirects
    "django.middleware.security.SecurityMiddleware",
    "config.middleware.StaticFiles",
    "config.middleware.ContentSecurityPolicy",
    "config.middleware.Clients",
    "config.middleware.Sessions",
    "config.middleware.Languages",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "config.middleware.Authentication",
    "accounts.middleware.SecondFactor",
    "config.middleware.History",
    "config.middleware.Messages",
    "config.throttling.KeptCopies",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",  # last, so that its page goes through all others
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
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
    }
]

# --- data ------------------------------------------------------------------------------------

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR}/db.sqlite3")}
_database = DATABASES["default"]
_database |= options_of(_database["ENGINE"], env)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default=f"unix://{VAR_DIR}/valkey.sock")
EVIDENCE_DIR = Path(env.str("EVIDENCE_DIR", default=str(VAR_DIR / "evidence")))

# What anybody may download, and under which licence (an identifier of SPDX, and its text).
DATA_DIR = Path(env.str("DATA_DIR", default=str(VAR_DIR / "data")))
DATA_LICENCE = env.str("DATA_LICENCE", default="CC-BY-4.0")
DATA_LICENCE_URL = env.str(
    "DATA_LICENCE_URL", default="https://creativecommons.org/licenses/by/4.0/"
)

# --- work ------------------------------------------------------------------------------------

# Celery spells a Unix socket differently: unix:///path?db=1 is redis+socket:///path?virtual_host=1.
CELERY_BROKER_URL = (
    REDIS_URL.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=")
    if REDIS_URL.startswith("unix://")
    else REDIS_URL
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # A task taken by a worker that was killed comes back after these seconds, not after an hour.
    "visibility_timeout": 300,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 10,
    "socket_connect_timeout": 5,
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_TASK_DEFAULT_QUEUE = DEFAULT_QUEUE
CELERY_TASK_ROUTES = ROUTES
CELERY_BEAT_SCHEDULE = {
    **JOBS,
    "poll what is due": {
        "task": "sources.tasks.poll_due",
        "schedule": env.float("POLL_TICK_SECONDS", default=60.0),
        "options": {"expires": 60},
    },
    "sweep alerts": {
        "task": "alerts.tasks.sweep",
        "schedule": env.float("SWEEP_SECONDS", default=60.0),
        "options": {"expires": 60},  # while workers are down, sweeps need not pile up
    },
}

# --- outside world -----------------------------------------------------------------------------

CONTACT_EMAIL = env.str("CONTACT_EMAIL", default="contact@localhost")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Followthrough <alerts@localhost>")
VAR_MAIL_DIR = VAR_DIR / "mail"
vars().update(env.email_url("EMAIL_URL", default=f"filemail:///{VAR_MAIL_DIR}"))
EMAIL_FILE_PATH = vars().get("EMAIL_FILE_PATH") or str(VAR_MAIL_DIR)
EMAIL_TIMEOUT = 20

ALERTS_PER_HOUR = env.int("ALERTS_PER_HOUR", default=10)
ALERTS_LEASE_SECONDS = env.float("ALERTS_LEASE_SECONDS", default=180.0)
ALERTS_RETRY_SECONDS = env.float("ALERTS_RETRY_SECONDS", default=60.0)
ALERTS_MAX_BOUNCES = env.int("ALERTS_MAX_BOUNCES", default=3)
# Whose reports on bounces and complaints are taken, and the secrets by which they are known.
ANYMAIL_PROVIDERS = env.list("ANYMAIL_PROVIDERS", default=[])
ANYMAIL = env.json("ANYMAIL", default={})

WEBHOOK_SECONDS = env.float("WEBHOOK_SECONDS", default=15.0)
WEBHOOK_FAILING_DAYS = env.int("WEBHOOK_FAILING_DAYS", default=5)
WEBHOOK_ROTATION_HOURS = env.int("WEBHOOK_ROTATION_HOURS", default=24)
SUBSCRIBE_ADDRESS_PER_HOUR = env.int("SUBSCRIBE_ADDRESS_PER_HOUR", default=5)
SUBSCRIBE_ADDRESS_PER_DAY = env.int("SUBSCRIBE_ADDRESS_PER_DAY", default=10)
SUBSCRIBE_CLIENT_PER_HOUR = env.int("SUBSCRIBE_CLIENT_PER_HOUR", default=20)
SUBSCRIBE_CLIENT_PER_DAY = env.int("SUBSCRIBE_CLIENT_PER_DAY", default=60)
SUBSCRIBE_DOMAIN_PER_HOUR = env.int("SUBSCRIBE_DOMAIN_PER_HOUR", default=200)
SUBSCRIBE_DOMAIN_PER_DAY = env.int("SUBSCRIBE_DOMAIN_PER_DAY", default=1000)

POLL_AT_ONCE = env.int("POLL_AT_ONCE", default=50)
POLL_HOST_SECONDS = env.float("POLL_HOST_SECONDS", default=2.0)
POLL_BATCH_SECONDS = env.float("POLL_BATCH_SECONDS", default=100.0)
POLL_ROBOTS = env.bool("POLL_ROBOTS", default=True)
POLL_BROKEN_AFTER = env.int("POLL_BROKEN_AFTER", default=5)
POLL_KEPT_DAYS = env.int("POLL_KEPT_DAYS", default=90)
ARTICLES_PER_POLL = env.int("ARTICLES_PER_POLL", default=20)
ARTICLE_TRIES = env.int("ARTICLE_TRIES", default=6)
ARCHIVE_SNAPSHOTS = env.bool("ARCHIVE_SNAPSHOTS", default=False)
ARCHIVE_URL = env.str("ARCHIVE_URL", default="https://web.archive.org/save/")

OUTBOUND_CONNECT_SECONDS = env.float("OUTBOUND_CONNECT_SECONDS", default=10.0)
OUTBOUND_READ_SECONDS = env.float("OUTBOUND_READ_SECONDS", default=20.0)
OUTBOUND_TOTAL_SECONDS = env.float("OUTBOUND_TOTAL_SECONDS", default=45.0)
OUTBOUND_MAX_BYTES = env.int("OUTBOUND_MAX_BYTES", default=5_000_000)
OUTBOUND_MAX_DECODED_BYTES = env.int("OUTBOUND_MAX_DECODED_BYTES", default=20_000_000)
OUTBOUND_MAX_REDIRECTS = env.int("OUTBOUND_MAX_REDIRECTS", default=5)
OUTBOUND_MAX_HEADER_BYTES = env.int("OUTBOUND_MAX_HEADER_BYTES", default=16_384)
OUTBOUND_MAX_HEADER_FIELDS = env.int("OUTBOUND_MAX_HEADER_FIELDS", default=128)
OUTBOUND_PROXY = env.str("OUTBOUND_PROXY", default="")
OUTBOUND_ALLOWED_NETWORKS = env.list("OUTBOUND_ALLOWED_NETWORKS", default=[])

# A language model of the operator's own, asked about findings; off while it has no address.
SECOND_OPINION_URL = env.str("SECOND_OPINION_URL", default="")
SECOND_OPINION_MODEL = env.str("SECOND_OPINION_MODEL", default="default")
SECOND_OPINION_API_KEY = env.str("SECOND_OPINION_API_KEY", default="")
SECOND_OPINION_NETWORKS = env.list("SECOND_OPINION_NETWORKS", default=[])
SECOND_OPINION_SECONDS = env.float("SECOND_OPINION_SECONDS", default=20.0)
SECOND_OPINIONS_PER_POLL = env.int("SECOND_OPINIONS_PER_POLL", default=5)

PARSER_PROCESSES = env.int("PARSER_PROCESSES", default=2)
PARSER_SECONDS = env.float("PARSER_SECONDS", default=10.0)
PARSER_CPU_SECONDS = env.int("PARSER_CPU_SECONDS", default=5)
PARSER_MEMORY_MB = env.int("PARSER_MEMORY_MB", default=768)
PARSER_JOBS = env.int("PARSER_JOBS", default=800)
PARSER_ANSWER_BYTES = env.int("PARSER_ANSWER_BYTES", default=20_000_000)
# Keys to trackers of legislation; each is sent to its own host only.
OPENSTATES_API_KEY = env.str("OPENSTATES_API_KEY", default="")
CONGRESS_API_KEY = env.str("CONGRESS_API_KEY", default="")

# --- people ------------------------------------------------------------------------------------

vars().update(SIGNING_IN)
SECOND_FACTOR = env.str("SECOND_FACTOR", default="optional")
SIGN_IN_ATTEMPTS = env.int("SIGN_IN_ATTEMPTS", default=5)
SIGN_IN_LOCK_MINUTES = env.int("SIGN_IN_LOCK_MINUTES", default=15)
INVITATION_DAYS = env.int("INVITATION_DAYS", default=7)
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
USE_I18N = True
FORMAT_MODULE_PATH = ["config.formats"]
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Nobody but a debugger asks for maps of scripts, and to compress them takes half of the time.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# --- safety ------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
_https = BASE_URL.startswith("https://")
SECURE_SSL_REDIRECT = _https
SECURE_REDIRECT_EXEMPT = [r"^healthz"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _https else None
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _https
SESSION_COOKIE_SECURE = _https
CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True

# --- api ---------------------------------------------------------------------------------------

API_ANONYMOUS_PER_MINUTE = env.int("API_ANONYMOUS_PER_MINUTE", default=600)
API_TOKEN_PER_MINUTE = env.int("API_TOKEN_PER_MINUTE", default=3000)
# After so long PostgreSQL gives up a statement of the web server; 0 lets it take its time.
API_STATEMENT_SECONDS = env.float("API_STATEMENT_SECONDS", default=20.0)
TRUSTED_PROXIES_COUNT = env.int("TRUSTED_PROXIES_COUNT", default=0)
# Bytes of rendered answers that each process keeps; 0 keeps none.
API_CACHE_BYTES = env.int("API_CACHE_BYTES", default=64_000_000)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {"axes": {"level": "WARNING"}},  # tells at length of every sign-in
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
}
