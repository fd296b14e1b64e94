"""Read a layout file, and say for each mistake in which line it is and what to do."""

import codecs
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from importlib import resources
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from lamplighter.history.catalogue import nature_codes
from lamplighter.history.errors import LayoutError
from lamplighter.history.layout import (
    FIELDS,
    REQUIRED_FIELDS,
    Bounds,
    FileForm,
    IncidentRule,
    Layout,
    NatureRule,
    StartedBy,
    as_key,
)
from lamplighter.history.time_forms import NUMBER_FORMS, is_time_form

LAYOUT_KEYS = (
    "layout",
    "city",
    "about",
    "time zone",
    "file",
    "columns",
    "time formats",
    "other encodings",
    "never",
    "bounds",
    "rows of one call",
    "incidents",
    "natures",
)
CONDITION_KEYS = ("codes", "suffixes", "dispositions", "sources")
RULE_KEYS = (*CONDITION_KEYS, "nature", "started by", "because")
FILE_KEYS = {"delimiter": str, "header": bool, "skip": int, "sheet": str}
SIDES = ("south", "north", "west", "east")
REACHES = ("within meters", "within minutes")


def shipped_layouts() -> tuple[str, ...]:
    """Return the names of the layouts that come with Lamplighter."""
    folder = resources.files(__package__).joinpath("layouts")
    return tuple(
        sorted(entry.name[:-5] for entry in folder.iterdir() if entry.name.endswith(".yaml"))
    )


def load_layout(name: str | Path) -> Layout:
    """Return a shipped layout by its name, or a layout of your own by its path.

    Raises LayoutError, which says where in the file each mistake is.
    """
    if str(name) in shipped_layouts():
        shipped = resources.files(__package__).joinpath("layouts").joinpath(f"{name}.yaml")
        return parse_layout(shipped.read_text("utf-8"), name=f"{name}.yaml")
    path = Path(name)
    if not path.is_file():
        shipped_names = ", ".join(shipped_layouts())
        raise LayoutError(
            (
                f"There is no layout {str(name)!r}: give one of those that come with "
                f"Lamplighter ({shipped_names}) or the path of a layout file.",
            )
        )
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise LayoutError((f"{path}: a layout must be UTF-8 text: save it as UTF-8.",)) from error
    return parse_layout(text, name=str(path))


