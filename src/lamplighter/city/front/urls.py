"""The addresses of the front door; they are named with those of the accounts room."""

from django.conf import settings
from django.urls import path

from . import views

urlpatterns = [path("", views.home, name="home")]
if settings.SAMPLE_CITY:
    urlpatterns.append(path("demo/", views.demo, name="demo"))
