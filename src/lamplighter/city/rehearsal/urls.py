"""The addresses of this room."""

from django.urls import path

from . import area_views, compare_views, run_views, search_views, views

app_name = "rehearsal"
urlpatterns = [
    path("", views.room, name="room"),
    path("put-away/", views.put_away_list, name="put_away_list"),
    path("new/", views.new, name="new"),
    path("check/", views.check, name="check"),
    path("compare/", compare_views.compare, name="compare"),
    path("areas/", area_views.areas, name="areas"),
    path("areas/new/", area_views.bring, name="bring_areas"),
    path("areas/<uuid:file_id>/", area_views.area_file, name="area_file"),
    path("areas/<uuid:file_id>/people/", area_views.people, name="people"),
    path("areas/<uuid:file_id>/put-away/", area_views.away, name="areas_away"),
    path("scenarios/<uuid:scenario_id>/", run_views.scenario, name="scenario"),
    path("scenarios/<uuid:scenario_id>/teams.yaml", views.teams_file, name="teams_file"),
    path("scenarios/<uuid:scenario_id>/run/", run_views.run, name="run"),
    path("scenarios/<uuid:scenario_id>/put-away/", views.away, name="away"),
    path("scenarios/<uuid:scenario_id>/bring-back/", views.back, name="back"),
    path("scenarios/<uuid:scenario_id>/staffing/", search_views.ask, name="ask_search"),
    path("staffing/<uuid:search_id>/", search_views.search, name="search"),
    path("staffing/<uuid:search_id>/state/", search_views.state, name="search_state"),
    path("staffing/<uuid:search_id>/stop/", search_views.stop, name="search_stop"),
    path("runs/<uuid:run_id>/state/", run_views.state, name="state"),
    path("runs/<uuid:run_id>/stop/", run_views.stop, name="stop"),
    path("runs/<uuid:run_id>/<slug:name>/", run_views.download, name="download"),
]
