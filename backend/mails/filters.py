"""What the list of mails can be narrowed by and sorted by."""

import django_filters
from django.db.models import Q
from django.utils import timezone
from rest_framework.filters import OrderingFilter

from mails.models import Mail


class MailFilter(django_filters.FilterSet):
    status = django_filters.MultipleChoiceFilter(choices=Mail.Status.choices)
    direction = django_filters.ChoiceFilter(choices=Mail.Direction.choices)
    assignee = django_filters.CharFilter(field_name="assignee__username")
    unassigned = django_filters.BooleanFilter(field_name="assignee", lookup_expr="isnull")
    mail_date = django_filters.DateFromToRangeFilter()
    due_date = django_filters.DateFromToRangeFilter()
    overdue = django_filters.BooleanFilter(
        method="filter_overdue", help_text="Open, and due before today."
    )

    class Meta:
        model = Mail
        fields = ()

    def filter_overdue(self, queryset, name, value):
        overdue = Q(due_date__lt=timezone.localdate(), status__in=Mail.OPEN)
        return queryset.filter(overdue if value else ~overdue)


class StableOrderingFilter(OrderingFilter):
    """Equal values keep an order, so that no row is shown on two pages or on none."""

    def get_ordering(self, request, queryset, view):
        return (*super().get_ordering(request, queryset, view), "-id")
