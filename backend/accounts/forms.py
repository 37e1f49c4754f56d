from django.contrib.auth.forms import PasswordChangeForm
from django.core.exceptions import ValidationError

from accounts.api import SAME

HINT = "At least 12 characters, and not digits only. Some words in a row are good."


class ChoosePasswordForm(PasswordChangeForm):
    """Django's, which would also take the present password as the new one."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].help_text = HINT
        self.fields["new_password2"].help_text = ""

    def clean(self):
        cleaned = super().clean()
        new = cleaned.get("new_password1")
        if new and new == cleaned.get("old_password"):
            self.add_error("new_password1", ValidationError(SAME))
        return cleaned
