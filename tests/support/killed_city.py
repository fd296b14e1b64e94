"""A city whose processes are killed again and again, and clients who note what it acknowledged."""

import os
import random
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil
import psycopg
from uuid_utils.compat import uuid7

from lamplighter.city.database import start_embedded
from tests.support.city_server import BUILD, free_port, run_code, serve, wait_until_answers

TOKEN = """
from lamplighter.city.accounts.tokens import issue_token
from lamplighter.city.sample.staff import simulated_desk
print("token", issue_token(simulated_desk(), "kill test", by=None, now=now).secret)
"""
# Natures that are decided without a question, for kinds of which the sample city has units.
NATURES = ("information_or_other", "noise", "parking_problem", "fire", "shots_fired", "robbery")


@dataclass
class Act:
    """A request that changes something, and whether the city acknowledged it."""

    path: str
    body: dict[str, Any]
    key: str
    answer: dict[str, Any] | None = None
    refused: str = ""

    @property
    def acknowledged(self) -> bool:
        return self.answer is not None


class Client:
    """Takes calls and sends units without pause; what gets no answer is at times given up."""

    def __init__(self, city: "KilledCity", seed: int) -> None:
        self.acts: list[Act] = []
        self.problems: list[str] = []
        self._city = city
        self._random = random.Random(seed)
        self._http = city.http()
        self._stop = threading.Event()
        self.thread = threading.Thread(target=self._work, daemon=True)

    def stop(self) -> None:
        self._stop.set()
        self.thread.join(60)
        assert not self.thread.is_alive(), "a client hangs"

    def _work(self) -> None:
        try:
            while not self._stop.is_set():
                self._one_call()
        except Exception as error:  # the thread must tell, whatever it was
            self.problems.append(repr(error))

    def _one_call(self) -> None:
        call = self._do("/calls", self._city.call(self._random))
        if not call.acknowledged:
            return
        kind = call.answer["decision"]["responder"]
        units = self._city.units.get(kind, [])
        if not units:
            return
        sent = self._do(
            "/assignments",
            {
                "id": str(uuid7()),
                "incident_id": call.answer["incident_id"],
                "unit_id": self._random.choice(units),
            },
        )
        if sent.acknowledged and self._random.random() < 0.9:
            self._do(f"/assignments/{sent.body['id']}/clear", {"cleared_as": "helped"}, status=200)

    def _do(self, path: str, body: dict[str, Any], status: int = 201) -> Act:
        act = Act(path, body, str(uuid7()))
        self.acts.append(act)
        for _attempt in range(self._random.choice((1, 400))):
            if send(self._http, act, status) or self._stop.wait(0.05):
                break
        return act


def send(http: httpx.Client, act: Act, status: int | None = None) -> bool:
    """Send an act once; True when the city has answered it, yes or no."""
    try:
        answer = http.post(act.path, json=act.body, headers={"Idempotency-Key": act.key})
    except httpx.TransportError:
        return False
    if answer.status_code >= 500:
        return False
    if answer.is_success:
        assert status in (None, answer.status_code), answer.text
        act.answer = answer.json()
    else:
        act.refused = answer.json()["code"]
    return True


