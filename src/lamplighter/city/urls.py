"""Every address of the city, room by room."""

from django.urls import include, path

from lamplighter.city.accounts import sign_in
from lamplighter.city.accounts import urls as accounts
from lamplighter.city.front import urls as front

urlpatterns = [
    *sign_in.urlpatterns,
    path("", include(([*front.urlpatterns, *accounts.urlpatterns], accounts.app_name))),
    path("policies/", include("lamplighter.city.policies.urls")),
    path("calls/", include("lamplighter.city.intake.urls")),
    path("board/", include("lamplighter.city.dispatch.urls")),
    path("field/", include("lamplighter.city.field.urls")),
    path("rehearsal/", include("lamplighter.city.rehearsal.urls")),
    path("incidents/", include("lamplighter.city.incidents.urls")),
    path("api/v1/", include("lamplighter.city.api.urls")),
]
