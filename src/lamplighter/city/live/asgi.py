"""The live process: `granian --interface asgi lamplighter.city.live.asgi:application`.

One process only: it holds what every open board is told. More of them would each read the same.
"""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lamplighter.city.settings")
django.setup()

from .app import LiveApp  # noqa: E402 (models can be imported only after setup)

application = LiveApp()