@dataclass
class KilledCity:
    """A real server and its own PostgreSQL; only what was started here is ever killed."""

    home: Path
    postgres: Any
    database_url: str
    port: int
    environment: dict[str, str]
    server: subprocess.Popen[bytes]
    token: str
    units: dict[str, list[str]] = field(default_factory=dict)
    kills: list[str] = field(default_factory=list)

    def http(self) -> httpx.Client:
        return httpx.Client(
            base_url=f"http://127.0.0.1:{self.port}/api/v1",
            headers={"Authorization": f"Bearer {self.token}"},
            timeout=5,
        )

    def call(self, generator: random.Random) -> dict[str, Any]:
        return {
            "id": str(uuid7()),
            "channel": "911",
            "received_at": utc_now(),
            "facts": {"nature": generator.choice(NATURES)},
            "address": f"{generator.randrange(100, 900)} Lantern Avenue",
            "simulated": True,
        }

    def kill(self, what: str) -> None:
        """Kill -9 the server, its worker, the postmaster or one of its backends; start it again."""
        self.kills.append(what)
        if what == "server":
            stop_server(self.server)
        elif what == "worker":
            for worker in psutil.Process(self.server.pid).children():
                worker.kill()
            # A server whose worker died ends by itself: whoever runs it sees that and acts.
            self.server.wait(60)
            stop_server(self.server)
        elif what == "postmaster":
            self._postmaster().kill()
        else:
            self._kill_a_backend()
        self.restart()

    def restart(self) -> None:
        self._start_postgres()
        if self.server.poll() is not None:
            self.server = _serve(self.environment, self.port, self.home)
        wait_until_answers(f"http://127.0.0.1:{self.port}/api/v1/openapi.json", [self.server])

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.database_url) as connection:
            return connection.execute(query).fetchall()

    def run(self, code: str) -> str:
        return run_code(self.environment, code)

    def _postmaster(self) -> psutil.Process:
        pid = int((self.home / "postgres" / "postmaster.pid").read_text().split()[0])
        return psutil.Process(pid)

    def _kill_a_backend(self) -> None:
        """One backend at work: PostgreSQL then throws out all others and recovers by itself."""
        for backend in self._postmaster().children():
            if "lamplighter" in " ".join(backend.cmdline()):
                backend.kill()
                return

    def _start_postgres(self) -> None:
        deadline = time.monotonic() + 120
        while True:
            try:
                self.postgres.ensure_postgres_running()
                with psycopg.connect(self.database_url, connect_timeout=5):
                    return
            except (psycopg.OperationalError, subprocess.SubprocessError, AssertionError):
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)


def utc_now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def stop_server(server: subprocess.Popen[bytes]) -> None:
    """Kill a server with its workers, all that is left of them."""
    with suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait(60)


def _serve(environment: dict[str, str], port: int, home: Path) -> subprocess.Popen[bytes]:
    """The pages and the API; what they say of their lost database goes to a file."""
    with (home / "server.log").open("ab") as log:
        return serve(environment, "wsgi", "lamplighter.city.wsgi:application", port, log=log)


@contextmanager
def killed_city(home: Path) -> Iterator[KilledCity]:
    """Build a sample city under `home` and serve it; everything is stopped at the end."""
    # When tests run as root the embedded server runs as its own user, and must reach its files.
    home.chmod(0o755)
    postgres, database_url = start_embedded(home, "lamplighter")
    port = free_port()
    environment = {
        **os.environ,
        "DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "lamplighter.city.settings",
        "LAMPLIGHTER_SAMPLE_CITY": "1",
    }
    built = run_code(environment, BUILD + TOKEN)
    token = next(line.split()[1] for line in built.splitlines() if line.startswith("token "))
    server = _serve(environment, port, home)
    city = KilledCity(home, postgres, database_url, port, environment, server, token)
    try:
        city.restart()
        with city.http() as http:
            for unit in http.get("/units").json()["units"]:
                city.units.setdefault(unit["kind"], []).append(unit["id"])
        yield city
    finally:
        stop_server(city.server)
        postgres.stop()


def campaign(home: Path, *, kills: int | None, seconds: float | None, seed: int) -> str:
    """Kill a working city until `kills` or `seconds` are over, then check all that it promised."""
    generator = random.Random(seed)
    started = time.monotonic()
    with killed_city(home) as city:
        clients = [Client(city, seed + number) for number in range(3)]
        for client in clients:
            client.thread.start()
        kinds = ["server", "postmaster", "worker", "backend"]
        while (kills is None or len(city.kills) < kills) and (
            seconds is None or time.monotonic() - started < seconds
        ):
            # At no moment that the city could know: in the middle of whatever it is doing.
            time.sleep(generator.uniform(0.4, 2.0))
            city.kill(kinds[len(city.kills) % len(kinds)])
        time.sleep(0.5)
        for client in clients:
            client.stop()
        return check(city, clients)


