"""The Django application of this room."""

from django.apps import AppConfig


class FrontConfig(AppConfig):
    name = "lamplighter.city.front"
    label = "front"
