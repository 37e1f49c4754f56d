"""Every change of a mail goes through here: it leaves a trace, in one transaction with it."""

from django.db import transaction
from django.shortcuts import get_object_or_404

from mails.models import Change, Mail

PDF = "pdf"


class Conflict(Exception):
    """Someone else has changed the same fields meanwhile. Nothing was saved."""

    def __init__(self, changes: list[Change], theirs: list[str], seen: int) -> None:
        super().__init__()
        self.changes = changes
        self.theirs = theirs  # fields others have changed and this editor has not
        self.seen = seen


def shown(mail: Mail, field: str) -> str:
    """A value as history keeps it: in words, so that it can be read when choices have changed."""
    display = getattr(mail, f"get_{field}_display", None)
    value = display() if display else getattr(mail, field)
    return "" if value is None else str(value)


@transaction.atomic
def edit(pk: int, values: dict, user, seen: int | None = None) -> Mail:
    """Give a mail new values. With `seen`, the last change its editor knew, later ones are merged.

    Fields the editor left as they were keep what others made of them; where both have changed one
    to different ends, Conflict is raised.
    """
    mail = get_object_or_404(Mail.objects.select_for_update(no_key=True), pk=pk)
    before = {field: shown(mail, field) for field in values}
    for field, value in values.items():
        setattr(mail, field, value)
    if seen is not None:
        _merge(mail, before, seen)
    changed = [field for field, old in before.items() if shown(mail, field) != old]
    if changed:
        mail.save(update_fields=[*changed, "updated_at"])
        Change.objects.bulk_create(
            Change(mail=mail, by=user, field=field, old=before[field], new=shown(mail, field))
            for field in changed
        )
    return mail


def _merge(mail: Mail, now: dict[str, str], seen: int) -> None:
    later = list(mail.changes.filter(pk__gt=seen, field__in=now).order_by("pk"))
    known = {change.field: change.old for change in reversed(later)}
    last = {change.field: change for change in later}
    conflicts, theirs = [], []
    for field, change in last.items():
        if shown(mail, field) == known[field]:
            now.pop(field)  # not touched by this editor: what others made of it stays
            theirs.append(field)
        elif shown(mail, field) != now[field]:
            conflicts.append(change)
    if conflicts:
        raise Conflict(conflicts, theirs, later[-1].pk)


def pdf_added(mail_id: int, name: str, user) -> None:
    Change.objects.create(mail_id=mail_id, by=user, field=PDF, new=name)


def pdf_removed(mail_id: int, name: str, user) -> None:
    Change.objects.create(mail_id=mail_id, by=user, field=PDF, old=name)
