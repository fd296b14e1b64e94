"""Every address of the city, room by room."""

from django.urls import include, path

urlpatterns = [
    path("", include("lamplighter.city.accounts.urls")),
    path("policies/", include("lamplighter.city.policies.urls")),
    path("calls/", include("lamplighter.city.intake.urls")),
    path("board/", include("lamplighter.city.dispatch.urls")),
    path("field/", include("lamplighter.city.field.urls")),
    path("incidents/", include("lamplighter.city.incidents.urls")),
]
