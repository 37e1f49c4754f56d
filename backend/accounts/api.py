"""Choosing a password over the API. It asks for the present one, so nobody needs a token."""

from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.tokens import TokenAuthentication

SAME = "This is the password the account has already. Choose another."


class PasswordSerializer(serializers.Serializer):
    username = serializers.CharField()
    password = serializers.CharField(trim_whitespace=False)
    new_password = serializers.CharField(trim_whitespace=False)


class PasswordView(APIView):
    authentication_classes = ()
    permission_classes = ()

    @extend_schema(
        request=PasswordSerializer,
        responses={
            204: None,
            400: OpenApiResponse(description="The new password will not do; says why."),
            401: OpenApiResponse(description="The name or the present password is wrong."),
        },
    )
    def post(self, request):
        form = PasswordSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        given = form.validated_data
        user = authenticate(request, username=given["username"], password=given["password"])
        if user is None:
            raise AuthenticationFailed("The user name or the present password is wrong.")
        self._choose(user, given["password"], given["new_password"])
        return Response(status=204)

    def get_authenticate_header(self, request):
        return TokenAuthentication().authenticate_header(request)  # without one, 401 becomes 403

    @staticmethod
    def _choose(user, old: str, new: str) -> None:
        try:
            validate_password(new, user)
        except ValidationError as error:
            raise serializers.ValidationError({"new_password": error.messages}) from None
        if new == old:
            raise serializers.ValidationError({"new_password": [SAME]})
        user.set_password(new)
        user.save(update_fields=["password"])
