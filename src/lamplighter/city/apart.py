"""Long work in a process of its own: started beside the pages, followed by what it writes down."""

import os
import resource
import subprocess
import sys
import time
import traceback
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Event, Thread
from types import TracebackType
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from django.db.models import QuerySet

BEAT_SECONDS = 0.5
MOST_UNHEARD = 12
# A work that waits is a process, too, with a connection to the database.
MOST_AT_ONCE = 8
# One work at a time on this city's machine: each wants both cores and much memory.
_LOCK = 0x7265_6865
# Who starts a work counts those under way; the next one counts when that one stands.
_COUNTING = 0x7265_6866


def refuse_more(under_way: int) -> None:
    """Raise Refusal where as many works of a kind wait or run as the machine can hold."""
    from django.utils.translation import gettext as _

    from lamplighter.city.refusal import Refusal

    if under_way >= MOST_AT_ONCE:
        raise Refusal(
            "too-much-work",
            _("As much is waiting for the computer as it can hold: stop something, or come later."),
            status=409,
        )


def refuse_beyond(under_way: "QuerySet") -> None:
    """Raise Refusal where these works are as many as the machine can hold.

    Within a transaction that then adds one: whoever else counts waits until it has ended, so two
    at once cannot both take the last place.
    """
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_COUNTING])
    refuse_more(under_way.count())


def start_apart(module: str, asked_id: uuid.UUID) -> None:
    """Run a module with the identifier of what was asked for, in a process that outlives us."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, str(asked_id)],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "lamplighter.city.settings"},
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    # Somebody must wait for it, or it stays behind as a zombie when it has ended.
    Thread(target=process.wait, daemon=True).start()


class Work(Protocol):
    """What a process of its own does for one identifier."""

    def __call__(self, asked_id: uuid.UUID, /, *, clock: Callable[[], datetime]) -> None: ...


def work_apart(work: Work, waited_for: "Callable[[uuid.UUID], QuerySet]") -> None:
    """Do what `start_apart` asked of this process, and say meanwhile that we live.

    `waited_for` gives the row that waits for it, if one still does. The first work on a machine
    compiles for minutes, and says nothing itself.
    """
    import django

    django.setup()
    asked_id = uuid.UUID(sys.argv[1])
    waiting = waited_for(asked_id)
    with heartbeat(lambda: waiting.update(beat_at=_now())):
        work(asked_id, clock=_now)


def _now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def heartbeat(beat: Callable[[], int], seconds: float = 5.0) -> Iterator[None]:
    """Call `beat` every few seconds, whatever else this process is at: compiling says nothing.

    `beat` says how many wait for this work. Where nobody has for a while, as when it was stopped
    and never looks, this process ends, so that others have their turn.
    """
    from django.db import connection

    ended = Event()

    def beat_on() -> None:
        unheard = 0
        while not ended.wait(seconds):
            unheard = 0 if beat() else unheard + 1
            if unheard == MOST_UNHEARD:
                os._exit(1)
        connection.close()

    thread = Thread(target=beat_on, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def wait_for_turn(beat: Callable[[], None]) -> None:
    """Wait until no other work is under way; `beat` says meanwhile that we live."""
    from django.db import connection

    while True:
        with connection.cursor() as cursor:
            # Held until this process ends, whatever becomes of it.
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
            (mine,) = cursor.fetchone()
        if mine:
            return
        beat()
        time.sleep(BEAT_SECONDS)


def paced(tell: Callable[[int], None]) -> Callable[[float], None]:
    """Tell a share from 0 to 1 as a percentage below 100, at most once in `BEAT_SECONDS`."""
    last = float("-inf")

    def tell_in_time(share: float) -> None:
        nonlocal last
        if time.monotonic() - last < BEAT_SECONDS:
            return
        last = time.monotonic()
        tell(min(99, int(100 * share)))

    return tell_in_time


def limit_memory(most: int) -> None:
    """Let this process ask for no more than so many bytes: what was packed may be far larger."""
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def limit_disk(most: int) -> None:
    """Let this process write no file of more than so many bytes."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


def no_words_in_the_log() -> None:
    """An error nobody thought of says where in our code it is, and nothing of what was read."""

    def say(kind: type[BaseException], _error: BaseException, at: TracebackType | None) -> None:
        places = "".join(traceback.format_tb(at))
        sys.stderr.write(f"{places}{kind.__name__}\n")

    sys.excepthook = say
