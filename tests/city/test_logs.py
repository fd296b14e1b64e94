"""Logs say what failed and where, never what a person told us."""

import logging
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction

from lamplighter.city.intake.models import Call
from lamplighter.city.logs import PrivateFormatter

SAID = "my neighbor Sam Lantern"


def _formatted(error):
    record = logging.LogRecord("city", logging.ERROR, "", 0, "It failed.", (), None)
    record.exc_info = (type(error), error, error.__traceback__)
    return PrivateFormatter("{levelname} {message}", style="{").format(record)


@pytest.mark.django_db
def test_an_error_of_the_database_is_written_without_its_row(a_call):
    call = a_call().call
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        Call.objects.filter(pk=call.pk).update(narrative=SAID, address="", latitude=None)
    assert SAID in str(caught.value), "PostgreSQL repeats the row: this is what must not be logged"
    written = _formatted(caught.value)
    assert SAID not in written
    assert "CheckViolation 23514" in written
    assert "test_logs.py" in written


def test_a_cause_is_written_before_what_it_led_to():
    try:
        try:
            raise KeyError(SAID)
        except KeyError as cause:
            raise RuntimeError(SAID) from cause
    except RuntimeError as error:
        written = _formatted(error)
    assert written.startswith("ERROR It failed.")
    assert written.index("KeyError") < written.index("which led to") < written.index("RuntimeError")
    assert SAID not in written


@pytest.mark.django_db
def test_the_log_of_our_own_postgresql_has_no_statement_and_no_row(a_call):
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        log = Path(cursor.fetchone()[0]) / "log"
    if not log.is_file():
        pytest.skip("DATABASE_URL names a server whose log is not ours to read")
    call = a_call().call
    with pytest.raises(IntegrityError), transaction.atomic():
        Call.objects.filter(pk=call.pk).update(narrative=SAID, address="", latitude=None)
    written = log.read_text(encoding="utf-8", errors="replace")
    assert "call_has_a_place" in written
    assert SAID not in written
