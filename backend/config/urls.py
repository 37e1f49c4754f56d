"""Where everything is found. /api/health/ is answered earlier, by operations.health."""

from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework_simplejwt.views import TokenObtainPairView, TokenRefreshView

from accounts.api import PasswordView
from accounts.views import SignIn

urlpatterns = [
    path("", include("accounts.urls")),
    path("", include("mails.page_urls")),
    # One place to sign in, for the administration too.
    path("admin/login/", SignIn.as_view()),
    path("admin/", admin.site.urls),
    path("api/auth/token/", TokenObtainPairView.as_view(), name="token"),
    path("api/auth/token/refresh/", TokenRefreshView.as_view(), name="token-refresh"),
    path("api/auth/password/", PasswordView.as_view(), name="password"),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/", include("mails.urls")),
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
