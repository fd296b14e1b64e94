"""Reads what a policy declares: words, inputs, outputs and their domains."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from ruamel.yaml.nodes import Node, ScalarNode, SequenceNode

from lamplighter.policy.cells import CellError, parse_range
from lamplighter.policy.domains import Domain, Interval, Kind, Value, format_value
from lamplighter.policy.errors import did_you_mean
from lamplighter.policy.model import ChoiceValue, Input, Output, Words
from lamplighter.policy.yaml_tree import Entry, Place, fields, flag, items, mapping, scalar
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


def _is_plain(name: str, node: Node, place: Place, what: str) -> bool:
    """Letters of other scripts look like ours and are others, and blanks are not seen at all."""
    strange = [c for c in name if c.isalpha() and not unicodedata.name(c, "").startswith("LATIN")]
    if strange:
        place.report(
            node,
            f"{what} has the letter {strange[0]} ({unicodedata.name(strange[0], 'unnamed')}), "
            "which is not Latin; replace it",
        )
    elif not name.isprintable() or " ".join(name.split()) != name:
        place.report(node, f"{what} has blanks or signs that nobody sees; remove them")
    else:
        return True
    return False


def spoken(name: str) -> Words:
    """A label for what has none: the name with spaces."""
    return Words(name.replace("_", " ").replace("-", " ").capitalize())


def read_words(entry: Entry | None, place: Place, what: str) -> Words | None:
    """`{en: …, es: …}`, or a plain text, which is English."""
    if entry is None:
        return None
    if isinstance(entry.value, ScalarNode):
        english = plain_text(entry, place, what)
        return Words(english) if english else None
    parts = fields(entry.value, place, what, required=["en"], optional=["es"])
    english = plain_text(parts.get("en"), place, f"{what} in English")
    return Words(english, plain_text(parts.get("es"), place, f"{what} in Spanish"))


def _read_values(node: Node, place: Place, name: str) -> tuple[ChoiceValue, ...]:
    """The values of a choice: a mapping of value to label, or a list of values."""
    choices: list[ChoiceValue] = []
    if isinstance(node, SequenceNode):
        for item in items(node, place, f"values of {name}"):
            value = scalar(item)
            if not isinstance(value, str):
                place.report(item, f"a value of {name} is not a text; put it in quotes")
            elif any(value == choice.value for choice in choices):
                place.report(item, f"the value {value} of {name} is listed twice; remove one")
            else:
                choices.append(ChoiceValue(value, spoken(value)))
    else:
        for value, entry in mapping(node, place, f"values of {name}").items():
            label = read_words(entry, place, f"the label of {value}")
            choices.append(ChoiceValue(value, label or spoken(value)))
    for choice in choices:
        if choice.value == "unknown":
            place.report(
                node, f"{name} lists unknown, which every input may be anyway; remove or rename it"
            )
    by_look: dict[str, str] = {}
    for choice in choices:
        _is_plain(choice.value, node, place, f"the value {choice.value} of {name}")
        other = by_look.setdefault(looks(choice.value), choice.value)
        if other != choice.value:
            place.report(
                node,
                f"the values {other} and {choice.value} of {name} look alike; rename one of them",
            )
    if not choices:
        place.report(node, f"{name} has no values; list at least one")
    return tuple(choices)


def _kind(entries: Mapping[str, Entry], node: Node, place: Place, name: str) -> Kind | None:
    if "type" not in entries:
        if "values" in entries:
            return "choice"
        place.report(node, f"{name} has no domain; add its type and, where it needs them, values")
        return None
    written = scalar(entries["type"].value)
    for kind in _KINDS:
        if kind == written:
            return kind
    place.report(
        entries["type"].value,
        f"{written} is not a type of {name}; {did_you_mean(str(written), _KINDS)}",
    )
    return None


def _read_range(entry: Entry, place: Place, name: str, kind: Kind) -> Interval | None:
    try:
        return parse_range(plain_text(entry, place, f"range of {name}"), kind)
    except CellError as error:
        place.report(entry.value, f"the range of {name} cannot be read: {error}")
        return None


def _read_domain(
    entries: Mapping[str, Entry], node: Node, place: Place, name: str
) -> tuple[Domain | None, tuple[ChoiceValue, ...]]:
    kind = _kind(entries, node, place, name)
    needs = {
        "choice": ["values"],
        "boolean": [],
        "number": ["range", "integer"],
    }.get(kind or "", ["range"])
    for extra in _DOMAIN_FIELDS:
        if kind is not None and extra in entries and extra not in needs:
            place.report(entries[extra].key, f"{name} is a {kind} and has no {extra}; remove it")
    if kind == "choice":
        if "values" not in entries:
            place.report(node, f"{name} is a choice without values; list its values")
            return None, ()
        values = _read_values(entries["values"].value, place, name)
        return (Domain("choice", tuple(v.value for v in values)) if values else None), values
    if kind is None or kind == "boolean":
        return (Domain("boolean") if kind else None), ()
    if "range" not in entries:
        place.report(node, f"{name} is a {kind} without a range; add one such as {_RANGES[kind]}")
        return None, ()
    limits = _read_range(entries["range"], place, name, kind)
    if limits is None:
        return None, ()
    whole = kind == "number" and flag(entries, "integer", place)
    domain = Domain(kind, range=limits, integer=whole)
    if domain.example(limits) is None:
        place.report(entries["range"].value, f"the range of {name} holds no value; widen it")
        return None, ()
    return domain, ()


def _when_unknown(entry: Entry, domain: Domain, place: Place, name: str) -> Value | None:
    value = scalar(entry.value)
    if value is None or value not in domain:
        shown = "this" if value is None else format_value(value)
        hint = (
            did_you_mean(str(value), domain.values)
            if domain.kind == "choice"
            else f"{name} is {domain}"
        )
        place.report(entry.value, f"when unknown of {name} cannot be {shown}; {hint}")
        return None
    return value


def read_input(name: str, entry: Entry, place: Place) -> Input | None:
    """One input; None where its domain cannot be read."""
    node = entry.value
    what = f"input {name}"
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
            place.report(
                entries["when unknown"].key,
                f"{what} is always known and is also told what unknown is taken for; keep one",
            )
        elif domain is not None:
            when_unknown = _when_unknown(entries["when unknown"], domain, place, what)
    label = read_words(entries.get("label"), place, f"label of {what}")
    ask = read_words(entries.get("ask"), place, f"question of {what}")
    hint = read_words(entries.get("help"), place, f"help of {what}")
    safety = flag(entries, "safety", place)
    if domain is None:
        return None
    label = label or spoken(name)
    return Input(name, domain, label, ask, hint, values, when_unknown, always_known, safety)


def read_output(name: str, entry: Entry, place: Place) -> Output | None:
    """One output; None where its domain cannot be read."""
    node = entry.value
    what = f"output {name}"
    if not _is_name(name, entry, place):
        return None
    if isinstance(node, SequenceNode):
        values = _read_values(node, place, what)
        domain = Domain("choice", tuple(v.value for v in values))
        return Output(name, domain, spoken(name), values) if values else None
    entries = fields(node, place, what, optional=["type", "label", *_DOMAIN_FIELDS])
    read, values = _read_domain(entries, node, place, what)
    label = read_words(entries.get("label"), place, f"label of {what}")
    if read is None:
        return None
    return Output(name, read, label or spoken(name), values)


def _is_name(name: str, entry: Entry, place: Place) -> bool:
    """Names must fit on a command line (`name=value`) and in an expression."""
    if name.isidentifier():
        return _is_plain(name, entry.key, place, f"the name {name}")
    place.report(
        entry.key, f"{name} is not a name; use letters, digits and underscores, no space or dash"
    )
    return False
