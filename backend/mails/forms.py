from django import forms
from django.contrib.auth import get_user_model
from django.db.models import Q

from mails.history import shown
from mails.models import Mail

DUE_EARLY = "The due date must not lie before the mail's date."
NOT_A_DATE = {"invalid": "This is not a date. Write it as year-month-day, such as 2026-05-31."}


def date_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class SeenForm(forms.ModelForm):
    """Remembers the last change its reader saw, so that nobody overwrites what they never saw."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "assignee" in self.fields:
            self.fields["assignee"].empty_label = "Nobody"
            # Whoever has left keeps the mails they have, but gets no new ones.
            self.fields["assignee"].queryset = (
                get_user_model()
                .objects.filter(Q(is_active=True) | Q(pk=self.instance.assignee_id))
                .order_by("username")
            )
        self.fields["seen"].initial = getattr(self.instance, "newest_change", 0)

    def values(self) -> dict:
        return {name: self.cleaned_data[name] for name in self._meta.fields}

    def show(self, conflict) -> None:
        """Say what others made of the same fields. Saving again then is a decision."""
        for change in conflict.changes:
            yours = shown(self.instance, change.field) or "nothing"
            self.add_error(
                change.field,
                f"{change.by} changed this to “{change.new or 'nothing'}” meanwhile. "
                f"Save again to make it “{yours}”, or choose theirs.",
            )
        current = forms.model_to_dict(Mail.objects.get(pk=self.instance.pk), conflict.theirs)
        self.data = self.data.copy()
        for field, value in (*current.items(), ("seen", conflict.seen)):
            self.data[field] = "" if value is None else str(value)


class QuickForm(SeenForm):
    class Meta:
        model = Mail
        fields = ("status", "assignee")


class MailForm(SeenForm):
    direction = forms.ChoiceField(choices=Mail.Direction.choices, widget=forms.RadioSelect)

    class Meta:
        model = Mail
        fields = (
            "reference",
            "direction",
            "subject",
            "sender",
            "recipient",
            "mail_date",
            "due_date",
            "status",
            "assignee",
        )
        labels = {"mail_date": "Date", "due_date": "Due", "sender": "From", "recipient": "To"}
        widgets = {
            "mail_date": date_input(),
            "due_date": date_input(),
        }
        error_messages = {
            "reference": {"unique": "Another mail has this reference already."},
            "mail_date": NOT_A_DATE,
            "due_date": NOT_A_DATE,
        }

    def clean(self):
        cleaned = super().clean()
        mail_date, due_date = cleaned.get("mail_date"), cleaned.get("due_date")
        if mail_date and due_date and due_date < mail_date:
            self.add_error("due_date", DUE_EARLY)
        return cleaned
