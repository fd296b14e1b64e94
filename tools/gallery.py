"""Serve the gallery: every part of the look on a page, under the security policy of the city.

python tools/gallery.py            then open http://127.0.0.1:8020/
"""

import argparse
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socketserver import ThreadingMixIn
from types import SimpleNamespace
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
from django import forms
from django.conf import settings
from django.conf.urls.i18n import set_language
from django.contrib.messages import constants
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from whitenoise import WhiteNoise

REPOSITORY = Path(__file__).resolve().parent.parent
CITY = REPOSITORY / "src/lamplighter/city"
PAGES = {"": "gallery.html", "board": "board.html", "field": "field.html", "form": "form.html"}
REFUSALS = {"400": 400, "403": 403, "404": 404, "500": 500}


def configure() -> None:
    """The few settings that templates need: no database, no sessions, no rooms of the city."""
    settings.configure(
        SECRET_KEY="the-gallery-guards-nothing",
        ALLOWED_HOSTS=["127.0.0.1", "localhost"],
        ROOT_URLCONF=__name__,
        STATIC_URL="/static/",
        LIVE_URL="",
        LIVE_PORT="",
        LANGUAGES=[("en", "English"), ("es", "Spanish")],
        LOCALE_PATHS=[CITY / "locale"],
        USE_TZ=True,
        TIME_ZONE="America/Denver",
        LOGGING_CONFIG=None,
        MIDDLEWARE=[
            "lamplighter.city.headers.ContentSecurityPolicy",
            "django.middleware.locale.LocaleMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [CITY / "templates", REPOSITORY / "web/gallery"],
                "OPTIONS": {
                    "context_processors": ["django.template.context_processors.request"],
                },
            }
        ],
    )
    django.setup()
    logging.basicConfig(level=logging.WARNING)


class SampleForm(forms.Form):
    """A field of each kind that parts/field.html draws."""

    place = forms.CharField(label="Where is it?", help_text="An address, a crossing or a landmark.")
    phone = forms.CharField(label="A number to call back", required=False)
    nature = forms.ChoiceField(
        label="What is happening?",
        choices=[("", "Choose one"), ("welfare", "Someone may need help"), ("noise", "Noise")],
    )
    weapon = forms.ChoiceField(
        label="Has anyone seen or mentioned a weapon?",
        choices=[("yes", "Yes"), ("no", "No"), ("unknown", "Not known")],
        widget=forms.RadioSelect,
    )
    needs = forms.MultipleChoiceField(
        label="What does the person need?",
        choices=[("shelter", "A place to stay"), ("medical", "Medical care"), ("ride", "A ride")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    agrees = forms.BooleanField(label="The person agrees to help")
    said = forms.CharField(label="What was said", widget=forms.Textarea, required=False)


def page(request: HttpRequest, name: str = "") -> HttpResponse:
    now = datetime.now(UTC)
    return render(
        request,
        PAGES[name],
        {
            "sample_city": True,
            "navigation": [
                SimpleNamespace(url="/", label="Parts", current=name == ""),
                SimpleNamespace(url="/form", label="Form", current=name == "form"),
                SimpleNamespace(url="/board", label="Board", current=name == "board"),
                SimpleNamespace(url="/field", label="Field", current=name == "field"),
            ],
            "user": SimpleNamespace(is_authenticated=True, display_name="Rosa Marín"),
            "role_names": ["Dispatcher"],
            "now": now,
            "earlier": [now - timedelta(minutes=minutes) for minutes in (41, 39, 38, 31, 12)],
            "due_soon": now + timedelta(minutes=2),
            "due_past": now - timedelta(minutes=3),
            "risks": ["immediate", "high", "moderate", "low", ""],
            "statuses": ["free", "sent", "accepted", "on_the_way", "on_scene", "off_shift"],
            "messages": messages() if name == "form" else [],
            "form": SampleForm({"agrees": "on", "weapon": "no"})
            if name == "form"
            else SampleForm(),
            "map": sample_map(),
        },
    )


def messages() -> list[SimpleNamespace]:
    """What Django's messages would hold after an act that half worked."""
    tags = constants.DEFAULT_TAGS
    return [
        _Message("The call was saved.", tags[constants.SUCCESS]),
        _Message("The place lies outside the city.", tags[constants.ERROR]),
    ]


class _Message(SimpleNamespace):
    def __init__(self, text: str, level_tag: str) -> None:
        super().__init__(text=text, level_tag=level_tag)

    def __str__(self) -> str:
        return str(self.text)


def sample_map() -> dict[str, object]:
    """Two neighborhoods and a grid of streets that exist nowhere."""
    west, south, east, north = -105.0, 39.73, -104.96, 39.755
    middle = (west + east) / 2
    squares = {"Harbor Hill": (west, middle), "Old Mill": (middle, east)}
    areas = [
        _feature("Polygon", [[[a, south], [b, south], [b, north], [a, north], [a, south]]], name)
        for name, (a, b) in squares.items()
    ]
    columns = [west + 0.004 * i for i in range(11)]
    rows = [south + 0.0035 * i for i in range(8)]
    streets = [
        _feature(
            "LineString", [[x, south], [x, north]], f"{n} Street", "main" if n == 5 else "side"
        )
        for n, x in enumerate(columns, 1)
    ] + [
        _feature(
            "LineString", [[west, y], [east, y]], f"{c} Avenue", "main" if c == "D" else "side"
        )
        for c, y in zip("ABCDEFGH", rows, strict=True)
    ]
    return {
        "bounds": [west, south, east, north],
        "neighborhoods": {"type": "FeatureCollection", "features": areas},
        "streets": {"type": "FeatureCollection", "features": streets},
    }


def _feature(shape: str, points: list, name: str, kind: str = "area") -> dict[str, object]:
    return {
        "type": "Feature",
        "properties": {"name": name, "kind": kind},
        "geometry": {"type": shape, "coordinates": points},
    }


def refusal(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, f"{name}.html", {"sample_city": True}, status=REFUSALS[name])


urlpatterns = [
    path("i18n/set", set_language, name="set_language"),
    path("sign-out", page, name="account_logout"),
    *[path(name, refusal, {"name": name}) for name in REFUSALS],
    *[path(name, page, {"name": name}) for name in PAGES],
]


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        """Say nothing of each request."""


class _Server(ThreadingMixIn, WSGIServer):
    """A browser holds connections ready that ask for nothing: they must not keep others waiting."""

    daemon_threads = True


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8020, help="0 takes any free port")
    port = parser.parse_args().port
    configure()
    built = WhiteNoise(
        get_wsgi_application(), root=CITY / "static", prefix="static/", autorefresh=True
    )
    with make_server("127.0.0.1", port, built, _Server, _Quiet) as server:
        print(f"The gallery is at http://127.0.0.1:{server.server_port}/", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
