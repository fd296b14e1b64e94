"""What the library proposes for a call file, as a form in plain words, and back as a layout."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lamplighter.city.refusal import Refusal
from lamplighter.history import Layout, LayoutError, StartedBy, natures, parse_layout
from lamplighter.history.describing import Proposal, layout_text
from lamplighter.history.describing.proposal import ColumnGuess, NatureGuess

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
LONGEST_LAYOUT = 500_000
MOST_STRANGE = 40
# A layout has three levels.
DEEPEST = 20
# From how sure on a part needs no second look.
SURE, FAIRLY = 0.9, 0.7
# What each field of a history is, in the order in which people look for it.
FIELDS: Mapping[str, Promise | str] = {
    "time": gettext_lazy("When the call came in"),
    "nature": gettext_lazy("What it was about: the city's code"),
    "nature suffix": gettext_lazy("A suffix of the code"),
    "nature words": gettext_lazy("What it was about, in words"),
    "source": gettext_lazy("How the call came: who started it"),
    "id": gettext_lazy("The number of the call"),
    "latitude": gettext_lazy("Where: latitude"),
    "longitude": gettext_lazy("Where: longitude"),
    "x": gettext_lazy("Where: meters to the east"),
    "y": gettext_lazy("Where: meters to the north"),
    "point": gettext_lazy("Where: a point in one column"),
    "area": gettext_lazy("District, beat or zone"),
    "priority": gettext_lazy("Priority"),
    "dispatched": gettext_lazy("When a unit was sent"),
    "arrived": gettext_lazy("When it arrived"),
    "cleared": gettext_lazy("When it was done"),
    "unit": gettext_lazy("Which unit was sent"),
    "disposition": gettext_lazy("How it ended"),
    "disposition words": gettext_lazy("How it ended, in words"),
    "incident": gettext_lazy("The number of the incident"),
}
REQUIRED = ("time", "nature")
STARTED = {
    StartedBy.PUBLIC: gettext_lazy("Somebody who asks for help"),
    StartedBy.OFFICER: gettext_lazy("An officer"),
    StartedBy.UNKNOWN: gettext_lazy("Nobody can tell"),
}


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class FieldRow:
    """One field, and which column it may be; `because` is the library's, in English."""

    name: str
    label: Promise | str
    required: bool
    options: tuple[Option, ...]
    sure: str
    because: str


@dataclass(frozen=True)
class CodeRow:
    """Codes of the city, and what they mean; the name of its fields is `nature-N`, `started-N`."""

    name: str
    codes: tuple[str, ...]
    words: str
    rows: int
    natures: tuple[Option, ...]
    started: tuple[Option, ...]
    sure: str

    @property
    def more(self) -> int:
        return max(0, len(self.codes) - 8)


@dataclass(frozen=True)
class Rows:
    """Everything of a proposal that a person looks at."""

    fields: tuple[FieldRow, ...]
    codes: tuple[CodeRow, ...]
    strange: tuple[CodeRow, ...]
    share: float


def rows_of(
    proposal: Proposal, labels: Mapping[str, str], sent: Mapping[str, str] | None = None
) -> Rows:
    """The form of a proposal; `labels` name our natures. `sent` is what somebody chose before."""
    codes = [
        _code_row(str(n), guess.codes or guess.sources or (), guess.rows, labels, guess, sent)
        for n, guess in enumerate(proposal.natures)
    ]
    strange = [
        _code_row(f"s{n}", (code.code,), code.rows, labels, None, sent, code.words)
        for n, code in enumerate(proposal.strange_codes[:MOST_STRANGE])
    ]
    return Rows(
        fields=tuple(_field_row(proposal, name, sent) for name in FIELDS),
        codes=tuple(codes),
        strange=tuple(strange),
        share=proposal.explained_rows / proposal.code_rows if proposal.code_rows else 0.0,
    )


