"""The live process with a quick rhythm, so that tests need not wait for its slow ones."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lamplighter.city.settings")
django.setup()

from lamplighter.city.live.app import LiveApp  # noqa: E402
from lamplighter.city.live.hub import Hub, Rhythm  # noqa: E402

RHYTHM = Rhythm(beat=0.2, look_at_sessions=0.2, read_all=1.0, retry=0.1, longest_retry=0.2)
application = LiveApp(lambda: Hub(RHYTHM))
# As in a city, but that a session that has ended is noticed soon.
attentive = LiveApp(lambda: Hub(Rhythm(look_at_sessions=0.5)))
