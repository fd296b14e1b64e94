"""The addresses of this room."""

from django.urls import path

from . import views

app_name = "incidents"
urlpatterns = [
    path("", views.incidents, name="list"),
    path("<uuid:incident_id>/", views.incident, name="incident"),
    path("<uuid:incident_id>/names/", views.names, name="names"),
]
