from rest_framework import authentication


class SessionAuthentication(authentication.SessionAuthentication):
    """Says 401 to who is not signed in, as a page has to tell that from what is forbidden."""

    def authenticate_header(self, request):
        return "Session"
