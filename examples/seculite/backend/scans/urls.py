from django.urls import path
from rest_framework.routers import SimpleRouter

from scans.sessions import SessionView
from scans.views import MediaView, OverviewView, ScanViewSet

router = SimpleRouter()
router.register("scans", ScanViewSet)

urlpatterns = [
    path("session/", SessionView.as_view()),
    path("overview/", OverviewView.as_view()),
    path("media-access/", MediaView.as_view()),
    *router.urls,
]
