from django.contrib.auth import get_user_model
from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from mails import history
from mails.models import Attachment, Change, Mail


class MailSerializer(serializers.ModelSerializer):
    assignee = serializers.SlugRelatedField(
        slug_field="username",
        queryset=get_user_model().objects.filter(is_active=True),
        allow_null=True,
        required=False,
    )
    created_by = serializers.CharField(source="created_by.username", read_only=True)
    attachment_count = serializers.IntegerField(read_only=True, default=0)

    class Meta:
        model = Mail
        fields = (
            "id",
            "reference",
            "direction",
            "subject",
            "sender",
            "recipient",
            "mail_date",
            "due_date",
            "status",
            "assignee",
            "created_by",
            "created_at",
            "updated_at",
            "attachment_count",
        )

    def validate(self, attrs):
        mail_date = attrs.get("mail_date", getattr(self.instance, "mail_date", None))
        due_date = attrs.get("due_date", getattr(self.instance, "due_date", None))
        if due_date and mail_date and due_date < mail_date:
            raise serializers.ValidationError(
                {"due_date": "The due date must not lie before the mail's date."}
            )
        return attrs

    def update(self, instance, validated_data):
        user = self.context["request"].user
        mail = history.edit(instance.pk, validated_data, user)
        mail.attachment_count = instance.attachment_count
        return mail


class ChangeSerializer(serializers.ModelSerializer):
    by = serializers.CharField(source="by.username", read_only=True)

    class Meta:
        model = Change
        fields = ("id", "at", "by", "field", "old", "new")
        read_only_fields = fields


class AttachmentSerializer(serializers.ModelSerializer):
    uploaded_by = serializers.CharField(source="uploaded_by.username", read_only=True)
    file_url = serializers.SerializerMethodField()

    class Meta:
        model = Attachment
        fields = (
            "id",
            "mail",
            "original_name",
            "size",
            "sha256",
            "uploaded_by",
            "created_at",
            "file_url",
        )
        read_only_fields = fields

    @extend_schema_field(serializers.CharField())
    def get_file_url(self, attachment):
        return reverse("attachment-file", args=[attachment.pk])


class UploadSerializer(serializers.Serializer):
    """Only the form of the request: size and content are judged in mails.uploads."""

    file = serializers.FileField(
        error_messages={
            "required": "Send the PDF as multipart/form-data in the field 'file'.",
            "invalid": "Send the PDF as multipart/form-data in the field 'file'.",
        }
    )
