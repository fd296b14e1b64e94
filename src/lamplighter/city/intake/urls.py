"""The addresses of this room."""

from django.urls import path

from . import maps, views

app_name = "intake"
urlpatterns = [
    path("new/", views.new_call, name="new_call"),
    path("natures/", views.natures, name="natures"),
    path("map/neighborhoods.json", maps.neighborhoods, name="neighborhoods"),
    path("map/streets.json", maps.streets, name="streets"),
    path("<uuid:call_id>/", views.call, name="call"),
]