def chosen(proposal: Proposal, sent: Mapping[str, str]) -> Proposal:
    """The proposal as somebody changed it in the form.

    Raises Refusal, with the field, where something is missing without which nothing can be read.
    """
    known = {*columns_of(proposal)}
    guesses = []
    for field in FIELDS:
        names = tuple(name for name in _names(sent.get(f"column-{field}", "")) if name in known)
        if not names and field in REQUIRED:
            raise Refusal(
                "no-column",
                _("Choose the column that says this: without it no call can be read."),
                field=f"column-{field}",
            )
        if names:
            stood = next((one for one in proposal.columns if one.field == field), None)
            same = stood is not None and stood.columns == names
            guesses.append(stood if same and stood else ColumnGuess(field, names, 1.0, "chosen"))
    formats = tuple(line.strip() for line in sent.get("formats", "").splitlines() if line.strip())
    return replace(
        proposal,
        city=_city(sent.get("city", "")),
        time_zone=_zone(sent.get("zone", "")),
        columns=tuple(guesses),
        unused=tuple(sorted(known - {name for one in guesses for name in one.columns})),
        time_formats=formats or proposal.time_formats,
        natures=tuple(_chosen_codes(proposal, sent)),
        strange_codes=tuple(
            code for n, code in enumerate(proposal.strange_codes) if not _tells(sent, f"s{n}")
        ),
    )


def columns_of(proposal: Proposal) -> tuple[str, ...]:
    """The columns of the file, those first that mean something."""
    used = [name for guess in proposal.columns for name in guess.columns]
    return tuple(dict.fromkeys([*used, *proposal.unused]))


def without_places(proposal: Proposal) -> Proposal:
    """The proposal without the column of addresses, which is not kept here."""
    kept = tuple(one for one in proposal.columns if one.field != "place")
    used = {name for one in kept for name in one.columns}
    places = [n for one in proposal.columns if one.field == "place" for n in one.columns]
    unused = dict.fromkeys([*proposal.unused, *(name for name in places if name not in used)])
    return replace(proposal, columns=kept, unused=tuple(unused))


def storable(told: Any) -> Any:
    """Lists and mappings of a file's words without the signs that no database keeps."""
    match told:
        case str():
            return _UNSTORABLE.sub("\ufffd", told)
        case Mapping():
            return {storable(name): storable(value) for name, value in told.items()}
        case list() | tuple():
            return [storable(one) for one in told]
    return told


def layout_of(proposal: Proposal) -> str:
    """The proposal as the text of a layout."""
    return layout_text(proposal)


def read_layout(text: str) -> Layout:
    """The layout that a text describes.

    Raises Refusal, with the library's sentences under `problems`, where it cannot be used, or where
    it would keep addresses.
    """
    try:
        if len(text) > LONGEST_LAYOUT or "\0" in text or _fills_memory(text):
            raise LayoutError(
                ("The layout is too long, nested too deeply or refers to itself: write it out.",)
            )
        layout = parse_layout(text, name="layout")
    except LayoutError as error:
        raise Refusal(
            "not-a-layout",
            _("The layout cannot be used yet: mend what is named below."),
            field="layout",
            data={"problems": list(error.problems)},
        ) from None
    if "place" in layout.columns:
        raise Refusal(
            "keeps-addresses",
            _("Addresses are not kept here: take the line “place” out of the columns."),
            field="layout",
        )
    return layout


def _fills_memory(text: str) -> bool:
    """Aliases of aliases, or brackets in brackets: a few lines would take for ever."""
    from ruamel.yaml.error import YAMLError
    from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent

    from lamplighter.policy.yaml_tree import shallow_yaml

    depth = 0
    try:
        for event in shallow_yaml().parse(text):
            starts, ends = (
                isinstance(event, kind) for kind in (CollectionStartEvent, CollectionEndEvent)
            )
            depth += starts - ends
            if depth > DEEPEST or isinstance(event, AliasEvent):
                return True
    except RecursionError:
        return True
    except YAMLError:
        # What is no YAML at all is for the reader to name, with its line.
        pass
    return False


