from django.db import transaction
from rest_framework import serializers

from scans import outside, requests
from scans.models import Result, Scan
from scans.targets import NotScannedError, target


class ResultSerializer(serializers.ModelSerializer):
    file = serializers.SerializerMethodField()

    class Meta:
        model = Result
        fields = ["finished_at", "grade", "findings", "file"]

    def get_file(self, result) -> str:
        return result.file.url


class ScanSerializer(serializers.ModelSerializer):
    result = ResultSerializer(read_only=True)
    requested_by = serializers.SlugRelatedField(slug_field="username", read_only=True)
    scheduled = serializers.BooleanField(read_only=True)
    # For a site that the configuration does not name (scans.targets.CONSENT).
    consent = serializers.BooleanField(write_only=True, required=False, default=False)

    class Meta:
        model = Scan
        fields = [
            "id",
            "url",
            "requested_at",
            "requested_by",
            "scheduled",
            "attempts",
            "result",
            "consent",
        ]
        read_only_fields = ["requested_at", "attempts"]

    def validate_url(self, url: str) -> str:
        try:
            target(url)
        except NotScannedError as refused:
            raise serializers.ValidationError(str(refused)) from None
        return url

    @transaction.atomic
    def create(self, validated_data) -> Scan:
        consent = validated_data.pop("consent")
        asked = target(validated_data["url"])
        if asked.configured:
            return requests.request(**validated_data)
        try:
            outside.check(asked.host, validated_data["requested_by"], consent)
        except NotScannedError as refused:
            raise serializers.ValidationError({"url": [str(refused)]}) from None
        return requests.request(**validated_data, outside_host=asked.host)
