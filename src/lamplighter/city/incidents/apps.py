"""The Django application of this room; it has no tables of its own."""

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "lamplighter.city.incidents"
    label = "incidents"