def _field_row(proposal: Proposal, name: str, sent: Mapping[str, str] | None) -> FieldRow:
    guess = next((one for one in proposal.columns if one.field == name), None)
    names = guess.columns if guess else ()
    choices = [(column,) for column in columns_of(proposal)]
    if len(names) > 1:
        choices.insert(0, names)
    written = {one: json.dumps(one, ensure_ascii=False) for one in (*choices, names)}
    now = sent.get(f"column-{name}", "") if sent else written[names] if names else ""
    return FieldRow(
        name=name,
        label=FIELDS[name],
        required=name in REQUIRED,
        options=tuple(
            Option(written[one], " + ".join(one), written[one] == now) for one in choices
        ),
        sure=_sure(guess.confidence) if guess else "",
        because=guess.because if guess else "",
    )


def _code_row(
    name: str,
    codes: Sequence[str],
    rows: int,
    labels: Mapping[str, str],
    guess: NatureGuess | None,
    sent: Mapping[str, str] | None,
    words: str = "",
) -> CodeRow:
    nature = guess.nature or "" if guess else ""
    started = guess.started_by.value if guess else ""
    if sent:
        nature = sent.get(f"nature-{name}", "")
        started = sent.get(f"started-{name}", "")
    suffixes = f" ({', '.join(guess.suffixes)})" if guess and guess.suffixes else ""
    return CodeRow(
        name=name,
        codes=tuple(f"{code}{suffixes}" for code in codes),
        words=words,
        rows=rows,
        natures=tuple(
            Option(one.code, labels.get(one.code, one.code), one.code == nature)
            for one in natures()
        ),
        started=tuple(
            Option(value.value, str(label), value.value == started)
            for value, label in STARTED.items()
        ),
        sure=_sure(guess.confidence) if guess else "",
    )


def _sure(confidence: float) -> str:
    return "sure" if confidence >= SURE else "fairly" if confidence >= FAIRLY else "doubtful"


def _names(sent: str) -> Sequence[str]:
    try:
        names = json.loads(sent) if sent else []
    except ValueError:
        return ()
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else ()


def _city(name: str) -> str:
    if not name.strip():
        said = _("Write the name of the city: reports name it.")
        raise Refusal("no-city", said, field="city")
    return name.strip()[:120]


def _zone(name: str) -> str:
    from zoneinfo import available_timezones

    found = name.strip()
    if found not in available_timezones():
        raise Refusal(
            "no-zone",
            _("Choose the time zone of the city, such as America/Chicago."),
            field="zone",
        )
    return found


def _tells(sent: Mapping[str, str], name: str) -> bool:
    return bool(sent.get(f"nature-{name}") or sent.get(f"started-{name}"))


def _chosen_codes(proposal: Proposal, sent: Mapping[str, str]) -> Iterator[NatureGuess]:
    known = {one.code for one in natures()}
    for n, guess in enumerate(proposal.natures):
        nature = sent.get(f"nature-{n}") or None
        started = _started_by(sent.get(f"started-{n}", ""), guess.started_by)
        if nature not in known:
            nature = None
        if (nature, started) == (guess.nature, guess.started_by):
            yield guess
        else:
            yield replace(
                guess, nature=nature, started_by=started, confidence=1.0, because="Chosen by hand."
            )
    for n, code in enumerate(proposal.strange_codes[:MOST_STRANGE]):
        if not _tells(sent, f"s{n}"):
            continue
        nature = sent.get(f"nature-s{n}") or None
        started = _started_by(
            sent.get(f"started-s{n}", ""), StartedBy.PUBLIC if nature else StartedBy.UNKNOWN
        )
        yield NatureGuess(
            codes=(code.code,),
            suffixes=None,
            sources=None,
            nature=nature if nature in known else None,
            started_by=started,
            confidence=1.0,
            because="Chosen by hand.",
            rows=code.rows,
        )


def _started_by(sent: str, otherwise: StartedBy) -> StartedBy:
    return StartedBy(sent) if sent in list(StartedBy) else otherwise
