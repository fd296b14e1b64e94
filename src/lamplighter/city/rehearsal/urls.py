"""The addresses of this room."""

from django.urls import path

from .areas import views as areas
from .compare import views as compare
from .runs import views as runs
from .scenarios import views as scenarios
from .searches import views as searches

app_name = "rehearsal"
urlpatterns = [
    path("", scenarios.room, name="room"),
    path("put-away/", scenarios.put_away_list, name="put_away_list"),
    path("new/", scenarios.new, name="new"),
    path("check/", scenarios.check, name="check"),
    path("compare/", compare.compare, name="compare"),
    path("areas/", areas.areas, name="areas"),
    path("areas/new/", areas.bring, name="bring_areas"),
    path("areas/<uuid:file_id>/", areas.area_file, name="area_file"),
    path("areas/<uuid:file_id>/people/", areas.people, name="people"),
    path("areas/<uuid:file_id>/put-away/", areas.away, name="areas_away"),
    path("scenarios/<uuid:scenario_id>/", runs.scenario, name="scenario"),
    path("scenarios/<uuid:scenario_id>/teams.yaml", scenarios.teams_file, name="teams_file"),
    path("scenarios/<uuid:scenario_id>/run/", runs.run, name="run"),
    path("scenarios/<uuid:scenario_id>/put-away/", scenarios.away, name="away"),
    path("scenarios/<uuid:scenario_id>/bring-back/", scenarios.back, name="back"),
    path("scenarios/<uuid:scenario_id>/staffing/", searches.ask, name="ask_search"),
    path("staffing/<uuid:search_id>/", searches.search, name="search"),
    path("staffing/<uuid:search_id>/state/", searches.state, name="search_state"),
    path("staffing/<uuid:search_id>/stop/", searches.stop, name="search_stop"),
    path("runs/<uuid:run_id>/state/", runs.state, name="state"),
    path("runs/<uuid:run_id>/stop/", runs.stop, name="stop"),
    path("runs/<uuid:run_id>/<slug:name>/", runs.download, name="download"),
]
