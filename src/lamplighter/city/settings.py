"""Settings of the city; everything that differs between cities comes from the environment."""

import os
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

CITY_DIR = Path(__file__).resolve().parent

# The sample city is for trying: invented people, one-click sign-in, a key that guards nothing.
SAMPLE_CITY = os.environ.get("LAMPLIGHTER_SAMPLE_CITY") == "1"
DEBUG = False


def _required(name: str, what: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set: set it to {what}.")
    return value


if SAMPLE_CITY:
    SECRET_KEY = os.environ.get("LAMPLIGHTER_SECRET_KEY", "sample-city-key-guards-nothing")
    ALLOWED_HOSTS = os.environ.get("LAMPLIGHTER_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
else:
    SECRET_KEY = _required("LAMPLIGHTER_SECRET_KEY", "a long random text that only this city knows")
    ALLOWED_HOSTS = _required("LAMPLIGHTER_HOSTS", "the host names of this city").split(",")


def database_from_url(url: str) -> dict[str, object]:
    """Django's database settings for a `postgresql://` address, Unix sockets included."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ImproperlyConfigured(
            "DATABASE_URL must start with postgresql://, the only database that is used."
        )
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", unquote(parts.hostname or "")),
        "PORT": str(parts.port or query.pop("port", "")),
        "OPTIONS": query,
        # A connection that a restarted server closed is noticed before it is used again.
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


DATABASES = {
    "default": database_from_url(
        _required("DATABASE_URL", "the address of this city's PostgreSQL database")
    )
}

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    # Before allauth, so that its pages are shown with our templates.
    "lamplighter.city.accounts",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "lamplighter.city.journal",
    "lamplighter.city.policies",
    "lamplighter.city.intake",
    "lamplighter.city.dispatch",
    "lamplighter.city.field",
    "lamplighter.city.incidents",
    "lamplighter.city.rehearsal",
    "lamplighter.city.front",
    "lamplighter.city.api",
]

MIDDLEWARE = [
    "lamplighter.city.readable.ReadableOnly",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lamplighter.city.headers.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "lamplighter.city.accounts.access.ClosedByDefault",
    "lamplighter.city.clock.CityTime",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "lamplighter.city.urls"
WSGI_APPLICATION = "lamplighter.city.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [CITY_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "lamplighter.city.context.house",
            ],
            "builtins": ["lamplighter.city.told"],
        },
    }
]

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "lamplighter.city.accounts.passwords.NotThePresentOne"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "accounts:home"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
# Wrong passwords are counted twice, both times by a digest of the name and, in a browser in which
# this person signed in before, of that browser (accounts/browsers.py). axes counts those from one
# address, in the database. CJIS Security Policy 6: lock after five failures; a session ends after
# 30 idle minutes.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "lamplighter.city.accounts.address.address_of"
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
# The journal keeps who signed in. For its count axes keeps, of each failure, the address, the kind
# of browser and a digest, as somebody may have typed a password as their name; the next attempt of
# anybody after the 15 minutes deletes it. It keeps no form (accounts/attempts.py).
AXES_USERNAME_CALLABLE = "lamplighter.city.accounts.attempts.counted_name"
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
# A browser that is closed is signed out; one that stays open is, after the idle minutes.
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "accounts:home"
# allauth counts wrong passwords from wherever, and wrong codes of the second step by the person:
# ten in five minutes. It does not count by address: behind a proxy everybody comes from one.
ACCOUNT_ADAPTER = "lamplighter.city.accounts.adapter.Adapter"
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": "10/300s/key"}
# It counts in memory. Each count of five minutes costs whoever wants it a password that is checked:
# so many are never open that a count would have to make way for others.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
MFA_TOTP_ISSUER = "Lamplighter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
SESSION_COOKIE_AGE = 30 * 60
SESSION_SAVE_EVERY_REQUEST = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not SAMPLE_CITY
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if not SAMPLE_CITY:
    # Nothing is shown, and no password or token is taken, by plain HTTP.
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]

# Live streams are served by a small process of their own; behind a proxy both share one origin.
# Without a proxy they have a port of their own on the same host.
LIVE_URL = os.environ.get("LAMPLIGHTER_LIVE_URL", "")
LIVE_PORT = os.environ.get("LAMPLIGHTER_LIVE_PORT", "")
PAGES_ORIGINS = os.environ.get("LAMPLIGHTER_PAGES_ORIGINS", "").split()

# Where the city keeps its files, such as imported histories; `city run` says where that is.
CITY_HOME = os.environ.get("LAMPLIGHTER_HOME", ".lamplighter")

# The largest call file that somebody may bring to the policy room, in bytes.
LARGEST_CALL_FILE = int(os.environ.get("LAMPLIGHTER_LARGEST_CALL_FILE_MB", "1000")) * 1_000_000

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [CITY_DIR / "locale"]
FORMAT_MODULE_PATH = "lamplighter.city.formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = os.environ.get("LAMPLIGHTER_TIME_ZONE", "America/Denver")

STATIC_URL = "/static/"
STATICFILES_DIRS = [CITY_DIR / "static"]
# The assets are built into the package, so the server serves them from there: nothing to collect.
WHITENOISE_USE_FINDERS = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Logs say what failed and where, never what a person told us: no request bodies, no queries, and
# of an error its type and place, not its message.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "private": {
            "()": "lamplighter.city.logs.PrivateFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "private"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        # Replaces Django's own handlers, one of which would mail whole requests.
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        # A refused request is an answer to somebody, not a fault of ours.
        "django.request": {"level": "ERROR"},
    },
}
