"""What is done with areas that somebody brings: kept, told whom they count, put away."""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from lamplighter.city.accounts.models import User
from lamplighter.city.journal.actions import act
from lamplighter.city.policies.call_files.proposed import storable
from lamplighter.city.refusal import Refusal
from lamplighter.city.rehearsal.models import AreaFile

from .files import Brought, areas_of, as_geojson, number_columns, read_brought


@dataclass(frozen=True)
class CountedGroup:
    """A group of people: the column that counts them, and what they are called."""

    column: str
    name: str

    def to_dict(self) -> dict[str, str]:
        return {"column": self.column, "name": self.name}


def bring_areas(
    name: str, areas: Brought, people: Brought | None, *, by: User, now: datetime
) -> AreaFile:
    """Keep areas, with the numbers of a table of people; of neither more than names and numbers.

    Raises Refusal with the field of the file that cannot be used.
    """
    read = read_brought(areas, people)
    return keep_areas(name, as_geojson(read), by=by, now=now, notes=read.notes)


def keep_areas(
    name: str,
    text: str,
    *,
    by: User | None,
    now: datetime,
    notes: Sequence[str] = (),
    groups: Sequence[CountedGroup] = (),
    everyone: str = "",
) -> AreaFile:
    """Keep areas that were read already."""
    kept = AreaFile(
        name=name,
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        notes=storable(notes),
        groups=[group.to_dict() for group in groups],
        everyone=everyone,
        by=by,
        at=now,
    )
    with act(by, now) as done:
        kept.save(force_insert=True)
        done.record("areas kept", subject_id=kept.pk, content=kept.sha256)
    return kept


def count_people(
    file: AreaFile,
    groups: Sequence[CountedGroup],
    everyone: str,
    *,
    by: User,
    now: datetime,
) -> None:
    """Say which columns count people; scenarios that are kept go on with what was said then."""
    known = {column.name for column in number_columns(areas_of(file.text))}
    asked = {group.column for group in groups} | ({everyone} if everyone else set())
    if not asked <= known:
        raise Refusal("no-such-column", _("The areas have no such column of numbers: choose one."))
    names = [group.name for group in groups]
    if len(set(names)) < len(names):
        raise Refusal(
            "same-name", _("Two groups have the same name: give each one of its own."), field="name"
        )
    with act(by, now) as done:
        AreaFile.objects.filter(pk=file.pk).update(
            groups=[group.to_dict() for group in groups], everyone=everyone
        )
        done.record("people of areas named", subject_id=file.pk, columns=sorted(asked))


def put_areas_away(file_id: uuid.UUID, *, by: User, now: datetime) -> None:
    """Offer areas no longer; scenarios that were rehearsed by them keep them."""
    with act(by, now) as done:
        away = AreaFile.objects.filter(pk=file_id, put_away_at=None).update(
            put_away_at=now, put_away_by=by
        )
        if away:
            done.record("areas put away", subject_id=file_id)
