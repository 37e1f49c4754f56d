from rest_framework import serializers

from scans import requests
from scans.models import Result, Scan
from scans.targets import refusal


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

    class Meta:
        model = Scan
        fields = ["id", "url", "requested_at", "requested_by", "scheduled", "attempts", "result"]
        read_only_fields = ["requested_at", "attempts"]

    def validate_url(self, url: str) -> str:
        refused = refusal(url)
        if refused:
            raise serializers.ValidationError(refused)
        return url

    def create(self, validated_data) -> Scan:
        return requests.request(**validated_data)
