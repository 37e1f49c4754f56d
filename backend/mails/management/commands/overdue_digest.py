"""Lists the mails that are overdue, by the person who has to answer them: the daily digest."""

from itertools import groupby

from django.core.management.base import BaseCommand
from django.utils import timezone

from mails.models import Mail
from mails.page_filter import overdue


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args, **options) -> None:
        today = timezone.localdate()
        by_date = Mail.objects.filter(overdue()).select_related("assignee")
        # Those that nobody has to answer come first. The order of the dates stays.
        mails = sorted(by_date.order_by("due_date", "id"), key=_name)
        self.stdout.write(f"Overdue on {today}: {_count(len(mails), 'mail')}.")
        for name, theirs in groupby(mails, key=_name):
            self.stdout.write(f"{name or 'Assigned to nobody'}:")
            for mail in theirs:
                late = _count((today - mail.due_date).days, "day")
                due = f"due {mail.due_date}, {late} late"
                self.stdout.write(f"  {mail.reference}  {due}: {mail.subject}")


def _name(mail: Mail) -> str:
    return mail.assignee.get_username() if mail.assignee else ""


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
