"""`lamplighter city run --sample` and its neighbours, as somebody at a terminal meets them."""

import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import psycopg
import pytest

from lamplighter.city.leftovers import only_city
from tests.support.city_server import free_port, sample_city

pytestmark = pytest.mark.xdist_group("kill")


def environment(**more: str) -> dict[str, str]:
    """Nothing of the tests' own city but what a plain terminal has."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LAMPLIGHTER_", "DJANGO_"))}
    kept.pop("DATABASE_URL", None)
    return {**kept, "NO_COLOR": "1", **more}


def lamplighter(*arguments: object, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "lamplighter", *map(str, arguments)],
        env=environment(**more),
        capture_output=True,
        text=True,
        timeout=300,
    )


def one_sentence(done: subprocess.CompletedProcess[str]) -> str:
    """What a command that failed said: one plain sentence, whatever the width of the terminal."""
    said = " ".join((done.stdout + done.stderr).split())
    assert done.returncode == 1, said
    assert "Traceback" not in said
    return said


def is_gone(process: psutil.Process) -> bool:
    """Whether a process has ended, also where nobody has asked yet how."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def two_free_ports() -> int:
    """A port that is free together with the next one."""
    while True:
        port = free_port()
        with socket.socket() as listener:
            try:
                listener.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


@contextmanager
def running(home: Path, port: int, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """A city that was started and has said its address; Ctrl-C at the end, as a person would."""
    command = [sys.executable, "-m", "lamplighter", "city", "run", "--sample"]
    with (home / "said.log").open("wb") as log:
        city = subprocess.Popen(
            [*command, "--home", str(home), "--port", str(port)],
            env=environment(**more),
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + 300
        while "The city is open" not in (home / "said.log").read_text():
            assert city.poll() is None, (home / "said.log").read_text()
            assert time.monotonic() < deadline, (home / "said.log").read_text()
            time.sleep(0.1)
        yield city
    finally:
        if city.poll() is None:
            city.send_signal(signal.SIGINT)
            city.wait(120)


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A folder outside pytest's own, which is closed to the user that PostgreSQL runs as."""
    with tempfile.TemporaryDirectory(prefix="lamplighter-run-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_a_city_starts_lives_stops_and_starts_again(home):
    port = two_free_ports()
    with running(home, port) as city:
        family = psutil.Process(city.pid).children(recursive=True)
        postmaster = (home / "postgres" / "postmaster.pid").read_text().split()[0]
        database = psutil.Process(int(postmaster))
        token = json.loads((home / "tokens.json").read_text())["desk"]
        assert stat.S_IMODE((home / "tokens.json").stat().st_mode) == 0o600
        assert stat.S_IMODE((home / "secret_key").stat().st_mode) == 0o600
        assert httpx.get(f"http://127.0.0.1:{port + 1}/live/health").status_code == 200
        with httpx.Client(
            base_url=f"http://localhost:{port}", headers={"Authorization": f"Bearer {token}"}
        ) as http:
            policy = http.get("/board/", follow_redirects=True).headers["content-security-policy"]
            assert f"http://localhost:{port + 1}" in policy, "streams come from the host in use"
            assert http.get("/api/v1/city").json()["is_sample"] is True
            closed = http.get("/api/v1/incidents?state=closed&limit=200").json()["incidents"]
            assert len(closed) > 50
            # The player fills the board by itself.
            deadline = time.monotonic() + 120
            seen = []
            while not seen:
                assert time.monotonic() < deadline, "nobody called within two minutes"
                time.sleep(0.1)
                seen = http.get("/api/v1/board").json()["incidents"]
            assert all(incident["simulated"] for incident in seen)
        # Its teams answer, here without the minutes that they take.
        url = f"http://127.0.0.1:{port}"
        fast = ("--speed", "100000", "--team-speed", "1000000", "--begin-with", "5", "--limit", "5")
        done = lamplighter("play", home / "history.parquet", "--home", home, "--url", url, *fast)
        said = re.search(r"5 calls taken; .* (\d+) units sent; (\d+) cleared", done.stdout)
        assert said, done
        assert said[1] == said[2] != "0"
        done = lamplighter("journal", "verify", "--home", home)
        assert re.fullmatch(r"[\d,]+ entries: the journal holds\.\n", done.stdout), done
        assert not is_gone(database), "a look at the journal stopped the city's database"
        assert city.poll() is None
    assert city.returncode == 0, (home / "said.log").read_text()
    assert [each.cmdline() for each in [*family, database] if not is_gone(each)] == []
    assert not (home / "postgres" / "postmaster.pid").exists()
    assert "Traceback" not in (home / "said.log").read_text()
    with running(home, two_free_ports()):
        pass


def test_a_killed_city_leaves_nothing_that_hinders_the_next_start(home):
    port = two_free_ports()
    with running(home, port) as city:
        family = psutil.Process(city.pid).children(recursive=True)
        city.kill()
        city.wait(60)
    left = home / "call_files" / str(uuid.uuid4())
    left.parent.mkdir(exist_ok=True)
    left.write_bytes(b"half a call file")
    os.utime(left, (0, 0))
    with running(home, port):
        assert [each.cmdline() for each in family if not is_gone(each)] == []
        deadline = time.monotonic() + 120
        while left.exists():
            assert time.monotonic() < deadline, "what was left behind was not deleted"
            time.sleep(0.1)
    assert not (home / "postgres" / "postmaster.pid").exists()


def test_a_home_has_one_city_at_a_time(home):
    with only_city(home):
        done = lamplighter("city", "run", "--sample", "--home", home, "--port", two_free_ports())
    assert "is running already" in one_sentence(done)


def test_a_database_that_cannot_start_is_said_in_one_sentence(tmp_path):
    (tmp_path / "postgres").write_text("this is no folder")
    done = lamplighter("city", "run", "--sample", "--home", tmp_path, "--port", two_free_ports())
    assert "The embedded database could not start" in one_sentence(done)


@pytest.mark.parametrize("offset", [0, 1])
def test_a_port_in_use_is_said_in_one_sentence_before_anything_starts(tmp_path, offset):
    port = two_free_ports()
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", port + offset))
        listener.listen()
        done = lamplighter("city", "run", "--sample", "--home", tmp_path / "new", "--port", port)
    assert one_sentence(done) == (
        f"Port {port + offset} is used by another program: "
        "stop that one, or choose other ports with --port (make run PORT=8100)."
    )
    assert not (tmp_path / "new").exists()


def test_a_given_database_is_used_and_stays():
    """A city that names its database gets that one, and no other is started under its folder."""
    with sample_city(os.environ["DATABASE_URL"]) as (url, home):
        with psycopg.connect(url) as connection:
            assert calls_in(connection) == 0
        with running(home, two_free_ports(), DATABASE_URL=url):
            assert not (home / "postgres").exists()
        with psycopg.connect(url) as connection:
            assert calls_in(connection) >= 100


def calls_in(connection: psycopg.Connection[tuple[int]]) -> int:
    """How many calls a city's database has."""
    (calls,) = connection.execute("SELECT count(*) FROM intake_call").fetchone()
    return calls


def test_a_database_that_is_not_there_is_said_in_one_sentence(tmp_path):
    nowhere = f"postgresql://nobody@127.0.0.1:{free_port()}/nothing"
    done = lamplighter(
        *("city", "run", "--sample", "--home", tmp_path, "--port", two_free_ports()),
        DATABASE_URL=nowhere,
    )
    assert "The database cannot be used" in one_sentence(done)


def test_a_real_city_without_its_key_is_told_which_setting_is_missing(tmp_path):
    done = lamplighter(
        *("city", "run", "--home", tmp_path, "--port", two_free_ports()),
        DATABASE_URL="postgresql://nobody@127.0.0.1/nothing",
    )
    assert "LAMPLIGHTER_SECRET_KEY is not set" in one_sentence(done)


def test_the_journal_of_no_city_is_said_in_one_sentence(tmp_path):
    done = lamplighter("journal", "verify", "--home", tmp_path)
    assert "There is no city in" in one_sentence(done)


@pytest.mark.django_db(transaction=True)
def test_the_journal_names_the_first_entry_that_was_changed(a_call, people):
    from django.db import connection

    a_call()
    settings = connection.settings_dict
    url = f"postgresql:///{settings['NAME']}?host={settings['HOST']}&user={settings['USER']}"
    key = {"DATABASE_URL": url, "LAMPLIGHTER_SAMPLE_CITY": "1"}
    assert "the journal holds" in lamplighter("journal", "verify", **key).stdout
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE journal_entry DISABLE TRIGGER USER")
        cursor.execute("""UPDATE journal_entry SET data = '{"nature": "noise"}' WHERE seq = 2""")
        cursor.execute("ALTER TABLE journal_entry ENABLE TRIGGER USER")
    said = one_sentence(lamplighter("journal", "verify", **key))
    assert said.startswith("The journal does not hold from entry 2: its content was changed.")


def test_a_play_says_what_it_needs(tmp_path):
    calls = tmp_path / "m.parquet"
    said = one_sentence(lamplighter("play", calls, "--home", tmp_path))
    assert said == f"There is no file {calls}: check the path."
    calls.write_text("no parquet")
    assert "is no Parquet file" in one_sentence(lamplighter("play", calls, "--home", tmp_path))


def test_a_play_without_tokens_or_days_says_so(home, tmp_path):
    history = home / "history.parquet"
    said = one_sentence(lamplighter("play", history, "--home", tmp_path))
    assert said.startswith("There is no file of tokens at")
    token_file = tmp_path / "tokens.json"
    token_file.write_text('{"desk": 5}')
    said = one_sentence(lamplighter("play", history, "--token-file", token_file))
    assert "is not a file of tokens" in said
    said = one_sentence(lamplighter("play", history, "--home", home, "--day", "yesterday"))
    assert said == "'yesterday' is not a day: write it like 2025-11-22."
    said = one_sentence(lamplighter("play", history, "--home", home, "--day", "1999-01-01"))
    assert "has no calls then" in said
