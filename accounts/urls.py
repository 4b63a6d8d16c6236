"""The addresses of this app, all below ``/admin/``.

Those of the password have the names by which Django's own pages know them.
"""

from django.urls import include, path

from accounts.views import invitations, passwords, second_factor, signing_in

_OWN = (
    [
        path("login/code/", signing_in.code, name="code"),
        path("second-factor/", second_factor.second_factor, name="second_factor"),
        path("invitation/<str:token>/", invitations.invitation, name="invitation"),
    ],
    "accounts",
)

urlpatterns = [
    path("", include(_OWN)),
    path("password-reset/", passwords.ask, name="admin_password_reset"),
    path("password-reset/sent/", passwords.asked, name="password_reset_done"),
    path(
        "password-reset/<uidb64>/<token>/",
        passwords.Choose.as_view(),
        name="password_reset_confirm",
    ),
    path("password-reset/done/", passwords.Chosen.as_view(), name="password_reset_complete"),
]