def parse_layout(text: str, *, name: str = "<text>") -> Layout:
    """Return the layout that the YAML text describes; `name` is for the error sentences."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        content = YAML().load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise LayoutError(
            (f"{name}, line {line}: this is not YAML ({error.problem}): mend this line.",)
        ) from error
    except YAMLError as error:
        raise LayoutError((f"{name}: this is not YAML: mend the file.",)) from error
    except (ValueError, OverflowError, RecursionError) as error:
        raise LayoutError(
            (
                f"{name}: it has a letter, number or date that there is not, or too many brackets: "
                "mend the file.",
            )
        ) from error
    if not isinstance(content, dict):
        raise LayoutError(
            (f"{name}, line 1: a layout starts with 'layout: NAME'; see docs/histories.md.",)
        )
    if not {"layout", "city", "columns"} & set(content):
        raise LayoutError(
            (
                f"{name}: this is another kind of file, without a layout, city or columns: give "
                "the file that 'lamplighter history describe' wrote.",
            )
        )
    return _Parser(content, name).layout()


class _Parser:
    """Turns parsed YAML into a Layout, and collects every problem before it gives up."""

    def __init__(self, content: Mapping[str, Any], name: str) -> None:
        self.content = content
        self.name = name
        self.problems: list[str] = []

    def layout(self) -> Layout:
        self.check_keys(self.content, LAYOUT_KEYS, "a layout")
        layout = Layout(
            name=self.text("layout"),
            city=self.text("city"),
            about=self.text("about", required=False),
            time_zone=self.time_zone(),
            columns=self.columns(),
            time_formats=self.time_formats(),
            other_encodings=self.other_encodings(),
            never=self.never(),
            bounds=self.bounds(),
            rules=self.rules(),
            content_hash=_content_hash(self.content),
            file=self.file(),
            joins_rows=self.joins_rows(),
            incidents=self.incidents(),
        )
        if self.problems:
            raise LayoutError(tuple(self.problems))
        return layout

    def complain(self, line: int, sentence: str) -> None:
        self.problems.append(f"{self.name}, line {line}: {sentence}")

    def check_keys(self, entry: Mapping[str, Any], allowed: Sequence[str], what: str) -> None:
        for key in entry:
            if key not in allowed:
                self.complain(
                    _line_of(entry, key), f"{what} has no {key!r}: {_advice(key, allowed)}"
                )

    def text(self, key: str, *, required: bool = True) -> str:
        value = self.content.get(key)
        if value is None and not required:
            return ""
        if not isinstance(value, str) or not value.strip():
            self.complain(_line_of(self.content, key), f"write some text after '{key}:'.")
            return ""
        return " ".join(value.split())

    def texts(self, entry: Mapping[str, Any], key: str) -> tuple[str, ...]:
        """Return the text or list of texts of a key; numbers must stand in quotes."""
        value = entry.get(key)
        texts = value if isinstance(value, list) else [value]
        for position, item in enumerate(texts):
            if not isinstance(item, str):
                line = _line_of_item(value, position) if texts is value else _line_of(entry, key)
                self.complain(line, f'{item!r} under {key!r} must be text: write "{item}".')
        return tuple(item for item in texts if isinstance(item, str))

    def time_zone(self) -> str:
        name = self.text("time zone")
        try:
            ZoneInfo(name)
        except (ValueError, OSError, KeyError):
            self.complain(
                _line_of(self.content, "time zone"),
                f"there is no time zone {name!r}: write one like America/Chicago.",
            )
        return name

    def file(self) -> FileForm:
        entry = self.content.get("file", {})
        if not isinstance(entry, dict):
            line = _line_of(self.content, "file")
            self.complain(line, "write under 'file:' how it is written, as in 'delimiter: \";\"'.")
            return FileForm()
        self.check_keys(entry, tuple(FILE_KEYS), "'file'")
        good: dict[str, Any] = {}
        for key, kind in FILE_KEYS.items():
            if key not in entry:
                continue
            value = entry[key]
            if type(value) is not kind and not (kind is str and isinstance(value, str)):
                what = {str: "text in quotes", bool: "true or false", int: "a whole number"}[kind]
                self.complain(_line_of(entry, key), f"{value!r} after {key!r} must be {what}.")
            else:
                good[key] = value
        if len(good.get("delimiter", ",")) != 1 or good.get("skip", 0) < 0:
            self.complain(
                _line_of(self.content, "file"),
                "the delimiter is one character, and no fewer than 0 lines are skipped.",
            )
            return FileForm()
        return FileForm(**good)

    def columns(self) -> Mapping[str, tuple[str, ...]]:
        entry = self.content.get("columns")
        line = _line_of(self.content, "columns")
        if not isinstance(entry, dict):
            self.complain(line, "write under 'columns:' which column holds what.")
            return {}
        self.check_keys(entry, FIELDS, "'columns'")
        for field in REQUIRED_FIELDS:
            if field not in entry:
                self.complain(line, f"say under 'columns' which column holds the {field}.")
        for one, other in (("latitude", "longitude"), ("x", "y")):
            if (one in entry) != (other in entry):
                self.complain(line, f"{one} and {other} go together: name both columns.")
        return {field: self.texts(entry, field) for field in entry if field in FIELDS}

    def time_formats(self) -> tuple[str, ...]:
        line = _line_of(self.content, "time formats")
        if "time formats" not in self.content:
            self.complain(line, "add 'time formats', such as [\"%Y-%m-%d %H:%M:%S\"].")
            return ()
        formats = self.texts(self.content, "time formats")
        for form in formats:
            if not is_time_form(form):
                self.complain(
                    line,
                    f"{form!r} is not a time format: write one like %Y-%m-%d %H:%M:%S, or one of "
                    f"{', '.join(NUMBER_FORMS)}.",
                )
        return formats

    def other_encodings(self) -> tuple[str, ...]:
        if "other encodings" not in self.content:
            return ("cp1252",)
        encodings = self.texts(self.content, "other encodings")
        for encoding in encodings:
            try:
                codecs.lookup(encoding)
            except LookupError:
                self.complain(
                    _line_of(self.content, "other encodings"),
                    f"there is no encoding {encoding!r}: write one like cp1252.",
                )
        return encodings

    def never(self) -> tuple[date, ...]:
        days = self.content.get("never", [])
        if not isinstance(days, list) or any(type(day) is not date for day in days):
            self.complain(
                _line_of(self.content, "never"),
                "list under 'never' the dates that mean no date, such as [1900-01-01].",
            )
            return ()
        return tuple(days)

    def bounds(self) -> Bounds | None:
        entry = self.content.get("bounds")
        if entry is None:
            return None
        line = _line_of(self.content, "bounds")
        if not isinstance(entry, dict) or set(entry) != set(SIDES):
            self.complain(line, f"'bounds' needs {', '.join(SIDES)}, in degrees.")
            return None
        if not all(_is_number(entry[side]) for side in SIDES):
            self.complain(line, "'bounds' are numbers, in degrees.")
            return None
        bounds = Bounds(**{side: float(entry[side]) for side in SIDES})
        if not (bounds.south < bounds.north and bounds.west < bounds.east):
            self.complain(line, "south must be less than north, and west less than east.")
        return bounds

    def joins_rows(self) -> bool:
        answer = self.content.get("rows of one call", "set aside")
        if answer not in ("set aside", "joined"):
            self.complain(
                _line_of(self.content, "rows of one call"),
                f"rows of one call are 'joined' or 'set aside', not {answer!r}.",
            )
        return bool(answer == "joined")

    def incidents(self) -> IncidentRule | None:
        entry = self.content.get("incidents")
        if entry is None:
            return None
        line = _line_of(self.content, "incidents")
        if not isinstance(entry, dict) or set(entry) != set(REACHES):
            self.complain(line, f"'incidents' needs {' and '.join(map(repr, REACHES))}.")
            return None
        reach = [entry[key] for key in REACHES]
        if not all(_is_number(value) and value > 0 for value in reach):
            self.complain(line, "'incidents' are told by numbers above 0.")
            return None
        if "incident" in (self.content.get("columns") or {}):
            self.complain(
                line, "a column already tells the incident: keep that, or 'incidents', not both."
            )
        return IncidentRule(*map(float, reach))

    def rules(self) -> tuple[NatureRule, ...]:
        entries = self.content.get("natures")
        line = _line_of(self.content, "natures")
        if not isinstance(entries, list):
            self.complain(line, "list under 'natures' what the city's codes mean.")
            return ()
        rules: list[NatureRule] = []
        first_lines: dict[str, int] = {}
        for position, entry in enumerate(entries):
            line = _line_of_item(entries, position)
            if not isinstance(entry, dict):
                self.complain(line, "a nature is written as 'codes', 'nature' and 'because'.")
                continue
            rule = self.rule(entry, line)
            self.check_reachable(rule, entry, line, first_lines)
            rules.append(rule)
        return tuple(rules)

    def rule(self, entry: Mapping[str, Any], line: int) -> NatureRule:
        self.check_keys(entry, RULE_KEYS, "a nature")
        nature = entry.get("nature")
        if nature is not None and nature not in nature_codes():
            self.complain(
                _line_of(entry, "nature"),
                f"there is no nature {nature!r}: {_advice(str(nature), sorted(nature_codes()))}",
            )
        started_by = entry.get("started by", "public")
        if started_by not in list(StartedBy):
            self.complain(
                _line_of(entry, "started by"),
                f"a call is started by public, officer or unknown, not by {started_by!r}.",
            )
            started_by = StartedBy.UNKNOWN
        because = entry.get("because")
        if not isinstance(because, str):
            self.complain(line, "say after 'because:' why the codes mean this.")
            because = ""
        conditions = {key: self.keys(entry, key) for key in CONDITION_KEYS}
        if all(condition is None for condition in conditions.values()):
            self.complain(
                line, "name the codes, suffixes, dispositions or sources that this is about."
            )
        return NatureRule(
            **conditions,
            nature=nature,
            started_by=StartedBy(started_by),
            because=" ".join(because.split()),
        )

    def keys(self, entry: Mapping[str, Any], key: str) -> frozenset[str] | None:
        if key not in entry:
            return None
        return frozenset(as_key(text) for text in self.texts(entry, key))

    def check_reachable(
        self, rule: NatureRule, entry: Mapping[str, Any], line: int, first_lines: dict[str, int]
    ) -> None:
        """Refuse a code that an earlier entry already takes for every suffix and disposition."""
        for code in sorted(rule.codes or ()):
            if code in first_lines:
                self.complain(
                    line,
                    f"the code {code!r} is already settled in line {first_lines[code]}: "
                    "keep one of the two, or put the one with conditions first.",
                )
            elif rule.suffixes is None and rule.dispositions is None and rule.sources is None:
                first_lines[code] = line


def _line_of(entry: Mapping[str, Any], key: str) -> int:
    """Return the line of a key in the file, or that of the mapping when it has no such key."""
    if key in entry:
        return int(entry.lc.key(key)[0]) + 1  # type: ignore[attr-defined]
    return int(entry.lc.line) + 1  # type: ignore[attr-defined]


def _line_of_item(items: Any, position: int) -> int:
    return int(items.lc.item(position)[0]) + 1


def _advice(word: str, allowed: Iterable[str]) -> str:
    names = list(allowed)
    close = get_close_matches(str(word), names, n=1)
    return f"did you mean {close[0]!r}?" if close else f"write one of {', '.join(names)}."


def _is_number(value: object) -> bool:
    return isinstance(value, float | int) and not isinstance(value, bool)


def _content_hash(content: Mapping[str, Any]) -> str:
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()
