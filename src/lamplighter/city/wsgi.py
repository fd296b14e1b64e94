"""The pages and the API, as a WSGI application."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lamplighter.city.settings")
application = get_wsgi_application()

# Its models are known only now.
from lamplighter.city.policies.ready import make_ready_after_first_answer  # noqa: E402

make_ready_after_first_answer()
