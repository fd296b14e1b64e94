"""A database that goes away and comes back: boards are told, and catch up by themselves."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil
import pytest

from lamplighter.city.database import start_embedded
from tests.support.city_server import BUILD
from tests.support.live_server import PATIENCE, live_server

pytestmark = pytest.mark.fault

SIGN_IN = """
from django.test import Client
from lamplighter.city.accounts.models import User
client = Client()
client.force_login(User.objects.get(username="imani"))
print(client.session.session_key)
"""
START = "import django; django.setup()\n"
TAKE_A_CALL = """
from datetime import UTC, datetime
from uuid_utils.compat import uuid7
from lamplighter.city.accounts.models import User
from lamplighter.city.dispatch.models import Unit
from lamplighter.city.intake.actions import NewCall, take_call
now = datetime.now(UTC)
unit = Unit.objects.exclude(latitude=None).first()
rosa = User.objects.get(username="rosa")
new = NewCall(id=uuid7(), channel="911", received_at=now, facts={"nature": "welfare_check"},
              latitude=unit.latitude, longitude=unit.longitude)
print(take_call(new, by=rosa, now=now).call.incident_id)
"""


@pytest.fixture
def own_postgres():
    """A PostgreSQL of this test's own, in a folder of its own, which may be killed."""
    with tempfile.TemporaryDirectory(prefix="lamplighter-restart-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        server, url = start_embedded(home, "lamplighter")
        yield server, url
        server.stop()


def run(url, code):
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "lamplighter.city.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    return done.stdout.strip()


def test_boards_are_told_and_catch_up(own_postgres):
    server, url = own_postgres
    session = run(url, BUILD + SIGN_IN)
    with live_server(url) as live:
        with live.reading("/live/board", session) as board:
            assert board.next("snapshot")["incidents"] == []
            postmaster = psutil.Process(server.get_pid())
            postmaster.send_signal(signal.SIGQUIT)  # as a crash: nobody is waited for
            assert set(board.rest()) <= {"beat", "change"}, "the stream ended at once"
            postmaster.wait(PATIENCE)
        assert live.get("/live/health").status_code == 503
        refused = live.get("/live/board", cookie=f"sessionid={session}")
        assert (refused.status_code, refused.json()["code"]) == (503, "not-live")

        server.start()
        incident = run(url, START + TAKE_A_CALL)
        live.wait_until_live()
        with live.reading("/live/board", session) as board:
            assert [one["id"] for one in board.next("snapshot")["incidents"]] == [incident]
            another = run(url, START + TAKE_A_CALL)
            assert [one["id"] for one in board.next("change")["incidents"]] == [another]
