"""Keep the Spanish of every room in step with what its templates and code say in English.

    python tools/translations.py update     add new sentences to each django.po, drop old ones
    python tools/translations.py compile    write the django.mo files that Django reads
    python tools/translations.py check      name every sentence without good Spanish; exit 1

Each takes names of rooms: `update intake field`; without one it takes them all.

A room is a folder of src/lamplighter/city with its own locale/; what stands in the city's own
templates and modules goes to the locale/ of the city itself.
"""

import argparse
import re
import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

CITY = Path(__file__).resolve().parent.parent / "src/lamplighter/city"
LANGUAGE = "es"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# Dates and names of tools would change the file when no sentence did.
KEPT_HEADERS = ("Language:", "MIME-Version:", "Content-", "Plural-Forms:")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[a-z]|\{\w*\}")


@dataclass(frozen=True)
class Room:
    """A folder whose sentences share one django.po."""

    name: str
    folder: Path
    sources: tuple[Path, ...]

    @property
    def po(self) -> Path:
        return self.folder / f"locale/{LANGUAGE}/LC_MESSAGES/django.po"

    def catalog(self) -> Catalog:
        """What the room's file says today; empty if there is none."""
        if not self.po.exists():
            return Catalog(locale=LANGUAGE)
        with self.po.open("rb") as file:
            return read_po(file, locale=LANGUAGE)


def rooms(city: Path, names: Collection[str] = ()) -> list[Room]:
    """The city itself, then each of its rooms; only those of these names, if any are given."""
    own = (*sorted(city.glob("*.py")), *sorted((city / "templates").rglob("*.*")))
    found = [Room("city", city, own)]
    for folder in sorted(path.parent for path in city.glob("*/__init__.py")):
        sources = (path for path in sorted(folder.rglob("*.*")) if "migrations" not in path.parts)
        found.append(Room(folder.name, folder, tuple(sources)))
    return [room for room in found if not names or room.name in names]


def sentences(room: Room, city: Path) -> Catalog:
    """Every sentence that the room asks to have translated, with the file it stands in."""
    catalog = Catalog(locale=LANGUAGE)
    for path in room.sources:
        for message, context in _extracted(path):
            catalog.add(
                message, locations=[(path.relative_to(city).as_posix(), 0)], context=context
            )
    return catalog


def _extracted(path: Path) -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    if path.suffix == ".py":
        code = path.read_bytes()
    elif path.suffix in {".html", ".txt"}:
        # templatize blanks out all but the sentences; what is left must not look indented.
        lines = templatize(path.read_text("utf-8"), origin=str(path)).splitlines()
        code = "\n".join(line.strip() for line in lines).encode()
    else:
        return
    for _line, message, _comments, context in extract("python", BytesIO(code), KEYWORDS):
        yield message, context


def updated(room: Room, city: Path, elsewhere: dict[object, object]) -> Catalog:
    """The room's sentences with the Spanish known here, or in another room."""
    before = room.catalog()
    catalog = sentences(room, city)
    for message in catalog:
        if not message.id:
            continue
        known = before.get(message.id, message.context)
        if known is not None and _spanish(known):
            message.string = known.string
        else:
            message.string = elsewhere.get((message.context, message.id), message.string)
    return catalog


def _spanish(message: Message) -> bool:
    parts = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return all(parts)


def po_text(catalog: Catalog) -> bytes:
    """The file's text: sorted, without line numbers and dates, so that a diff shows sentences."""
    buffer = BytesIO()
    write_po(buffer, catalog, width=100, sort_output=True, include_lineno=False, omit_header=False)
    lines = buffer.getvalue().decode().splitlines()
    kept = [line for line in lines if not _is_dropped_header(line)]
    start = kept.index('msgid ""')
    return ("\n".join(kept[start:]).rstrip() + "\n").encode()


def _is_dropped_header(line: str) -> bool:
    is_header = bool(re.match(r'"[A-Z][\w-]+: ', line)) and line.endswith('\\n"')
    return is_header and not line.startswith(tuple(f'"{name}' for name in KEPT_HEADERS))


def update(city: Path, names: Collection[str] = ()) -> None:
    """Write the django.po of these rooms anew."""
    everything = {
        (message.context, message.id): message.string
        for room in rooms(city)
        for message in room.catalog()
        if message.id and _spanish(message)
    }
    for room in rooms(city, names):
        catalog = updated(room, city, everything)
        if len(catalog) == 0:
            continue
        room.po.parent.mkdir(parents=True, exist_ok=True)
        room.po.write_bytes(po_text(catalog))
        missing = sum(1 for message in catalog if message.id and not _spanish(message))
        print(f"{room.name}: {len(catalog)} sentences, {missing} without Spanish")


def compile_all(city: Path, names: Collection[str] = ()) -> int:
    """Write a django.mo beside the django.po of each of these rooms; how many there were."""
    with_words = [room for room in rooms(city, names) if room.po.exists()]
    for room in with_words:
        with room.po.with_suffix(".mo").open("wb") as file:
            write_mo(file, room.catalog())
    return len(with_words)


def problems(city: Path, names: Collection[str] = ()) -> list[str]:
    """One line for each sentence without Spanish, marked as fuzzy, or with other placeholders."""
    return [problem for room in rooms(city, names) for problem in _problems_of(room, city)]


def _problems_of(room: Room, city: Path) -> Iterator[str]:
    spanish = room.catalog()
    for message in sentences(room, city):
        if not message.id:
            continue
        where = f"{room.name}: {message.locations[0][0]}: {message.id!r}"
        known = spanish.get(message.id, message.context)
        if known is None or not _spanish(known):
            yield f"{where} has no Spanish in {room.po.relative_to(city)}"
        elif known.fuzzy:
            yield f"{where} is marked fuzzy: read its Spanish and remove the mark"
        elif _placeholders(known.id) != _placeholders(known.string):
            yield f"{where}: the Spanish has other placeholders than the English"


def _placeholders(text: object) -> set[str]:
    parts = text if isinstance(text, tuple | list) else (text,)
    return {found for part in parts for found in PLACEHOLDER.findall(str(part))}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("act", choices=["update", "compile", "check"])
    parser.add_argument("rooms", nargs="*", metavar="ROOM", help="city, intake, dispatch, …")
    parser.add_argument("--quiet", action="store_true", help="compile without a word")
    options = parser.parse_args()
    unknown = set(options.rooms) - {room.name for room in rooms(CITY)}
    if unknown:
        parser.error(f"no such room: {', '.join(sorted(unknown))}")
    if options.act == "update":
        update(CITY, options.rooms)
    elif options.act == "compile":
        count = compile_all(CITY, options.rooms)
        if not options.quiet:
            print(f"The Spanish of {count} rooms is compiled.")
    else:
        found = problems(CITY, options.rooms)
        print("\n".join(found) or "Every sentence has its Spanish.")
        return 1 if found else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
