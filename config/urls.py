"""Every address of the app; the paths are Danish, for they stand on posters."""

from django.urls import include, path

from accounts.views.password import PasswordResetView

handler500 = "core.views.server_error"

urlpatterns = [
    path("konto/password/reset/", PasswordResetView.as_view(), name="account_reset_password"),
    path("konto/", include("allauth.account.urls")),
    path("konto/", include("accounts.urls")),
    path("", include("core.urls")),
    path("", include("messaging.urls")),
    path("", include("referrals.urls")),
    path("", include("evaluation.urls")),
    path("", include("recruitment.urls")),
]
