"""Every address of the service, by the app that answers it."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from sources.admin.log_page import log_from_link

# Below /api/ a failure is problem details as every error there; elsewhere it is a page.
handler400 = "api.problems.bad_request"
handler500 = "api.problems.server_error"

urlpatterns = [
    path("api/", include("api.urls")),
    path("admin/log/", admin.site.admin_view(log_from_link), name="log-from-link"),
    path("admin/", include("accounts.urls")),
    path("admin/", admin.site.urls),
    path("", include("website.urls")),
]

if settings.ANYMAIL_PROVIDERS:
    urlpatterns.append(path("anymail/", include("config.mail_reports")))