def check(city: KilledCity, clients: list[Client]) -> str:
    """Everything acknowledged is there once and whole; sending again changes nothing twice."""
    assert [problem for client in clients for problem in client.problems] == []
    acts = [act for client in clients for act in client.acts]
    acknowledged = [act for act in acts if act.acknowledged]
    before = {act.key: act.answer for act in acknowledged}
    _check_calls(city, {a.body["id"] for a in acknowledged if a.path == "/calls"})
    _check_assignments(city, {a.body["id"] for a in acknowledged if a.path == "/assignments"})
    # Two clients may want one unit; nothing else is a reason to say no.
    assert {act.refused for act in acts} <= {"", "unit-taken"}
    unanswered = [act for act in acts if not act.acknowledged and not act.refused]
    with city.http() as http:
        for act in acts:
            if not act.refused:
                answered = any(send(http, act) for _again in range(20))
                assert answered, "the city does not answer after the last restart"
    assert {act.key: act.answer for act in acknowledged} == before, "a repeated answer differs"
    sent = {act.body["id"] for act in acts if act.path == "/calls"}
    assert {str(row[0]) for row in city.rows("SELECT id FROM intake_call")} == sent
    _check_calls(city, sent)
    assert "holds True" in city.run(
        "import django; django.setup()\n"
        "from lamplighter.city.journal.queries import verify\n"
        "print('holds', verify().holds, verify())"
    )
    return (
        f"{len(city.kills)} kills; {len(acts)} requests, {len(acknowledged)} acknowledged, "
        f"{len(unanswered)} without an answer and sent again at the end; nothing lost or twice"
    )


def _check_calls(city: KilledCity, ids: set[str]) -> None:
    whole = city.rows(
        """
        SELECT c.id, i.id IS NOT NULL,
               (SELECT count(*) FROM intake_decision d WHERE d.call_id = c.id),
               (SELECT count(*) FROM journal_entry j
                 WHERE j.call_id = c.id AND j.verb = 'call taken'),
               (SELECT count(*) FROM journal_entry j
                 WHERE j.call_id = c.id AND j.verb = 'call decided'),
               (SELECT count(*) FROM journal_entry j
                 WHERE j.incident_id = c.incident_id AND j.verb = 'incident opened')
        FROM intake_call c LEFT JOIN intake_incident i ON i.id = c.incident_id
        """
    )
    assert [row for row in whole if row[1:] != (True, 1, 1, 1, 1)] == [], "a call is not whole"
    assert ids - {str(row[0]) for row in whole} == set(), "an acknowledged call is lost"
    orphans = "SELECT id FROM intake_incident i WHERE NOT EXISTS (SELECT 1 FROM intake_call c"
    assert city.rows(f"{orphans} WHERE c.incident_id = i.id)") == []
    taken = city.rows("SELECT call_id FROM journal_entry WHERE verb = 'call taken'")
    assert {str(row[0]) for row in taken} == {str(row[0]) for row in whole}


def _check_assignments(city: KilledCity, ids: set[str]) -> None:
    there = {str(row[0]) for row in city.rows("SELECT id FROM dispatch_assignment")}
    assert ids - there == set(), "an acknowledged assignment is lost"
    journalled = city.rows("SELECT subject_id FROM journal_entry WHERE verb = 'unit assigned'")
    assert sorted(row[0] for row in journalled) == sorted(there), "half an assignment"
    cleared = city.rows("SELECT id FROM dispatch_assignment WHERE cleared_at IS NOT NULL")
    said = city.rows("SELECT subject_id FROM journal_entry WHERE verb = 'unit cleared'")
    assert sorted(row[0] for row in said) == sorted(str(row[0]) for row in cleared)
    twice = """
        SELECT unit_id FROM dispatch_assignment WHERE cleared_at IS NULL AND one_at_a_time
        GROUP BY unit_id HAVING count(*) > 1
    """
    assert city.rows(twice) == [], "a unit is in two places"
