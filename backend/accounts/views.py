"""Signing in and out, and choosing a password, on the page."""

from django.contrib import messages
from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeView, RedirectURLMixin

from accounts.first_password import has_first_password
from accounts.forms import ChoosePasswordForm


class SignIn(LoginView):
    """For the whole site: /admin/login/ leads here too."""

    template_name = "accounts/sign_in.html"


class SignOut(LogoutView):
    next_page = "sign-in"

    def post(self, request, *args, **kwargs):
        answer = super().post(request, *args, **kwargs)
        messages.success(request, "You are signed out.")
        # Whoever uses this computer next cannot leaf back. Browsers heed it under HTTPS only.
        answer.headers["Clear-Site-Data"] = '"cache"'
        return answer


class ChoosePassword(RedirectURLMixin, PasswordChangeView):
    template_name = "accounts/choose_password.html"
    form_class = ChoosePasswordForm
    next_page = "mails"

    def get_context_data(self, **kwargs):
        first = has_first_password(self.request.user)
        return super().get_context_data(first=first, next=self.get_redirect_url(), **kwargs)

    def form_valid(self, form):
        answer = super().form_valid(form)
        messages.success(self.request, "Your new password is set.")
        return answer
