"""The addresses of this room."""

from django.urls import path

from . import followup, maps, views

app_name = "intake"
urlpatterns = [
    path("new/", views.new_call, name="new_call"),
    path("natures/", views.natures, name="natures"),
    path("map/neighborhoods.json", maps.neighborhoods, name="neighborhoods"),
    path("map/streets.json", maps.streets, name="streets"),
    path("<uuid:call_id>/", views.call, name="call"),
    path("<uuid:call_id>/facts/", followup.add_facts, name="add_facts"),
    path("<uuid:call_id>/override/", followup.override, name="override"),
]
