"""The settings of the naive peer: ours, but for its addresses and REST framework's defaults."""

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS, REST_FRAMEWORK

INSTALLED_APPS = list(dict.fromkeys([*INSTALLED_APPS, "django_filters"]))
ROOT_URLCONF = "benchmarks.api.naive"
REST_FRAMEWORK = {
    name: value for name, value in REST_FRAMEWORK.items() if "THROTTLE" not in name
} | {"DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"]}
