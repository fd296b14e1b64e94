"""The kinds of responder in a team file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import inf
from typing import Any

from lamplighter.policy.sentences import Part, Said, nearest
from lamplighter.policy.yaml_tree import Entry, fields, flag, text
from lamplighter.rehearsal.teams import Kind
from lamplighter.rehearsal.teams_file.sentences import say
from lamplighter.rehearsal.teams_file.sheet import Sheet
from lamplighter.rehearsal.teams_file.values import minutes, number, share, step, texts

_STEPS = {
    "to arrive": "to_arrive",
    "to leave": "to_leave",
    "on scene": "on_scene",
    "write up": "write_up",
    "if police": "minutes_if_police",
}
# What happens in a share of calls: the field of the share, that of the minutes it takes.
_SOMETIMES = {
    "transport": ("transport_share", "transport"),
    "backup": ("backup_share", "backup_on_scene"),
    "stands down": ("stands_down_share", ""),
}
_OTHERS = {
    "together with": "together_with",
    "takes over": "takes_over",
    "backup": "backup_kind",
}
_OPTIONAL = [
    "unlimited",
    "armed",
    "together with",
    "takes over",
    "patience",
    "minutes",
    *_SOMETIMES,
    "because",
]


def kind(name: str, entry: Entry, sheet: Sheet) -> Kind:
    """Read one kind; what cannot be read is reported, and has its usual value."""
    place, what = sheet.place, say("what.kind", name=name)
    sheet.note(f"kinds.{name}", entry.key)
    parts = fields(entry.value, place, what, required=["label", "answers"], optional=_OPTIONAL)
    values: dict[str, Any] = {"answers": ()}
    if "answers" in parts:
        sheet.note(f"kinds.{name}.answers", parts["answers"].key)
        said = texts(parts["answers"].value, place, _of("answers", what))
        values["answers"] = tuple(dict.fromkeys(answer for _, answer in said))
    if "together with" in parts:
        values["together_with"] = text(parts["together with"], place, _of("together with", what))
    if "takes over" in parts:
        values |= _takes_over(what, parts["takes over"], sheet)
    if "patience" in parts:
        values["patience"] = minutes(parts["patience"].value, place, _of("patience", what))
    if "minutes" in parts:
        steps = fields(parts["minutes"].value, place, _of("minutes", what), optional=_STEPS)
        for key, one in steps.items():
            values[_STEPS[key]] = step(one, place, _of(key, what))
    for key in _SOMETIMES:
        if key in parts:
            values |= _sometimes(what, key, parts[key], sheet)
    return Kind(
        name=name,
        label=sheet.label(parts.get("label"), what),
        unlimited=flag(parts, "unlimited", place),
        armed=flag(parts, "armed", place),
        because=text(parts.get("because"), place, _of("because", what)),
        **{key: value for key, value in values.items() if value is not None},
    )


def _of(field: str, what: Part) -> Said:
    return say("what.of", field=field, what=what)


def _takes_over(what: Part, entry: Entry, sheet: Sheet) -> dict[str, Any]:
    what = _of("takes over", what)
    parts = fields(entry.value, sheet.place, what, required=["kind", "after"])
    if len(parts) < 2:
        return {}
    waits = number(parts["after"].value, sheet.place, say("what.after", what=what), 0, inf)
    return {"takes_over": text(parts["kind"], sheet.place, what), "waits_at_most": waits}


def _sometimes(what: Part, key: str, entry: Entry, sheet: Sheet) -> dict[str, Any]:
    """What happens in a share of calls: a ride, a call for backup, standing down."""
    what = _of(key, what)
    share_field, minutes_field = _SOMETIMES[key]
    required = ["share", *(["minutes"] if minutes_field else [])]
    required += ["kind"] if key == "backup" else []
    parts = fields(entry.value, sheet.place, what, required=required)
    values: dict[str, Any] = {}
    if "share" in parts:
        values[share_field] = share(parts["share"], sheet.place, say("what.share", what=what))
    if "minutes" in parts:
        values[minutes_field] = step(parts["minutes"], sheet.place, say("what.minutes", what=what))
    if "kind" in parts:
        values["backup_kind"] = text(parts["kind"], sheet.place, what)
    return values


def check_kinds(
    written: Mapping[str, Entry], kinds: Mapping[str, Kind], worked: Iterable[str], sheet: Sheet
) -> None:
    """Kinds name kinds that exist, each answer belongs to one, and each has units that work."""
    taken: dict[str, str] = {}
    worked = set(worked)
    for name, entry in written.items():
        one = kinds[name]
        for key, field in _OTHERS.items():
            other = getattr(one, field)
            if other and (other == name or other not in kinds):
                hint = say("kind.another") if other == name else unknown(other, kinds)
                said = say("kind.no-other", field=key, name=name, hint=hint)
                sheet.place.report(entry.key, said)
        for answer in one.answers:
            if answer in taken:
                both = {"one": taken[answer], "other": name}
                sheet.place.report(entry.key, say("kind.answered-twice", answer=answer, **both))
            taken[answer] = name
        if not one.unlimited and name not in worked:
            sheet.place.report(entry.key, say("kind.idle", name=name))


def unknown(kind: str, kinds: Mapping[str, Kind]) -> Said:
    return say("kind.unknown", kind=kind, hint=nearest(kind, tuple(kinds)))
