"""Which facts of a call a history tells: the file between a history and a policy, to be edited."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml.nodes import Node, ScalarNode, SequenceNode

from lamplighter.history import COLUMNS, StartedBy
from lamplighter.policy.domains import UNKNOWN, Fact, format_value
from lamplighter.policy.errors import PolicyError, Problem, did_you_mean
from lamplighter.policy.model import Input, Policy
from lamplighter.policy.yaml_tree import Entry, Place, compose, fields, items, mapping, scalar, text

# What can be worked out from the time of a call and the time zone of its history.
DERIVED = ("local hour", "local weekday", "local month")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_BY_NAME = {"hour": "local hour", "weekday": "local weekday", "month": "local month"}
_STARTERS = tuple(one.value for one in StartedBy)
_SHIPPED = Path(__file__).with_name("mappings")


@dataclass(frozen=True, slots=True)
class Source:
    """Where an input gets its facts: a column or a derivation, or one value for every call.

    `values` translates what the column says; what it does not list is taken as it stands where
    `values` is empty, and is no fact otherwise.
    """

    column: str | None
    values: Mapping[str, Fact]
    always: Fact | None = None


@dataclass(frozen=True, slots=True)
class Implied:
    """A fact that follows from what a column says, and why.

    It is used where the input has no fact of its own; of several, the first that fits.
    `says` is compared without regard to case and spacing.
    """

    input: str
    value: Fact
    column: str
    says: frozenset[str]
    because: str


@dataclass(frozen=True)
class FactMapping:
    """What a history says about the inputs of a policy. Every input not named here is not asked.

    `leave_out` has who started the calls that are no requests for help. `text` is the file.
    """

    name: str
    inputs: Mapping[str, Source]
    implied: tuple[Implied, ...]
    leave_out: tuple[str, ...]
    text: str

    def named(self) -> tuple[str, ...]:
        """What facts come from: columns of the history, and what is derived from its times."""
        named = [source.column for source in self.inputs.values() if source.column]
        return tuple(dict.fromkeys([*named, *(one.column for one in self.implied)]))

    def columns(self) -> tuple[str, ...]:
        """The columns of the history that are read for facts."""
        return tuple(dict.fromkeys("time" if name in DERIVED else name for name in self.named()))


def plain(words: str) -> str:
    """Texts are compared without regard to case and spacing."""
    return " ".join(words.split()).casefold()


def mapping_for(policy: Policy) -> FactMapping:
    """The mapping that is used when none is given.

    It is the one that ships for the policy's name; else each input that is called like a column
    of a history, or `hour`, `weekday` or `month`, gets its facts from there.
    """
    shipped = _SHIPPED / f"{policy.name.replace(' ', '_')}.yaml"
    if shipped.parent == _SHIPPED and shipped.is_file():
        return read_mapping(shipped, policy)
    lines = [f"facts of: {policy.name}", "leave out: [officer]", "inputs:"]
    for name in policy.inputs:
        if name in COLUMNS or name in _BY_NAME:
            lines.append(f"  {name}: {{from: {_BY_NAME.get(name, name)}}}")
    if lines[-1] == "inputs:":
        lines[-1] = "inputs: {}"
    return parse_mapping("\n".join(lines) + "\n", policy, "the mapping by name")


def read_mapping(path: str | Path, policy: Policy) -> FactMapping:
    """Read a mapping file for a policy; `PolicyError` names every mistake with its line."""
    path = Path(path)
    try:
        written = path.read_text(encoding="utf-8")
    except OSError as error:
        message = f"the file cannot be read ({error.strerror}); check the path"
        raise PolicyError([Problem(message, str(path), 0, 0)]) from None
    except UnicodeDecodeError:
        message = "the file is not UTF-8; save it as plain text in UTF-8"
        raise PolicyError([Problem(message, str(path), 0, 0)]) from None
    return parse_mapping(written, policy, str(path))


def parse_mapping(written: str, policy: Policy, file: str = "the mapping") -> FactMapping:
    """Read the text of a mapping; see `read_mapping`."""
    problems: list[Problem] = []
    place = Place(file, problems)
    parts = fields(
        compose(written, file),
        place,
        "the mapping",
        required=["facts of", "inputs"],
        optional=["leave out", "implied"],
    )
    inputs: dict[str, Source] = {}
    if "inputs" in parts:
        for name, entry in mapping(parts["inputs"].value, place, "inputs").items():
            declared = _declared(name, entry.key, policy, place)
            source = declared and _source(declared, entry, place)
            if source:
                inputs[name] = source
    implied = tuple(_all_implied(parts.get("implied"), policy, place))
    name = text(parts.get("facts of"), place, "facts of")
    leave_out = tuple(_starters(parts.get("leave out"), place))
    if problems:
        raise PolicyError(problems)
    return FactMapping(name, inputs, implied, leave_out, written)


def _declared(name: str, node: Node, policy: Policy, place: Place) -> Input | None:
    declared = policy.inputs.get(name)
    if declared is None:
        hint = did_you_mean(name, tuple(policy.inputs))
        place.report(node, f"the policy has no input {name}; {hint}")
    return declared


def _source(declared: Input, entry: Entry, place: Place) -> Source | None:
    what = f"the source of {declared.name}"
    parts = fields(entry.value, place, what, optional=["from", "values", "always"])
    if ("from" in parts) == ("always" in parts):
        place.report(entry.value, f"{what} needs either from: or always:; write one of them")
        return None
    if "always" in parts:
        if "values" in parts:
            place.report(parts["values"].key, f"{what} is always the same; remove its values")
        return Source(None, {}, _fact(declared, parts["always"].value, place))
    values: dict[str, Fact] = {}
    if "values" in parts:
        for said, value in mapping(parts["values"].value, place, f"values of {what}").items():
            fact = _fact(declared, value.value, place)
            if plain(said) in values:
                place.report(value.key, f'"{said}" is translated twice for {what}; remove one')
            elif fact is not None:
                values[plain(said)] = fact
    return Source(text(parts["from"], place, what), values)


def _all_implied(entry: Entry | None, policy: Policy, place: Place) -> Iterator[Implied]:
    for item in items(entry.value, place, "implied") if entry else ():
        what = "an implied fact"
        parts = fields(item, place, what, required=["input", "value", "where", "because"])
        if len(parts) < 4:
            continue
        name = text(parts["input"], place, what)
        declared = _declared(name, parts["input"].value, policy, place)
        fact = None if declared is None else _fact(declared, parts["value"].value, place)
        because = text(parts["because"], place, f"the reason of {what}")
        where = mapping(parts["where"].value, place, "where")
        if len(where) != 1:
            place.report(
                parts["where"].value, "where must name one column; write two facts instead"
            )
            continue
        ((column, said),) = where.items()
        words = frozenset(plain(word) for word in _texts(said.value, place, f"where {column}"))
        if declared is not None and fact is not None:
            yield Implied(name, fact, column, words, because)


def _fact(declared: Input, node: Node, place: Place) -> Fact | None:
    value = scalar(node)
    if value == "unknown" and not declared.always_known:
        return UNKNOWN
    if value is None or value not in declared.domain:
        shown = "this" if value is None else format_value(value)
        hint = f"it must be {declared.domain}"
        if declared.type == "choice":
            hint = did_you_mean(shown, declared.domain.values)
        place.report(node, f"{shown} is not a value of {declared.name}; {hint}")
        return None
    return value


def _texts(node: Node, place: Place, what: str) -> Iterator[str]:
    """One text or a list of texts; numbers count as they are written."""
    for item in items(node, place, what) if isinstance(node, SequenceNode) else [node]:
        if isinstance(item, ScalarNode) and str(item.value).strip():
            yield str(item.value)
        else:
            place.report(item, f"{what} must be a text or a list of texts")


def _starters(entry: Entry | None, place: Place) -> Iterator[str]:
    for starter in _texts(entry.value, place, "leave out") if entry else ():
        if starter in _STARTERS:
            yield starter
        elif entry:
            hint = did_you_mean(starter, _STARTERS)
            place.report(entry.value, f"nobody called {starter} starts calls; {hint}")
