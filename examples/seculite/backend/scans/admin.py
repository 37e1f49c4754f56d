from django.contrib import admin

from scans.models import Result, Scan


@admin.register(Scan)
class ScanAdmin(admin.ModelAdmin):
    list_display = ["url", "requested_at", "requested_by", "sent_at", "attempts"]
    readonly_fields = ["run", "outside_host", "sent_at", "attempts"]


@admin.register(Result)
class ResultAdmin(admin.ModelAdmin):
    list_display = ["scan", "grade", "finished_at"]
