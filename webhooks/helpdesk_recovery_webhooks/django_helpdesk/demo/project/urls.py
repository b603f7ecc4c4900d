"""URLs of the demonstration's Django project: the helpdesk at the top."""

from django.urls import include, path

urlpatterns = [path("", include("helpdesk.urls", namespace="helpdesk"))]
