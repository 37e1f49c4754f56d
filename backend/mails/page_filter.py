"""The page's search, filters and order. All of it stands in the query string, so it can be kept."""

from django import forms
from django.contrib.auth import get_user_model
from django.db.models import Count, F, Q
from django.utils import timezone

from mails.models import Mail

NOBODY = "-"
SEARCHED = ("reference", "subject", "sender", "recipient")
SORTED = {
    "mail_date": ("Oldest first", "Newest first"),
    "due_date": ("Due soonest first", "Due latest first"),
    "reference": ("Reference, A to Z", "Reference, Z to A"),
    "subject": ("Subject, A to Z", "Subject, Z to A"),
}
NEWEST_FIRST = "-mail_date"
ORDERS = [
    choice for field, (up, down) in SORTED.items() for choice in ((f"-{field}", down), (field, up))
]


def overdue() -> Q:
    return Q(due_date__lt=timezone.localdate(), status__in=Mail.OPEN)


def choices(first: str, others) -> forms.ChoiceField:
    return forms.ChoiceField(choices=[("", first), *others], required=False)


def day() -> forms.DateField:
    return forms.DateField(
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "This is not a date. Write it as year-month-day."},
    )


class FilterForm(forms.Form):
    search = forms.CharField(
        required=False,
        widget=forms.SearchInput(attrs={"placeholder": "Reference, subject, sender or recipient"}),
    )
    status = choices("Any", [("open", "Open"), *Mail.Status.choices])
    direction = choices("Both", Mail.Direction.choices)
    assignee = choices("Anyone", [])
    date_from = day()
    date_to = day()
    overdue = forms.BooleanField(required=False, label="Overdue only")
    ordering = forms.ChoiceField(choices=ORDERS, required=False, label="Order")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        users = get_user_model().objects.filter(is_active=True).order_by("username")
        names = [(name, name) for name in users.values_list("username", flat=True)]
        self.fields["assignee"].choices += [(NOBODY, "Nobody"), *names]

    def apply(self, mails):
        """The mails asked for. A value that cannot be understood is named, and left out."""
        given = {name: value for name, value in self.given().items() if value}
        if status := given.get("status"):
            mails = mails.filter(status__in=Mail.OPEN if status == "open" else [status])
        if direction := given.get("direction"):
            mails = mails.filter(direction=direction)
        if assignee := given.get("assignee"):
            mails = mails.filter(assignee__username=None if assignee == NOBODY else assignee)
        if date_from := given.get("date_from"):
            mails = mails.filter(mail_date__gte=date_from)
        if date_to := given.get("date_to"):
            mails = mails.filter(mail_date__lte=date_to)
        if given.get("overdue"):
            mails = mails.filter(overdue())
        for word in given.get("search", "").split():
            mails = mails.filter(
                Q.create([(f"{field}__icontains", word) for field in SEARCHED], connector=Q.OR)
            )
        return mails.order_by(*self._order(given.get("ordering") or NEWEST_FIRST))

    def given(self) -> dict:
        self.full_clean()
        return self.cleaned_data

    @staticmethod
    def _order(chosen: str) -> tuple:
        """Equal values keep an order, so that no mail is shown on two pages or on none."""
        name = chosen.removeprefix("-")
        if name == "due_date":  # mails without one come last either way
            order = F(name).desc if chosen.startswith("-") else F(name).asc
            return (order(nulls_last=True), "-id")
        return (chosen, "-id")


def counts(user) -> dict[str, int]:
    """The numbers beside the quick views, in one query."""
    is_open = Q(status__in=Mail.OPEN)
    return Mail.objects.aggregate(
        all=Count("pk"),
        open=Count("pk", filter=is_open),
        mine=Count("pk", filter=is_open & Q(assignee=user)),
        overdue=Count("pk", filter=overdue()),
    )
