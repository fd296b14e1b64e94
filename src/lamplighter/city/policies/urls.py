"""The addresses of this room."""

from django.urls import path

from . import views

app_name = "policies"
urlpatterns = [
    path("<slug:slug>/", views.policy, name="policy"),
    path("<slug:slug>/versions/<slug:content_hash>/", views.version, name="version"),
    path("<slug:slug>/policy.yaml", views.download, name="download"),
]
