"""Reads what a policy declares: words, inputs, outputs and their domains."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from ruamel.yaml.nodes import Node, ScalarNode, SequenceNode

from lamplighter.policy.cells import CellError, parse_range
from lamplighter.policy.domains import Domain, Interval, Kind, Value
from lamplighter.policy.model import ChoiceValue, Input, Output, Words
from lamplighter.policy.sentences import Part, nearest, say
from lamplighter.policy.yaml_tree import Entry, Place, fields, flag, items, mapping, scalar, shown
from lamplighter.policy.yaml_tree import text as plain_text

_KINDS: tuple[Kind, ...] = ("choice", "boolean", "number", "date", "duration", "period")
_DOMAIN_FIELDS = ("values", "range", "integer")
_RANGES = {
    "number": '"[0..24)"',
    "date": """'[date("2026-01-01")..date("2027-01-01"))'""",
    "duration": """'[duration("PT0S")..duration("P30D")]'""",
    "period": """'[duration("P0M")..duration("P20Y")]'""",
}


def looks(name: str) -> str:
    """The same for names that a reader takes for each other.

    >>> looks("Welfare_check") == looks("welfare check")
    True
    """
    folded = unicodedata.normalize("NFKD", name).casefold().replace("_", " ")
    return " ".join("".join(c for c in folded if not unicodedata.combining(c)).split())


def _is_plain(name: str, node: Node, place: Place, what: Part) -> bool:
    """Letters of other scripts look like ours and are others, and blanks are not seen at all."""
    strange = [c for c in name if c.isalpha() and not unicodedata.name(c, "").startswith("LATIN")]
    if strange:
        letter = unicodedata.name(strange[0], "unnamed")
        place.report(node, say("not-latin", what=what, letter=strange[0], name=letter))
    elif not name.isprintable() or " ".join(name.split()) != name:
        place.report(node, say("unseen", what=what))
    else:
        return True
    return False


def spoken(name: str) -> Words:
    """A label for what has none: the name with spaces.

    >>> spoken("self-harm").en, spoken("-1").en
    ('Self harm', '-1')
    """
    return Words(re.sub(r"(?<=\w)-(?=\w)", " ", name.replace("_", " ")).strip().capitalize())


def read_words(entry: Entry | None, place: Place, what: Part) -> Words | None:
    """`{en: …, es: …}`, or a plain text, which is English."""
    if entry is None:
        return None
    if isinstance(entry.value, ScalarNode):
        english = plain_text(entry, place, what)
        return Words(english) if english else None
    parts = fields(entry.value, place, what, required=["en"], optional=["es"])
    english = plain_text(parts.get("en"), place, say("what.english", what=what))
    return Words(english, plain_text(parts.get("es"), place, say("what.spanish", what=what)))


def _read_values(node: Node, place: Place, name: Part) -> tuple[ChoiceValue, ...]:
    """The values of a choice: a mapping of value to label, or a list of values."""
    choices: list[ChoiceValue] = []
    if isinstance(node, SequenceNode):
        for item in items(node, place, say("what.values", name=name)):
            value = scalar(item)
            if not isinstance(value, str):
                place.report(item, say("value.not-text", name=name))
            elif any(value == choice.value for choice in choices):
                place.report(item, say("value.twice", value=value, name=name))
            else:
                choices.append(ChoiceValue(value, spoken(value)))
    else:
        for value, entry in mapping(node, place, say("what.values", name=name)).items():
            label = read_words(entry, place, say("what.value-label", name=value))
            choices.append(ChoiceValue(value, label or spoken(value)))
    for choice in choices:
        if choice.value == "unknown":
            place.report(node, say("value.unknown", name=name))
        elif not choice.value:
            place.report(node, say("value.empty", name=name))
    by_look: dict[str, str] = {}
    for choice in choices:
        _is_plain(choice.value, node, place, say("the-value", value=choice.value, name=name))
        other = by_look.setdefault(looks(choice.value), choice.value)
        if other != choice.value:
            place.report(node, say("value.look-alike", one=other, other=choice.value, name=name))
    if not choices:
        place.report(node, say("values.none", name=name))
    return tuple(choices)


def _kind(entries: Mapping[str, Entry], node: Node, place: Place, name: Part) -> Kind | None:
    if "type" not in entries:
        if "values" in entries:
            return "choice"
        place.report(node, say("domain.none", name=name))
        return None
    written = scalar(entries["type"].value)
    for kind in _KINDS:
        if kind == written:
            return kind
    word, hint = shown(entries["type"].value), nearest(str(written), _KINDS)
    place.report(entries["type"].value, say("type.unknown", word=word, name=name, hint=hint))
    return None


def _read_range(entry: Entry, place: Place, name: Part, kind: Kind) -> Interval | None:
    written = plain_text(entry, place, say("what.range", name=name))
    try:
        return parse_range(written, kind) if written else None
    except CellError as error:
        place.report(entry.value, say("range.unread", name=name, why=error.said))
        return None


def _read_domain(
    entries: Mapping[str, Entry], node: Node, place: Place, name: Part
) -> tuple[Domain | None, tuple[ChoiceValue, ...]]:
    kind = _kind(entries, node, place, name)
    needs = {
        "choice": ["values"],
        "boolean": [],
        "number": ["range", "integer"],
    }.get(kind or "", ["range"])
    for extra in _DOMAIN_FIELDS:
        if kind is not None and extra in entries and extra not in needs:
            called = say(f"kind.{kind}")
            place.report(
                entries[extra].key, say("field.not-of-kind", name=name, kind=called, field=extra)
            )
    if kind == "choice":
        if "values" not in entries:
            place.report(node, say("values.missing", name=name))
            return None, ()
        values = _read_values(entries["values"].value, place, name)
        return (Domain("choice", tuple(v.value for v in values)) if values else None), values
    if kind is None or kind == "boolean":
        return (Domain("boolean") if kind else None), ()
    if "range" not in entries:
        called, example = say(f"kind.{kind}"), _RANGES[kind]
        place.report(node, say("range.missing", name=name, kind=called, example=example))
        return None, ()
    limits = _read_range(entries["range"], place, name, kind)
    if limits is None:
        return None, ()
    whole = kind == "number" and flag(entries, "integer", place)
    domain = Domain(kind, range=limits, integer=whole)
    if domain.example(limits) is None:
        place.report(entries["range"].value, say("range.empty", name=name))
        return None, ()
    return domain, ()


def _when_unknown(entry: Entry, domain: Domain, place: Place, name: Part) -> Value | None:
    value = scalar(entry.value)
    if value is None or value not in domain:
        hint = (
            nearest(str(value), domain.values)
            if domain.kind == "choice"
            else say("it-is", name=name, domain=domain.said)
        )
        word = shown(entry.value)
        place.report(entry.value, say("unknown.outside", name=name, shown=word, hint=hint))
        return None
    return value


def read_input(name: str, entry: Entry, place: Place) -> Input | None:
    """One input; None where its domain cannot be read."""
    node = entry.value
    what = say("what.input", name=name)
    if not _is_name(name, entry, place):
        return None
    entries = fields(
        node,
        place,
        what,
        optional=[
            *("type", "label", "ask", "help", "when unknown", "always known", "safety"),
            *_DOMAIN_FIELDS,
        ],
    )
    domain, values = _read_domain(entries, node, place, what)
    always_known = flag(entries, "always known", place)
    when_unknown = None
    if "when unknown" in entries:
        if always_known:
            place.report(entries["when unknown"].key, say("unknown.always-known", name=what))
        elif domain is not None:
            when_unknown = _when_unknown(entries["when unknown"], domain, place, what)
    label = read_words(entries.get("label"), place, say("what.label", name=what))
    ask = read_words(entries.get("ask"), place, say("what.ask", name=what))
    hint = read_words(entries.get("help"), place, say("what.help", name=what))
    safety = flag(entries, "safety", place)
    if domain is None:
        return None
    label = label or spoken(name)
    return Input(name, domain, label, ask, hint, values, when_unknown, always_known, safety)


def read_output(name: str, entry: Entry, place: Place) -> Output | None:
    """One output; None where its domain cannot be read."""
    node = entry.value
    what = say("what.output", name=name)
    if not _is_name(name, entry, place):
        return None
    if isinstance(node, SequenceNode):
        values = _read_values(node, place, what)
        domain = Domain("choice", tuple(v.value for v in values))
        return Output(name, domain, spoken(name), values) if values else None
    entries = fields(node, place, what, optional=["type", "label", *_DOMAIN_FIELDS])
    read, values = _read_domain(entries, node, place, what)
    label = read_words(entries.get("label"), place, say("what.label", name=what))
    if read is None:
        return None
    return Output(name, read, label or spoken(name), values)


def _is_name(name: str, entry: Entry, place: Place) -> bool:
    """Names must fit on a command line (`name=value`) and in an expression."""
    if name.isidentifier():
        return _is_plain(name, entry.key, place, say("the-name", name=name))
    place.report(entry.key, say("not-a-name", name=name))
    return False
